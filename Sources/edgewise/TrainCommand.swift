import ArgumentParser
import Trials

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains every seed of an experiment, or one.",
    discussion: """
      Writes DIR/seed-<n>/{last.h5,best.h5,metrics.csv}. A run that was interrupted goes on with --resume and ends
      in the same bytes as one that was not.

      Example: edgewise train Experiments/trace-offloading-dqn/experiment.yaml --seed 0 --set training.steps=5000
      """)

  @Argument(help: "The experiment: its file, its folder or its name.")
  var experiment: String

  @Option(help: "Train this seed only.")
  var seed: UInt64?

  @OptionGroup var changes: OverrideOptions

  @Option(help: ArgumentHelp("Folder for the runs; Runs/<experiment> if not given.", valueName: "dir"))
  var output: String?

  @Option(
    name: .customLong("from"),
    help: ArgumentHelp("Begin from this policy's weights.", valueName: "checkpoint"))
  var origin: String?

  @Flag(help: "Go on from last.h5 where there is one.")
  var resume = false

  @OptionGroup var workers: WorkerOption

  @Flag(help: "No progress.")
  var quiet = false

  @OptionGroup var root: RootOption

  func run() async throws {
    let folder = try root.folder()
    let experiment = try Experiment(folder.experiment(experiment), overrides: try changes.overrides())
    let seeds = seed.map { [$0] } ?? experiment.seeds
    let training = Training(
      experiment, seeds: seeds, output: output ?? "Runs/\(experiment.name)", resumes: resume,
      from: try origin.map { path throws(Failure) in try PolicyFile(folder.policy(path)) },
      workers: workers.workers)
    let display = ProgressDisplay(seeds: seeds.count, steps: experiment.training.steps, isQuiet: quiet)
    if !quiet { for line in try training.announcement() { Console.note(line) } }
    Interruption.listen()
    defer { display.finish() }
    let results = try await training.run { display.show($0) }
    display.finish()
    for result in results {
      Console.result(
        "seed \(result.seed): best return \(result.bestReturn) at step \(result.bestStep), \(place(of: result))"
          + (result.wasComplete ? " (was complete)" : ""))
    }
  }

  private func place(of result: TrainingResult) -> String {
    result.policies.count == 1 ? result.policies[0] : "\(result.folder)/clients/<client>/best.h5"
  }
}

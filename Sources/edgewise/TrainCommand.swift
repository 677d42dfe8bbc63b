import ArgumentParser
import Federation
import Trials

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains every seed of an experiment, or one.",
    discussion: """
      Writes DIR/seed-<n>/{last.h5,best.h5,metrics.csv}. A run that was interrupted goes on with --resume and ends
      in the same bytes as one that was not. The clients of a federated experiment live in several processes where
      mpirun or srun starts them (mpirun -n 4 edgewise train …), to the same bytes.

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
    let processes = try Processes()
    try await processes.together {
      var prepared: (training: Training, announcement: [String])?
      try processes.agree { () throws(Failure) in
        let training = try training(over: processes.transport)
        prepared = (training, try training.announcement())
        return training.identity
      }
      guard let prepared else { return }
      if !quiet, processes.isFirst { for line in prepared.announcement { Console.note(line) } }
      try await run(prepared.training, isFirst: processes.isFirst)
    }
  }

  private func training(over transport: any Transport) throws(Failure) -> Training {
    let folder = try root.folder()
    let experiment = try Experiment(folder.experiment(experiment), overrides: try changes.overrides())
    return Training(
      experiment, seeds: seed.map { [$0] } ?? experiment.seeds, output: output ?? "Runs/\(experiment.name)",
      resumes: resume, from: try origin.map { path throws(Failure) in try PolicyFile(folder.policy(path)) },
      workers: workers.workers, transport: transport)
  }

  private func run(_ training: Training, isFirst: Bool) async throws {
    let display = ProgressDisplay(
      seeds: training.seeds.count, steps: training.experiment.training.steps, isQuiet: quiet || !isFirst)
    Interruption.listen()
    defer { display.finish() }
    let results = try await training.run { display.show($0) }
    display.finish()
    for result in results where isFirst {
      Console.result(
        "seed \(result.seed): best return \(result.bestReturn) at step \(result.bestStep), \(place(of: result))"
          + (result.privacy.map { ", ε = \($0.epsilon) at δ = \($0.delta)" } ?? "")
          + (result.wasComplete ? " (was complete)" : ""))
    }
  }

  private func place(of result: TrainingResult) -> String {
    result.policies.count == 1 ? result.policies[0] : "\(result.folder)/clients/<client>/best.h5"
  }
}

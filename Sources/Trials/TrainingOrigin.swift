import Checkpointing
import Policies
import Snapshots

/// What every file of a run says of its origin.
struct TrainingOrigin {
  let experiment: Experiment
  let seed: UInt64
  /// Every setting that the run goes by, those included that the file leaves out.
  let recipe: String
  /// The scenario that the policy is for: the experiment's, or that of one of its clients.
  var scenario: Scenario

  init(experiment: Experiment, seed: UInt64, recipe: String) {
    self.experiment = experiment
    self.seed = seed
    self.recipe = recipe
    scenario = experiment.scenario
  }

  /// How rewards become a return, as every file of a run says it.
  private static var returnMeaning: String { "sum over steps of the mean reward over active agents" }

  /// A released policy: what acts, where it comes from, and no training state.
  func released(_ policies: PolicySet, step: Int, selectionReturn: Double, evaluation: String?) -> Snapshot {
    var snapshot = Snapshot()
    for record in policies.records() { snapshot.set(record.name, record.group) }
    var place = Snapshot()
    place.set("id", text: scenario.id)
    place.set("sha256", text: scenario.digest)
    place.set("text", text: scenario.text)
    snapshot.set("scenario", place)
    var origin = Snapshot()
    origin.set("name", text: experiment.name)
    origin.set("sha256", text: experiment.digest)
    origin.set("text", text: experiment.text)
    origin.set("recipe", text: recipe)
    snapshot.set("experiment", origin)
    var progress = Snapshot()
    progress.set("seed", unsigned: seed)
    progress.set("step", integer: step)
    progress.set("selection_return", real: selectionReturn)
    progress.set("return_meaning", text: Self.returnMeaning)
    snapshot.set("progress", progress)
    if let evaluation {
      var record = Snapshot()
      record.set("json", text: evaluation)
      snapshot.set("evaluation", record)
    }
    return snapshot
  }

  /// Refuses a checkpoint of another experiment, scenario or seed.
  func check(_ snapshot: Snapshot, path: String) throws {
    let origin = try snapshot.group("experiment").text("sha256")
    let world = try snapshot.group("scenario").text("sha256")
    let saved = try snapshot.group("progress").unsigned("seed")
    guard try snapshot.group("progress").contains("log") else {
      throw Failure(
        .content, "\(path) is a released policy without training state; start from it with --from")
    }
    let what: String? =
      origin != experiment.digest
      ? "another experiment"
      : world != scenario.digest ? "another scenario" : saved != seed ? "seed \(saved)" : nil
    if let what {
      throw Failure(
        .content,
        "\(path) was written by \(what); resume with the files and --set of that run, or give another --output"
      )
    }
  }
}

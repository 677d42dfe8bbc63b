import Checkpointing
import Configuration
import Policies
import ReinforcementLearning
import Snapshots

/// One seed of an experiment on its way: world, learner, log and the best so far.
///
/// All that decides how it goes on is in ``checkpoint()``, so that a run that was killed and resumed ends in the
/// same bytes as one that was not. The learner practises in `Practice`, the world itself or one that pays other
/// rewards; the best is always chosen and judged in the world itself.
struct TrainingRun<Family: EnvironmentFamily, Chosen: Algorithm, Practice: Environment> {
  let experiment: Experiment
  let seed: UInt64
  let folder: String
  private let world: Family.World
  private let template: TrainingOrigin
  private var vector: VectorEnvironment<Practice>
  private var learner: Chosen.Trainee
  private var log: TrainingLog
  private var best = (step: 0, value: -Double.infinity)
  private var lastReturn: Double?
  private(set) var step = 0

  init(
    _ experiment: Experiment, seed: UInt64, folder: String, world: Family.World, practice: Practice,
    recipe: Chosen.Recipe, workers: Int
  ) {
    self.experiment = experiment
    self.seed = seed
    self.folder = folder
    self.world = world
    template = TrainingOrigin(experiment: experiment, seed: seed, recipe: ResolvedRecipe.text(recipe))
    let count = experiment.training.environments
    vector = VectorEnvironment(practice, count: count, seeds: EpisodeSeeds(.training, seed: seed))
    learner = Chosen.makeLearner(recipe, groups: world.groups, environments: count, seed: seed)
    learner.use(workers: workers)
    log = TrainingLog(figures: learner.progress(step: 0).figures.map(\.name))
  }

  var lastPath: String { "\(folder)/last.h5" }
  var bestPath: String { "\(folder)/best.h5" }
  var metricsPath: String { "\(folder)/metrics.csv" }
  var isComplete: Bool { step >= experiment.training.steps }

  var result: TrainingResult {
    TrainingResult(
      seed: seed, bestStep: best.step, bestReturn: best.value, folder: folder, policies: [bestPath],
      wasComplete: isComplete)
  }

  /// Trains to the end, or until the person wishes to stop.
  mutating func train(report: (TrainingProgress) -> Void) async throws(Failure) {
    let firstStep = step
    let steps = experiment.training.steps
    func progress(_ isSelection: Bool) -> TrainingProgress {
      TrainingProgress(
        seed: seed, step: step, steps: steps, firstStep: firstStep, lastReturn: lastReturn,
        bestReturn: best.step > 0 ? best.value : nil, isSelection: isSelection)
    }
    while !isComplete {
      let before = step
      advance()
      let selected = crosses(experiment.selection.every, from: before) || isComplete
      if selected { try select() }
      if selected || crosses(experiment.training.logEvery, from: before) {
        try writeLog(selected: selected)
        report(progress(selected))
      }
      if Interruption.isRequested {
        try save()
        throw Failure(.interrupted, "interrupted at step \(step) of \(steps); continue with --resume")
      }
      if crosses(experiment.training.checkpointEvery, from: before) || isComplete { try save() }
    }
  }

  private func crosses(_ interval: Int, from before: Int) -> Bool { step / interval > before / interval }

  private mutating func advance() {
    learner.act(&vector.frame, step: step)
    vector.step()
    learner.record(vector.frame)
    step += vector.count
    learner.update(step: step, advanced: vector.count)
    log.ended(vector.finishedReturns)
    vector.advance()
  }

  /// Plays the selection episodes and keeps the policy if none was better; the later of equals.
  private mutating func select() throws(Failure) {
    let policies = learner.policies
    let (mean, broken) = selectionReturn(of: policies, in: world, experiment, seed: seed)
    if let broken { throw Failure(.fault, "the simulation broke its own laws at step \(step): \(broken)") }
    lastReturn = mean
    guard mean >= best.value else { return }
    best = (step, mean)
    let released = template.released(policies, step: step, selectionReturn: mean, evaluation: nil)
    try translated { try CheckpointFile.write(released, to: bestPath) }
  }

  private mutating func writeLog(selected: Bool) throws(Failure) {
    let progress = learner.progress(step: step)
    if progress.hasDiverged {
      throw Failure(
        .fault,
        "seed \(seed) diverged before step \(step): the loss is no finite number; lower algorithm.learning_rate or "
          + "algorithm.gradient_clip")
    }
    log.addRow(
      step: step, updates: progress.updates, figures: progress.figures.map(\.value),
      selectionReturn: selected ? lastReturn : nil)
    try TextFile.write(log.text, to: metricsPath)
  }

  private func save() throws(Failure) {
    try translated { try CheckpointFile.write(checkpoint(), to: lastPath) }
  }

  /// The complete state.
  func checkpoint() -> Snapshot {
    var snapshot = template.released(
      learner.policies, step: step, selectionReturn: best.value, evaluation: nil)
    let state = learner.snapshot()
    for name in state.names { snapshot[name] = state[name] }
    snapshot.set("environment", vector.snapshot())
    if case .group(var progress)? = snapshot["progress"] {
      progress.set("best_step", integer: best.step)
      progress.set("last_return", real: lastReturn ?? .nan)
      progress.set("log", log.snapshot())
      snapshot.set("progress", progress)
    }
    return snapshot
  }

  /// Goes back to where ``lastPath`` was written.
  mutating func resume() throws(Failure) {
    let snapshot = try translated { try CheckpointFile.read(lastPath) }
    do {
      try template.check(snapshot, path: lastPath)
      let progress = try snapshot.group("progress")
      var copy = self
      copy.step = try progress.integer("step")
      copy.best = (try progress.integer("best_step"), try progress.real("selection_return"))
      let last = try progress.real("last_return")
      copy.lastReturn = last.isFinite ? last : nil
      try copy.log.restore(from: try progress.group("log"))
      try copy.learner.restore(from: snapshot)
      try copy.vector.restore(from: try snapshot.group("environment"))
      self = copy
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.content, "\(lastPath): \(error)")
    }
    try TextFile.write(log.text, to: metricsPath)
  }

  /// Begins from another policy's weights.
  mutating func adopt(_ file: PolicyFile) throws(Failure) {
    if let reason = learner.adopt(file.policies) {
      throw Failure(.content, "\(file.path) does not fit this experiment: \(reason)")
    }
  }

  /// Judges the best policy beside all rules and writes the table into its file.
  func judge(workers: Int) async throws(Failure) {
    let episodes = experiment.selection.finalEpisodes
    let file = try PolicyFile(bestPath)
    guard episodes > 0, file.evaluation == nil else { return }
    var contestants: [Contestant<Family.World>] = []
    for name in [bestPath] + Family.ruleNames(in: world) {
      contestants.append(
        try Evaluation.contestant(name, Family.self, world, scenarioDigest: experiment.scenario.digest))
    }
    let evaluation = try await Evaluation.run(
      Family.self, experiment.scenario, world, contestants, episodes: episodes, seed: seed, workers: workers)
    let released = template.released(
      file.policies, step: file.step, selectionReturn: file.selectionReturn ?? .nan,
      evaluation: evaluation.naming(first: "policy").json(withReturns: false).text())
    try translated { try CheckpointFile.write(released, to: bestPath) }
  }
}

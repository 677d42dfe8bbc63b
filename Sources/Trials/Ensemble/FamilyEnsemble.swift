import Configuration
import Randomness
import ReinforcementLearning

/// The ensemble of a family's worlds.
struct FamilyEnsemble<Family: EnvironmentFamily>: Ensemble {
  typealias World = Family.World

  var frame: VectorFrame
  var endings: EpisodeEndings
  let rewardTerms: [RewardTerm]
  private let scenario: Scenario
  private let options: EnsembleOptions
  /// The world before any episode.
  private let origin: World
  private let settling: ActionSettling
  private let agents: Int
  private var batch: World.Batch
  private var runs: EpisodeRuns
  /// Which environments wait for a reset.
  private var waits: [Bool]
  private var waiting: Int
  private var metrics: [[Metric]]
  private var players: [any Controller<World>] = []
  /// Whether the players decided what the next step does.
  private var hasActed = false
  private var action: JointAction
  private var outcome: StepOutcome
  /// Room for the environments that begin an episode, and their seeds.
  private var starting: [Int] = []
  private var startingSeeds: [UInt64] = []

  init(_ scenario: Scenario, _ world: World, _ options: EnsembleOptions) {
    let count = options.environments
    let groups = world.groups
    self.scenario = scenario
    self.options = options
    origin = world
    rewardTerms = world.rewardTerms
    settling = ActionSettling(for: world, mayForbid: Family.forbidsActions)
    agents = world.agentCount
    frame = VectorFrame(groups, environments: count)
    endings = EpisodeEndings(
      groups, environments: count, keepsLast: options.beginsAnew,
      terms: options.keepsRecords ? world.rewardTerms.count : 0)
    batch = World.Batch(world, count: count)
    runs = EpisodeRuns(environments: count)
    waits = [Bool](repeating: true, count: count)
    waiting = count
    metrics = [[Metric]](repeating: [], count: options.keepsRecords ? count : 0)
    action = JointAction(for: groups)
    outcome = StepOutcome(agents: world.agentCount)
    starting.reserveCapacity(count)
    startingSeeds.reserveCapacity(count)
  }

  mutating func seed(_ seed: UInt64, for purpose: EpisodeSeeds.Purpose) { runs.begin(seed, for: purpose) }

  mutating func seed(each seeds: [UInt64], for purpose: EpisodeSeeds.Purpose) { runs.begin(each: seeds, for: purpose) }

  mutating func reset(_ isChosen: (Int) -> Bool) {
    starting.removeAll(keepingCapacity: true)
    for index in 0..<waits.count where isChosen(index) {
      starting.append(index)
      endings.isOver[index] = false
    }
    begin()
  }

  /// Begins an episode in each environment of `starting`.
  private mutating func begin() {
    if starting.isEmpty { return }
    startingSeeds.removeAll(keepingCapacity: true)
    for index in starting {
      startingSeeds.append(runs.next(of: index))
      if waits[index] { waiting -= 1 }
      waits[index] = false
    }
    let indices = starting
    let seeds = startingSeeds
    batch.reset(indices.span, seeds: seeds.span, in: &frame)
    if players.isEmpty { return }
    for place in 0..<starting.count { players[starting[place]].begin(seed: startingSeeds[place]) }
  }

  mutating func step() throws(Failure) -> Int {
    try requireEpisodes(toDo: "step")
    let replaced = try settling.settle(&frame)
    endings.noteActive(in: frame)
    batch.step(&frame)
    starting.removeAll(keepingCapacity: true)
    endings.noteOver(frame.episodeOver, &starting)
    if hasActed { tellPlayers() }
    if options.keepsRecords { keepRecords() }
    if options.beginsAnew { endings.keepLast(starting, of: frame) }
    for group in 0..<frame.groups.count { frame.groups[group].moveOn() }
    batch.writeActive(in: &frame)
    if options.beginsAnew {
      begin()
    } else {
      for index in starting { waits[index] = true }
      waiting += starting.count
    }
    return replaced
  }

  private mutating func tellPlayers() {
    for index in players.indices {
      frame.load(&outcome, of: index)
      players[index].note(outcome)
    }
    hasActed = false
  }

  private func requireEpisodes(toDo what: String) throws(Failure) {
    guard waiting > 0, let index = waits.firstIndex(of: true) else { return }
    throw Failure(.usage, "environment \(index) has no episode to \(what) in; reset it first")
  }

  private mutating func keepRecords() {
    let width = agents * rewardTerms.count
    if width > 0 {
      var terms: [Double] = []
      swap(&terms, &endings.terms)
      for index in 0..<waits.count {
        var all = terms.mutableSpan
        var part = all._mutatingExtracting(index * width..<(index + 1) * width)
        batch[index].writeRewardTerms(into: &part)
      }
      swap(&terms, &endings.terms)
    }
    for index in starting { metrics[index] = batch[index].metrics() }
  }

  mutating func play(_ policy: String) throws(Failure) {
    let contestant = try Evaluation.contestant(policy, Family.self, origin, scenarioDigest: scenario.digest)
    players = [any Controller<World>](repeating: contestant.controller, count: waits.count)
    for index in players.indices { players[index].begin(seed: runs.seed(of: index)) }
    hasActed = false
  }

  mutating func act() throws(Failure) {
    if players.isEmpty { throw Failure(.usage, "no policy was named that could act; name one first") }
    try requireEpisodes(toDo: "act")
    for index in players.indices {
      players[index].act(in: batch[index], &action)
      frame.storeActions(action, of: index)
    }
    hasActed = true
  }

  var stateCount: Int { origin.stateCount }

  func state(of environment: Int, into values: inout MutableSpan<Float>) { batch[environment].state(into: &values) }

  func metrics(of environment: Int) throws(Failure) -> [Metric] {
    guard options.beginsAnew, endings.isOver[environment] else { return batch[environment].metrics() }
    guard options.keepsRecords else {
      throw Failure(.usage, "metrics of ended episodes are kept only where records are asked for")
    }
    return metrics[environment]
  }

  func returnBound(of environment: Int) -> Double? { origin.returnBound(seed: runs.seed(of: environment)) }

  var description: JSONValue {
    scenario.description(of: origin, notes: Family.notes(on: origin), mayForbid: Family.forbidsActions)
  }
}

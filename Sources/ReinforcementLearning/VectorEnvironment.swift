public import Snapshots

/// Several environments of one kind, stepped together, each begun anew when its episode is over.
///
/// A step shows the true last observations of an ended episode (``VectorFrame/Group/nextObservations``);
/// ``advance()`` then resets the ended environments, so that no stored transition ever joins two episodes.
///
///     learner.act(&vector.frame)
///     vector.step()
///     learner.record(vector.frame)
///     vector.advance()
public struct VectorEnvironment<World: Environment>: Restorable, Sendable {
  /// The environments.
  public private(set) var environments: [World]
  /// What they show, do and receive.
  public var frame: VectorFrame
  /// Returns of the episodes that ended in the last step, in the order of the environments: Σ over steps of the
  /// mean reward over active agents.
  public private(set) var finishedReturns: [Double]
  /// Episodes begun so far by each environment.
  public private(set) var episodes: [Int]
  private var runningReturns: [Double]
  private var actions: JointAction
  private var outcome: StepOutcome
  private let seeds: EpisodeSeeds

  /// `count` copies of an environment, each reset to its first episode's seed.
  public init(_ world: World, count: Int, seeds: EpisodeSeeds) {
    precondition(count > 0, "a vectorised run needs at least one environment, not \(count)")
    environments = [World](repeating: world, count: count)
    frame = VectorFrame(world.groups, environments: count)
    finishedReturns = []
    finishedReturns.reserveCapacity(count)
    episodes = [Int](repeating: 0, count: count)
    runningReturns = [Double](repeating: 0, count: count)
    actions = JointAction(for: world.groups)
    outcome = StepOutcome(agents: world.agentCount)
    self.seeds = seeds
    for index in 0..<count { begin(index) }
  }

  /// The number of environments.
  public var count: Int { environments.count }

  /// Steps every environment with the frame's actions and fills in what came of it.
  public mutating func step() {
    finishedReturns.removeAll(keepingCapacity: true)
    for index in 0..<environments.count {
      loadActions(of: index)
      environments[index].step(actions, outcome: &outcome)
      store(outcomeOf: index)
    }
  }

  /// Moves on: what was next becomes present, and ended environments begin their next episode.
  public mutating func advance() {
    for group in 0..<frame.groups.count {
      frame.groups[group].moveOn()
    }
    for index in 0..<environments.count {
      if frame.episodeOver[index] { begin(index) } else { refreshActive(index) }
    }
  }

  private mutating func begin(_ index: Int) {
    environments[index].reset(seed: seeds.seed(environment: index, episode: episodes[index]))
    episodes[index] += 1
    runningReturns[index] = 0
    frame.episodeOver[index] = false
    show(index)
  }

  private mutating func refreshActive(_ index: Int) {
    for group in 0..<frame.groups.count {
      let slots = frame.groups[group].group.count
      var allActive = frame.groups[group].active.mutableSpan
      var active = allActive._mutatingExtracting(index * slots..<(index + 1) * slots)
      environments[index].writeActive(group: group, into: &active)
    }
  }

  private mutating func loadActions(of index: Int) {
    for group in 0..<frame.groups.count {
      let slots = frame.groups[group].group.count
      let integers = frame.groups[group].group.action.discreteCount * slots
      let reals = frame.groups[group].group.action.continuousCount * slots
      for offset in 0..<integers {
        actions.discrete[actions.discreteStart[group] + offset] =
          frame.groups[group].actions[index * integers + offset]
      }
      for offset in 0..<reals {
        actions.continuous[actions.continuousStart[group] + offset] =
          frame.groups[group].continuousActions[index * reals + offset]
      }
    }
  }

  private mutating func store(outcomeOf index: Int) {
    var agent = 0
    var total = 0.0
    var present = 0
    for group in 0..<frame.groups.count {
      let slots = frame.groups[group].group.count
      let width = frame.groups[group].group.observation.count
      let maskWidth = frame.groups[group].group.action.maskCount
      let rows = index * slots..<(index + 1) * slots
      for row in rows {
        frame.groups[group].rewards[row] = outcome.rewards[agent]
        frame.groups[group].terminated[row] = outcome.terminated[agent]
        frame.groups[group].truncated[row] = outcome.truncated[agent]
        if frame.groups[group].active[row] {
          total += outcome.rewards[agent]
          present += 1
        }
        agent += 1
      }
      var allNext = frame.groups[group].nextObservations.mutableSpan
      var next = allNext._mutatingExtracting(rows.lowerBound * width..<rows.upperBound * width)
      environments[index].observe(group: group, into: &next)
      if maskWidth > 0 {
        var allMasks = frame.groups[group].nextMasks.mutableSpan
        var masks = allMasks._mutatingExtracting(rows.lowerBound * maskWidth..<rows.upperBound * maskWidth)
        environments[index].writeActionMask(group: group, into: &masks)
      }
    }
    if present > 0 { runningReturns[index] += total / Double(present) }
    frame.episodeOver[index] = outcome.episodeOver
    if outcome.episodeOver { finishedReturns.append(runningReturns[index]) }
  }

  /// The state between two steps, after ``advance()``.
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("episodes", episodes.map(Int64.init))
    snapshot.set("running_returns", runningReturns)
    for (index, environment) in environments.enumerated() {
      snapshot.set("environment-\(index)", environment.snapshot())
    }
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.episodes = try snapshot.integers("episodes", count: count)
    if let wrong = copy.episodes.first(where: { !(0..<1 << 62).contains($0) }) {
      throw snapshot.mismatch("episodes", expected: "numbers of begun episodes", found: "\(wrong)")
    }
    copy.runningReturns = try snapshot.doubles("running_returns", count: count)
    for index in 0..<count {
      try copy.environments[index].restore(from: try snapshot.group("environment-\(index)"))
    }
    copy.finishedReturns.removeAll(keepingCapacity: true)
    for index in 0..<count {
      copy.frame.episodeOver[index] = false
      copy.show(index)
    }
    self = copy
  }

  private mutating func show(_ index: Int) {
    for group in 0..<frame.groups.count {
      let slots = frame.groups[group].group.count
      let width = frame.groups[group].group.observation.count
      let maskWidth = frame.groups[group].group.action.maskCount
      var allObservations = frame.groups[group].observations.mutableSpan
      var observations = allObservations._mutatingExtracting(index * slots * width..<(index + 1) * slots * width)
      environments[index].observe(group: group, into: &observations)
      if maskWidth > 0 {
        var allMasks = frame.groups[group].masks.mutableSpan
        var masks = allMasks._mutatingExtracting(index * slots * maskWidth..<(index + 1) * slots * maskWidth)
        environments[index].writeActionMask(group: group, into: &masks)
      }
    }
    refreshActive(index)
  }
}

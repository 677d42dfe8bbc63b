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
  /// What they show, do and receive.
  public var frame: VectorFrame
  /// Episodes begun so far by each environment.
  public private(set) var episodes: [Int]
  private var batch: World.Batch
  private var returns: EpisodeReturns
  private var nextSeeds: [UInt64]
  private let seeds: EpisodeSeeds

  /// `count` copies of an environment, each reset to its first episode's seed.
  public init(_ world: World, count: Int, seeds: EpisodeSeeds) {
    self.init([world], each: count, seeds: seeds)
  }

  /// `each` copies of every environment, one after another in turn, each reset to its first episode's seed. All have
  /// the same groups; what is seen and done is that of the first.
  public init(_ worlds: [World], each: Int, seeds: EpisodeSeeds) {
    let count = worlds.count * each
    precondition(count > 0, "a vectorised run needs at least one environment, not \(count)")
    let world = worlds[0]
    batch = World.Batch(world, count: count)
    if worlds.count > 1 {
      for index in 0..<count { batch[index] = worlds[index % worlds.count] }
    }
    frame = VectorFrame(world.groups, environments: count, isAdvised: world.isAdvised)
    returns = EpisodeReturns(environments: count)
    episodes = [Int](repeating: 0, count: count)
    nextSeeds = []
    nextSeeds.reserveCapacity(count)
    self.seeds = seeds
    begin(Array(0..<count))
  }

  /// The number of environments.
  public var count: Int { episodes.count }

  /// The environments, each as a value by itself.
  public var environments: [World] { (0..<count).map { batch[$0] } }

  /// Returns of the episodes that ended in the last step, in the order of the environments: Σ over steps of the
  /// mean reward over active agents.
  public var finishedReturns: [Double] { returns.finished }

  /// Steps every environment with the frame's actions and fills in what came of it.
  public mutating func step() {
    batch.step(&frame)
    returns.add(frame)
  }

  /// Moves on: what was next becomes present, and ended environments begin their next episode.
  public mutating func advance() {
    for group in 0..<frame.groups.count { frame.groups[group].moveOn() }
    batch.writeActive(in: &frame)
    begin(returns.ended)
    returns.moveOn()
  }

  private mutating func begin(_ ended: [Int]) {
    guard !ended.isEmpty else { return }
    nextSeeds.removeAll(keepingCapacity: true)
    for index in ended {
      nextSeeds.append(seeds.seed(environment: index, episode: episodes[index]))
      episodes[index] += 1
      frame.episodeOver[index] = false
    }
    let seeds = nextSeeds
    batch.reset(ended.span, seeds: seeds.span, in: &frame)
  }

  /// The state between two steps, after ``advance()``.
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("episodes", episodes.map(Int64.init))
    snapshot.set("running_returns", returns.running)
    for index in 0..<count { snapshot.set("environment-\(index)", batch[index].snapshot()) }
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.episodes = try snapshot.integers("episodes", count: count)
    if let wrong = copy.episodes.first(where: { !(0..<1 << 62).contains($0) }) {
      throw snapshot.mismatch("episodes", expected: "numbers of begun episodes", found: "\(wrong)")
    }
    copy.returns.resume(try snapshot.doubles("running_returns", count: count))
    for index in 0..<count {
      var environment = batch[index]
      try environment.restore(from: try snapshot.group("environment-\(index)"))
      copy.batch[index] = environment
      copy.frame.episodeOver[index] = false
      copy.frame.show(&environment, at: index)
    }
    self = copy
  }
}

import Foundation
import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T2: what follows a step is what followed it, in a ring that stores no observation twice.
@Suite struct JointReplayTests {
  typealias World = TimeLimited<TaggedWorld>

  /// Episodes of 3 to 6 steps, of which the longer ones are cut short.
  static let world = TaggedWorld(ends: true).timeLimited(to: 6)
  static let seeds = EpisodeSeeds(.training, seed: 3)

  /// A replay and what it has been fed.
  struct Feed {
    var replay: JointReplay
    var vector: VectorEnvironment<World>
    var stream = RandomStream(seed: 1)

    init(environments: Int, capacity: Int) {
      replay = JointReplay(world.groups, environments: environments, capacity: capacity)
      vector = VectorEnvironment(world, count: environments, seeds: seeds)
    }

    mutating func run(_ steps: Int) {
      for _ in 0..<steps {
        for row in vector.frame.groups[0].active.indices {
          let mask = vector.frame.groups[0].masks[3 * row..<3 * row + 3]
          var choice = stream.integer(below: 3)
          while !mask[3 * row + choice] { choice = stream.integer(below: 3) }
          vector.frame.groups[0].actions[row] = Int32(choice)
        }
        for index in vector.frame.groups[1].continuousActions.indices {
          vector.frame.groups[1].continuousActions[index] = Float(stream.integer(below: 9)) / 8
        }
        vector.step()
        replay.record(vector.frame)
        vector.advance()
      }
    }

    /// Every row that a draw gives, with the row that follows, from many draws.
    func drawable(draws: Int = 20_000) -> [Int: Int] {
      var stream = RandomStream(seed: 77)
      var rows = [Int](repeating: -1, count: draws)
      var following = rows
      do {
        var first = rows.mutableSpan
        var second = following.mutableSpan
        replay.draw(&first, following: &second, using: &stream)
      }
      var found: [Int: Int] = [:]
      for (row, next) in zip(rows, following) {
        if let known = found[row], known != next { Issue.record("row \(row) is followed by \(known) and \(next)") }
        found[row] = next
      }
      return found
    }

    func values(_ row: Int, _ columns: Range<Int>) -> [Float] {
      columns.map { replay.value(row: row, column: $0) }
    }

    func flags(_ row: Int, _ columns: Range<Int>, _ form: PackedMask) -> [Bool] {
      let packed = values(row, columns)
      return (0..<form.optionCount).map { form.permits(packed.span, option: $0) }
    }

    /// The episode's seed and the step that a row was stored at.
    func origin(_ row: Int) -> (seed: UInt64, time: Int) {
      let seen = values(row, replay.columns[1].observations).map { UInt64($0) }
      return (seen[0] | seen[1] << 24 | seen[2] << 48, Int(seen[3]))
    }
  }

  /// Where a step lies: whether the episode's last one, whether it terminates, and who stays.
  static func isOver(_ seed: UInt64, _ time: Int) -> (terminated: Bool, over: Bool) {
    let terminated = time + 1 == TaggedWorld.length(seed)
    return (terminated, terminated || time + 1 == 6)
  }

  @Test(arguments: [1, 3], [(7, 1000), (40, 30), (200, 60), (61, 20)])
  func `every drawn step is followed by the next one of its environment and episode`(
    environments: Int, run: (steps: Int, capacity: Int)
  ) {
    var feed = Feed(environments: environments, capacity: run.capacity)
    feed.run(run.steps)
    let rows = feed.drawable()
    #expect(rows.count == feed.replay.count, "every row that counts can be drawn")
    var kinds: Set<[Bool]> = []
    for (row, following) in rows {
      let (seed, time) = feed.origin(row)
      let next = feed.origin(following)
      // Nothing is told of who is gone.
      #expect(next == (Self.isOver(seed, time).terminated ? (0, 0) : (seed, time + 1)), "row \(row)")
      let environment = row % environments
      #expect(following % environments == environment)
      let episodes = (0..<feed.vector.episodes[environment]).map {
        Self.seeds.seed(environment: environment, episode: $0)
      }
      #expect(episodes.contains(seed), "an episode of this environment")
      let end = Self.isOver(seed, time)
      kinds.insert([end.over, end.terminated])
    }
    if run.capacity >= 60 && run.steps > 30 { #expect(kinds == [[false, false], [true, false], [true, true]]) }
  }

  @Test(arguments: [1, 3])
  func `a row holds what every agent saw, might do, did and received, and nothing of empty slots`(
    environments: Int
  ) {
    var feed = Feed(environments: environments, capacity: 90)
    feed.run(150)
    var (empty, newcomers, leavers) = (0, 0, 0)
    for (row, following) in feed.drawable() {
      let (seed, time) = feed.origin(row)
      let end = Self.isOver(seed, time)
      let part = feed.replay.columns[0]
      for slot in 0..<3 {
        let tenant = TaggedWorld.tenant(seed: seed, slot: slot, time: time)
        let later = TaggedWorld.tenant(seed: seed, slot: slot, time: time + 1)
        let seen = feed.values(row, part.observations)[6 * slot..<6 * slot + 6]
        let action = feed.values(row, part.integers)[slot]
        let reward = feed.values(row, part.rewards)[slot]
        let isThere = feed.flags(row, part.active, part.flags)[slot]
        let ended = feed.flags(row, part.ended, part.flags)[slot]
        #expect(isThere == (tenant != nil))
        let mask = feed.flags(row, part.masks, part.mask)[3 * slot..<3 * slot + 3]
        #expect(Array(mask) == (0..<3).map { (3 * slot + $0) % 3 != time % 3 })
        if let tenant {
          #expect(Array(seen) == TaggedWorld.tag(seed) + [Float(time), Float(slot), Float(tenant)])
          #expect(reward == 1000 * action + Float(time))
          #expect(ended == (end.terminated || later != tenant))
        } else {
          #expect(seen.allSatisfy { $0 == 0 } && action == 0 && reward == 0 && !ended)
          empty += 1
        }
        let nextThere = feed.flags(following, part.active, part.flags)[slot]
        let nextSeen = feed.values(following, part.observations)[6 * slot..<6 * slot + 6]
        let stays = tenant != nil && !ended
        // Newcomers are known where a further step was stored.
        let isContinued = feed.replay.value(row: following, column: 0) == 1
        #expect(nextThere == (isContinued ? later != nil : stays))
        if ended { leavers += 1 }
        if nextThere && !stays { newcomers += 1 }
        #expect(
          Array(nextSeen)
            == (nextThere
              ? TaggedWorld.tag(seed) + [Float(time + 1), Float(slot), Float(later ?? -2)]
              : [Float](repeating: 0, count: 6)))
        let nextMask = feed.flags(following, part.masks, part.mask)[3 * slot..<3 * slot + 3]
        #expect(Array(nextMask) == (0..<3).map { (3 * slot + $0) % 3 != (time + 1) % 3 })
      }
      let resident = feed.replay.columns[1]
      let reals = feed.values(row, resident.reals)
      #expect(feed.values(row, resident.rewards) == [1000 * reals[0] + reals[1] + Float(time)])
      #expect(feed.flags(row, resident.ended, resident.flags) == [end.terminated])
      #expect(feed.flags(row, resident.active, resident.flags) == [true])
      #expect(feed.flags(following, resident.active, resident.flags) == [!end.terminated])
      #expect(resident.masks.isEmpty && resident.integers.isEmpty)
    }
    #expect(empty > 20 && newcomers > 5 && leavers > 20)
  }

  @Test(arguments: [1, 3])
  func `as long as nothing is overwritten, as many steps can be drawn as were made`(environments: Int) {
    var feed = Feed(environments: environments, capacity: 10_000)
    #expect(feed.replay.count == 0)
    for steps in 1...60 {
      feed.run(1)
      #expect(feed.replay.count == steps * environments)
    }
    #expect(feed.drawable().count == 60 * environments)
  }

  @Test func `a full ring holds at most its rows and loses only the oldest`() {
    var feed = Feed(environments: 2, capacity: 40)
    feed.run(300)
    #expect(feed.replay.slots == 20)
    #expect(feed.replay.count <= 40 && feed.replay.count >= 2 * (20 * 3 / 4 - 2), "at most one row in four closes")
    for environment in 0..<2 {
      let episodes = feed.vector.episodes[environment]
      let recent = Set((max(0, episodes - 8)..<episodes).map { Self.seeds.seed(environment: environment, episode: $0) })
      for row in feed.drawable().keys where row % 2 == environment { #expect(recent.contains(feed.origin(row).seed)) }
    }
  }

  @Test(arguments: [(100, 10_000), (150, 120)])
  func `a hundred thousand draws are uniform over the steps and give nothing else`(steps: Int, capacity: Int) {
    var feed = Feed(environments: 3, capacity: capacity)
    feed.run(steps)
    var stream = RandomStream(seed: 5)
    var counts: [Int: Double] = [:]
    var rows = [Int](repeating: 0, count: 1000)
    var following = rows
    for _ in 0..<100 {
      do {
        var first = rows.mutableSpan
        var second = following.mutableSpan
        feed.replay.draw(&first, following: &second, using: &stream)
      }
      for row in rows { counts[row, default: 0] += 1 }
    }
    #expect(counts.keys.allSatisfy { feed.replay.value(row: $0, column: 0) == 1 }, "no closing row")
    #expect(counts.count == feed.replay.count)
    let expected = 100_000 / Double(feed.replay.count)
    let chiSquare = counts.values.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    let freedom = Double(feed.replay.count - 1)
    #expect(abs(chiSquare - freedom) < 4 * (2 * freedom).squareRoot(), "\(chiSquare) for \(freedom)")
  }

  @Test(arguments: [0, 1, 5, 19, 80])
  func `a restored replay goes on as the saved one`(steps: Int) throws {
    var feed = Feed(environments: 2, capacity: 40)
    feed.run(steps)
    var other = Feed(environments: 2, capacity: 40)
    other.run(3)
    try other.replay.restore(from: feed.replay.snapshot())
    #expect(other.replay.snapshot() == feed.replay.snapshot() && other.replay.count == feed.replay.count)
    other.vector = feed.vector
    other.stream = feed.stream
    let kept = feed.replay
    let before = kept.snapshot()
    for _ in 0..<50 {
      feed.run(1)
      other.run(1)
      #expect(other.replay.snapshot() == feed.replay.snapshot() && other.replay.count == feed.replay.count)
    }
    #expect(feed.drawable() == other.drawable())
    #expect(kept.snapshot() == before, "a copy keeps what it had")
  }

  @Test func `what does not fit is refused and changes nothing`() throws {
    var feed = Feed(environments: 2, capacity: 40)
    feed.run(12)
    let good = feed.replay.snapshot()
    var damaged: [(String, Snapshot)] = []
    damaged.append(
      ("capacity", JointReplay(Self.world.groups, environments: 2, capacity: 42).snapshot()))
    damaged.append(("groups", JointReplay([Self.world.groups[0]], environments: 2, capacity: 40).snapshot()))
    damaged.append(("environments", JointReplay(Self.world.groups, environments: 4, capacity: 40).snapshot()))
    func change(_ name: String, _ body: (inout Snapshot) -> Void) {
      var snapshot = good
      body(&snapshot)
      damaged.append((name, snapshot))
    }
    for heads in [[-1, 3], [3, 99], [3], [3, 20], [3, 3, 3]] as [[Int64]] {
      change("heads \(heads)") { $0.set("heads", heads) }
    }
    let rows = try good.floats("rows")
    let shape = try good.dataset("rows").shape
    let width = feed.replay.width
    change("another shape") { $0.set("rows", rows, shape: [shape[1], shape[0]]) }
    change("an odd row") { $0.set("rows", Array(rows.dropLast(width)), shape: [shape[0] - 1, width]) }
    func changeRow(_ name: String, _ column: Int, _ value: Float) {
      var values = rows
      values[2 * width + column] = value
      change(name) { $0.set("rows", values, shape: shape) }
    }
    let part = feed.replay.columns[0]
    changeRow("an action that is none", part.integers.lowerBound, 3)
    changeRow("half an action", part.integers.lowerBound, 0.5)
    changeRow("a flag of 2", 0, 2)
    changeRow("half a mask", part.masks.lowerBound, 0.5)
    changeRow("a mask of 25 bits", part.masks.lowerBound, 0x1p24)
    changeRow("a flag that is no number", part.active.lowerBound, .nan)
    var unfollowed = rows
    unfollowed[(shape[0] - 1) * width] = 1
    change("a step that nothing follows") { $0.set("rows", unfollowed, shape: shape) }
    for name in ["rows", "heads", "capacity"] { change("no \(name)") { $0[name] = nil } }
    for (name, snapshot) in damaged {
      var replay = feed.replay
      #expect(throws: SnapshotError.self, "\(name)") { try replay.restore(from: snapshot) }
      #expect(replay.snapshot() == good, "\(name)")
    }
  }

  @Test func `a replay too small for a step has room for one, and its memory is its rows`() {
    let small = JointReplay(Self.world.groups, environments: 4, capacity: 1)
    #expect(small.slots == 3)
    #expect(
      JointReplay.bytes(Self.world.groups, capacity: 1000)
        == Double(1000 * 4 * JointReplay(Self.world.groups, environments: 1, capacity: 9).width))
    // A flag; the visitors' 3 × 6 values, actions, rewards and packed flags; the resident's.
    #expect(small.width == 1 + (18 + 3 + 3 + 1 + 1 + 1) + (4 + 2 + 1 + 1 + 1))
  }

  /// Resident memory, in a process of its own, of 100,000 rows.
  @Test func `a full replay takes the memory that it says, also when it goes on while a snapshot was kept`() async {
    await #expect(processExitsWith: .success) {
      let rows = 100_000
      let groups = TaggedWorld(ends: true).groups
      let said = Int(JointReplay.bytes(groups, capacity: rows))
      var frame = VectorFrame(groups, environments: 10)
      for group in 0..<2 {
        frame.groups[group].active = frame.groups[group].active.map { _ in true }
      }
      let before = try residentMemory()
      var replay = JointReplay(groups, environments: 10, capacity: rows)
      for _ in 0..<5_000 { replay.record(frame) }
      let half = try residentMemory() - before
      precondition(half * 10 <= said * 6, "\(half) bytes for half of \(said)")
      try replay.restore(from: replay.snapshot())
      for _ in 0..<20_000 { replay.record(frame) }
      let full = try residentMemory() - before
      precondition(full * 10 >= said * 9 && full * 10 <= said * 16, "\(full) bytes for \(said)")
    }
  }
}

/// The memory that the process holds.
private func residentMemory() throws -> Int {
  let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
  return (Int(pages) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}

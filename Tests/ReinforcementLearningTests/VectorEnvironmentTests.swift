import Randomness
import ReinforcementLearning
import Snapshots
import Testing

struct VectorEnvironmentTests {
  static let limit = 6
  static let seeds = EpisodeSeeds(.training, seed: 11)

  typealias World = TimeLimited<TaggedWorld>

  func makeVector(_ count: Int, ends: Bool = true) -> VectorEnvironment<World> {
    VectorEnvironment(TaggedWorld(ends: ends).timeLimited(to: Self.limit), count: count, seeds: Self.seeds)
  }

  /// Actions that differ in every row and step.
  static func choose(_ frame: inout VectorFrame, _ stream: inout RandomStream) {
    for row in 0..<frame.groups[0].rows { frame.groups[0].actions[row] = Int32(stream.integer(below: 3)) }
    for index in 0..<frame.groups[1].continuousActions.count {
      frame.groups[1].continuousActions[index] = Float(stream.integer(below: 64)) / 64
    }
  }

  /// One stored transition, decoded.
  struct Row {
    var environment, episode, slot, tenant, step: Int
    var terminated, truncated: Bool
  }

  /// Every transition of a run of the vector, read as a learner reads it, each checked against what it says of itself.
  func play(_ vector: inout VectorEnvironment<World>, steps: Int) -> [Row] {
    var stream = RandomStream(seed: 4)
    var rows: [Row] = []
    var origin: [[Float]: (Int, Int)] = [:]
    for environment in 0..<vector.count {
      for episode in 0..<steps {
        let seed = Self.seeds.seed(environment: environment, episode: episode)
        origin[TaggedWorld.tag(seed)] = (environment, episode)
      }
    }
    for _ in 0..<steps {
      Self.choose(&vector.frame, &stream)
      vector.step()
      for (group, part) in vector.frame.groups.enumerated() {
        let width = part.group.observation.count
        for row in 0..<part.rows where part.active[row] {
          let seen = Array(part.observations[row * width..<(row + 1) * width])
          let next = Array(part.nextObservations[row * width..<(row + 1) * width])
          guard let (environment, episode) = origin[Array(seen[..<3])] else {
            Issue.record("row \(row) shows an episode that was never begun: \(seen)")
            continue
          }
          let slot = group == 1 ? 3 : Int(seen[4])
          #expect(environment == row / part.group.count)
          #expect(group == 1 || slot == row % 3)
          if !part.terminated[row] {
            #expect(next[..<3] == seen[..<3] && next[3] == seen[3] + 1 && next[4...] == seen[4...])
            for action in 0..<part.group.action.maskCount {
              #expect(part.nextMasks[row * 3 + action] == (action != Int(next[3]) % 3))
            }
          }
          for action in 0..<part.group.action.maskCount {
            #expect(part.masks[row * 3 + action] == (action != Int(seen[3]) % 3))
          }
          let action =
            group == 1
            ? 1_000 * Double(part.continuousActions[2 * row]) + Double(part.continuousActions[2 * row + 1])
            : 1_000 * Double(part.actions[row])
          #expect(part.rewards[row] == action + Double(seen[3]))
          rows.append(
            Row(
              environment: environment, episode: episode, slot: slot, tenant: group == 1 ? 0 : Int(seen[5]),
              step: Int(seen[3]), terminated: part.terminated[row], truncated: part.truncated[row]))
        }
      }
      vector.advance()
    }
    return rows
  }

  @Test(arguments: [1, 4])
  func `a row joins two observations of one environment, episode and agent, one step apart`(count: Int) {
    var vector = makeVector(count)
    let rows = play(&vector, steps: 200)
    #expect(rows.contains { $0.truncated } && rows.contains { $0.terminated })
  }

  @Test(arguments: [1, 4])
  func `there are as many rows as agents made real steps`(count: Int) {
    var vector = makeVector(count)
    let rows = play(&vector, steps: 200)
    var real = 0
    for environment in 0..<count {
      var (episode, time) = (0, 0)
      for _ in 0..<200 {
        let seed = Self.seeds.seed(environment: environment, episode: episode)
        real += 1
        for slot in 0..<3 where TaggedWorld.tenant(seed: seed, slot: slot, time: time) != nil { real += 1 }
        time += 1
        if time == min(Self.limit, TaggedWorld.length(seed)) { (episode, time) = (episode + 1, 0) }
      }
      #expect(vector.episodes[environment] == episode + 1)
    }
    #expect(rows.count == real)
  }

  @Test func `a newcomer in a departed slot begins a new trajectory`() {
    var vector = makeVector(3)
    let steps = 200
    let rows = play(&vector, steps: steps)
    let lives = Dictionary(grouping: rows) { [$0.environment, $0.episode, $0.slot, $0.tenant] }
    for (life, rows) in lives {
      let first = rows[0].step
      #expect(rows.map(\.step) == Array(first..<first + rows.count))
      #expect(rows.dropLast().allSatisfy { !$0.terminated && !$0.truncated })
      let unfinished = life[1] == vector.episodes[life[0]] - 1
      #expect(unfinished || rows[rows.count - 1].terminated != rows[rows.count - 1].truncated)
    }
    // Slot 0 passes on at once: there are rows of two tenants at adjacent steps of one episode.
    let relet = rows.filter { row in
      row.slot == 0 && row.terminated
        && rows.contains {
          $0.environment == row.environment && $0.episode == row.episode && $0.slot == 0
            && $0.tenant == row.tenant + 1 && $0.step == row.step + 1
        }
    }
    #expect(relet.count > 10)
  }

  @Test func `episodes that reach the limit are truncated and those that end are terminated`() {
    var vector = makeVector(4)
    for row in play(&vector, steps: 200) where row.slot == 3 {
      let length = TaggedWorld.length(Self.seeds.seed(environment: row.environment, episode: row.episode))
      #expect(row.terminated == (length <= Self.limit && row.step == length - 1))
      #expect(row.truncated == (length > Self.limit && row.step == Self.limit - 1))
    }
  }

  @Test func `inactive slots are marked and earn nothing`() {
    var vector = makeVector(2)
    var stream = RandomStream(seed: 1)
    var empty = 0
    for _ in 0..<100 {
      Self.choose(&vector.frame, &stream)
      let shown = vector.environments.map(\.world)
      vector.step()
      let part = vector.frame.groups[0]
      for row in 0..<part.rows {
        let world = shown[row / 3]
        let present = TaggedWorld.tenant(seed: world.seed, slot: row % 3, time: world.time) != nil
        #expect(part.active[row] == present)
        if present { continue }
        empty += 1
        #expect(part.rewards[row] == 0 && !part.terminated[row] && !part.truncated[row])
      }
      vector.advance()
    }
    #expect(empty > 50)
  }

  @Test func `a finished return sums the mean reward of those present`() {
    var vector = makeVector(2)
    var finished: [Double] = []
    var expected: [Double] = []
    var running = [0.0, 0.0]
    for _ in 0..<100 {
      for index in vector.frame.groups[0].actions.indices { vector.frame.groups[0].actions[index] = 1 }
      let worlds = vector.environments.map(\.world)
      vector.step()
      for (index, world) in worlds.enumerated() {
        // The resident earns the step, every visitor 1000 more.
        let visitors = Double(
          (0..<3).filter { TaggedWorld.tenant(seed: world.seed, slot: $0, time: world.time) != nil }.count)
        running[index] += Double(world.time) + 1_000 * visitors / (visitors + 1)
        if world.time + 1 == min(Self.limit, TaggedWorld.length(world.seed)) {
          expected.append(running[index])
          running[index] = 0
        }
      }
      finished += vector.finishedReturns
      vector.advance()
    }
    #expect(finished.count == expected.count && expected.count > 20)
    for (a, b) in zip(finished, expected) { #expect(abs(a - b) < 1e-9 * b) }
  }

  @Test func `restore then step equals step`() throws {
    var vector = makeVector(3)
    var stream = RandomStream(seed: 2)
    for _ in 0..<17 {
      Self.choose(&vector.frame, &stream)
      vector.step()
      vector.advance()
    }
    var restored = makeVector(3)
    try restored.restore(from: vector.snapshot())
    #expect(restored.snapshot() == vector.snapshot())
    for _ in 0..<40 {
      var twin = stream
      Self.choose(&vector.frame, &stream)
      Self.choose(&restored.frame, &twin)
      vector.step()
      restored.step()
      #expect(vector.finishedReturns == restored.finishedReturns)
      for (a, b) in zip(vector.frame.groups, restored.frame.groups) {
        #expect(a.observations == b.observations && a.nextObservations == b.nextObservations)
        #expect(a.masks == b.masks && a.nextMasks == b.nextMasks && a.active == b.active)
        #expect(a.rewards == b.rewards && a.terminated == b.terminated && a.truncated == b.truncated)
      }
      vector.advance()
      restored.advance()
    }
    #expect(restored.snapshot() == vector.snapshot())
  }

  @Test func `a snapshot of another number of environments is refused and changes nothing`() {
    var vector = makeVector(3)
    let before = vector.snapshot()
    #expect(throws: SnapshotError.self) { try vector.restore(from: makeVector(2).snapshot()) }
    var negative = before
    negative.set("episodes", [1, -1, 1] as [Int64])
    #expect(throws: SnapshotError.self) { try vector.restore(from: negative) }
    var late = before
    var world = makeVector(1).environments[0].snapshot()
    world.set("elapsed", integer: .max)
    late.set("environment-2", world)
    #expect(throws: SnapshotError.self) { try vector.restore(from: late) }
    #expect(vector.snapshot() == before)
  }
}

import FoundationEssentials
import Randomness
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing

/// Trap T8: n-step returns that cross a boundary.
struct NStepWindowTests {
  let layout = TransitionLayout(observations: 3, actions: 2, mask: 2)

  /// A step of a trajectory whose observations are (slot, trajectory, step) and whose rewards are 1, 2, 3, …
  struct Step {
    var slot, trajectory, step, reward: Int
    var terminated, truncated: Bool
  }

  /// Trajectories of 1 ... 8 steps in every slot, ended by turns, their steps interleaved at random.
  func steps(slots: Int, count: Int, seed: UInt64) -> [Step] {
    var stream = RandomStream(seed: seed)
    var trajectory = [Int](repeating: 0, count: slots)
    var step = [Int](repeating: 0, count: slots)
    var length = (0..<slots).map { _ in 1 + stream.integer(below: 8) }
    return (0..<count).map { number in
      let slot = stream.integer(below: slots)
      let ends = step[slot] + 1 == length[slot]
      let terminates = ends && stream.bernoulli(0.5)
      defer {
        step[slot] += 1
        if ends {
          (trajectory[slot], step[slot]) = (trajectory[slot] + 1, 0)
          length[slot] = 1 + stream.integer(below: 8)
        }
      }
      return Step(
        slot: slot, trajectory: trajectory[slot], step: step[slot], reward: number + 1, terminated: terminates,
        truncated: ends && !terminates)
    }
  }

  func push(_ step: Step, _ window: inout NStepWindow, _ replay: inout ReplayBuffer) -> [Int] {
    let place = [Float(step.slot), Float(step.trajectory), Float(step.step)]
    let next = [Float(step.slot), Float(step.trajectory), Float(step.step + 1)]
    return Array(
      window.push(
        slot: step.slot, observation: place.span, actions: [Float(step.reward), 0.5].span, reward: Double(step.reward),
        nextObservation: next.span, nextMask: [true, step.step % 2 == 0].span, terminated: step.terminated,
        truncated: step.truncated, into: &replay))
  }

  /// The row that a start should be, from the whole list of steps.
  func expected(_ start: Step, among steps: [Step], n: Int, discount: Double) -> [Float]? {
    let trajectory = steps.filter { $0.slot == start.slot && $0.trajectory == start.trajectory }
    let following = trajectory.filter { (start.step..<start.step + n).contains($0.step) }
    guard let last = following.last, following.count == n || last.terminated || last.truncated else { return nil }
    var sum = 0.0
    for (power, step) in following.enumerated() {
      sum += (0..<power).reduce(1.0) { product, _ in product * discount } * Double(step.reward)
    }
    let factor = (0..<following.count).reduce(1.0) { product, _ in product * discount }
    return [
      Float(start.slot), Float(start.trajectory), Float(start.step), Float(start.reward), 0.5, Float(sum),
      Float(factor), last.terminated ? 1 : 0, last.truncated ? 1 : 0, Float(last.slot), Float(last.trajectory),
      Float(last.step + 1), last.step % 2 == 0 ? 3 : 1,
    ]
  }

  func row(_ row: Int, of replay: ReplayBuffer) -> [Float] {
    (0..<layout.width).map { replay.value(row: row, column: $0) }
  }

  /// Whether two rows agree, the return to a rounding of its `Float`.
  func agree(_ a: [Float], _ b: [Float]) -> Bool {
    zip(a, b).enumerated().allSatisfy { index, pair in
      index == layout.reward.lowerBound ? abs(pair.0 - pair.1) <= pair.1.ulp : pair.0 == pair.1
    }
  }

  @Test(arguments: 1...5, [1, 3])
  func `every start is stored once with the sum that brute force gives`(n: Int, slots: Int) {
    for seed in 0..<4 as Range<UInt64> {
      let steps = steps(slots: slots, count: 400, seed: seed)
      var window = NStepWindow(steps: n, discount: 0.9, slots: slots, layout: layout)
      var replay = ReplayBuffer(layout: layout, capacity: 1000)
      for step in steps { _ = push(step, &window, &replay) }
      let wanted = steps.compactMap { expected($0, among: steps, n: n, discount: 0.9) }
      #expect(replay.count == wanted.count)
      let stored = (0..<replay.count).map { row($0, of: replay) }
      for expected in wanted {
        let found = stored.filter { Array($0[..<3]) == Array(expected[..<3]) }
        #expect(found.count == 1 && agree(found[0], expected), "\(found) for \(expected)")
      }
      for slot in 0..<slots {
        let waiting = steps.filter { $0.slot == slot }.count - stored.filter { $0[0] == Float(slot) }.count
        #expect(window.waiting(slot: slot) == waiting && waiting < n)
      }
    }
  }

  @Test func `nothing joins two trajectories in a ring that has wrapped, and its rows are named as they are taken`() {
    let steps = steps(slots: 2, count: 500, seed: 7)
    var window = NStepWindow(steps: 3, discount: 0.5, slots: 2, layout: layout)
    var replay = ReplayBuffer(layout: layout, capacity: 7)
    var next = 0
    for step in steps {
      let taken = push(step, &window, &replay)
      for row in taken {
        #expect(row == next % 7)
        next += 1
        let values = self.row(row, of: replay)
        #expect(values[0] == values[9] && values[1] == values[10], "the same slot and trajectory at both ends")
        let start = steps.first { Float($0.reward) == values[3] }
        let wanted = start.flatMap { expected($0, among: steps, n: 3, discount: 0.5) }
        #expect(wanted.map { agree(values, $0) } == true)
      }
    }
    #expect(next > 400 && replay.count == 7)
  }

  @Test func `the discount is the power of the steps really taken`() {
    var window = NStepWindow(steps: 5, discount: 0.5, slots: 1, layout: layout)
    var replay = ReplayBuffer(layout: layout, capacity: 8)
    for step in 0..<3 {
      _ = push(
        Step(
          slot: 0, trajectory: 0, step: step, reward: 1, terminated: false, truncated: step == 2), &window, &replay)
    }
    let column = layout.discount.lowerBound
    #expect((0..<3).map { replay.value(row: $0, column: column) } == [0.125, 0.25, 0.5])
    #expect((0..<3).map { replay.value(row: $0, column: layout.reward.lowerBound) } == [1.75, 1.5, 1])
  }

  @Test(arguments: [1, 2, 4])
  func `a restored window goes on as the saved one`(n: Int) throws {
    let steps = steps(slots: 3, count: 200, seed: 11)
    var window = NStepWindow(steps: n, discount: 0.9, slots: 3, layout: layout)
    var replay = ReplayBuffer(layout: layout, capacity: 50)
    for (index, step) in steps.enumerated() {
      if index % 37 == 0 {
        var other = NStepWindow(steps: n, discount: 0.9, slots: 3, layout: layout)
        var otherReplay = replay
        try other.restore(from: window.snapshot())
        #expect(other.snapshot() == window.snapshot())
        var (first, firstReplay) = (window, replay)
        for later in steps[index...].prefix(60) {
          #expect(push(later, &other, &otherReplay) == push(later, &first, &firstReplay))
        }
        #expect(otherReplay.snapshot() == firstReplay.snapshot())
      }
      _ = push(step, &window, &replay)
    }
  }

  @Test func `a snapshot that does not fit is refused and changes nothing`() {
    var window = NStepWindow(steps: 3, discount: 0.9, slots: 2, layout: layout)
    let good = window.snapshot()
    var damaged = [NStepWindow(steps: 4, discount: 0.9, slots: 2, layout: layout).snapshot()]
    for (name, values) in [("waiting", [3, 0]), ("waiting", [-1, 0]), ("oldest", [0, 3]), ("oldest", [0])] {
      var snapshot = good
      snapshot.set(name, values)
      damaged.append(snapshot)
    }
    for snapshot in damaged {
      #expect(throws: SnapshotError.self) { try window.restore(from: snapshot) }
      #expect(window.snapshot() == good)
    }
  }

  /// What rlax computed; written by Tests/Interoperability/make_replay_fixtures.py.
  struct Fixture: Decodable {
    struct Case: Decodable {
      let n: Int
      let discount: Double
      let rewards, nextValues, terminated, returns: [Double]
    }
    let cases: [Case]
  }

  @Test func `returns with their bootstrap agree with rlax`() throws {
    let path = project + "/Tests/ReinforcementLearningTests/Fixtures/n-step.json"
    let fixture = try JSONDecoder().decode(Fixture.self, from: try bytes(path))
    #expect(fixture.cases.count >= 5)
    for entry in fixture.cases {
      var window = NStepWindow(steps: entry.n, discount: entry.discount, slots: 1, layout: layout)
      var replay = ReplayBuffer(layout: layout, capacity: 100)
      for (index, reward) in entry.rewards.enumerated() {
        window.push(
          slot: 0, observation: [Float(index), 0, 0].span, actions: [0, 0].span, reward: reward,
          nextObservation: [Float(index + 1), 0, 0].span, nextMask: [true, true].span,
          terminated: entry.terminated[index] == 1, truncated: index == entry.rewards.count - 1, into: &replay)
      }
      #expect(replay.count == entry.rewards.count)
      for row in 0..<replay.count {
        let start = Int(replay.value(row: row, column: 0))
        let next = Int(replay.value(row: row, column: layout.nextObservation.lowerBound))
        let ends = replay.value(row: row, column: layout.terminated.lowerBound) == 1
        let target =
          Double(replay.value(row: row, column: layout.reward.lowerBound))
          + (ends ? 0 : Double(replay.value(row: row, column: layout.discount.lowerBound)) * entry.nextValues[next - 1])
        #expect(abs(target - entry.returns[start]) < 1e-5, "n = \(entry.n), start \(start)")
      }
    }
  }
}

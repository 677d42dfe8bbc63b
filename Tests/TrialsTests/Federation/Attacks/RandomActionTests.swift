import Configuration
import Randomness
import ReinforcementLearning
import Snapshots
import Testing
import Trials

struct RandomActionTests {
  /// A frame with choices of a learner: option 3 and the middle of every range, or option 1 of 2 and 4 of 5.
  private func chosen(environments: Int) -> VectorFrame {
    var frame = AttackCases.frame(environments: environments)
    for row in 0..<frame.groups[0].rows {
      frame.groups[0].actions[row] = 3
      frame.groups[0].continuousActions[2 * row] = 1
      frame.groups[0].continuousActions[2 * row + 1] = 10.25
      // The second option of four is forbidden everywhere.
      frame.groups[0].masks[4 * row + 1] = false
    }
    for row in 0..<frame.groups[1].rows {
      frame.groups[1].actions[2 * row] = 1
      frame.groups[1].actions[2 * row + 1] = 4
      frame.groups[1].masks[7 * row] = false
      frame.groups[1].masks[7 * row + 2] = false
    }
    return frame
  }

  private func isEqual(_ a: VectorFrame, _ b: VectorFrame) -> Bool {
    (0..<2).allSatisfy {
      a.groups[$0].actions == b.groups[$0].actions && a.groups[$0].continuousActions == b.groups[$0].continuousActions
    }
  }

  /// Whether counts are as even as chance makes them: every one within five deviations.
  private func areEven(_ counts: [Int]) -> Bool {
    let total = Double(counts.reduce(0, +))
    let share = 1 / Double(counts.count)
    return counts.allSatisfy { abs(Double($0) - total * share) < 5 * (total * share * (1 - share)).squareRoot() }
  }

  @Test func `every permitted option is as likely as another and no forbidden one is drawn`() throws {
    var attack = try AttackCases.attack(RandomAction.self, "{}")
    var frame = chosen(environments: 20_000)
    attack.corrupt(actions: &frame)
    var (first, second, third) = ([Int](repeating: 0, count: 4), [0, 0], [Int](repeating: 0, count: 5))
    var bins = [[Int]](repeating: [Int](repeating: 0, count: 8), count: 2)
    for row in 0..<frame.groups[0].rows where frame.groups[0].active[row] {
      first[Int(frame.groups[0].actions[row])] += 1
      let (x, y) = (frame.groups[0].continuousActions[2 * row], frame.groups[0].continuousActions[2 * row + 1])
      #expect((-1...3).contains(x) && (10...10.5).contains(y))
      bins[0][min(7, Int((x + 1) * 2))] += 1
      bins[1][min(7, Int((y - 10) * 16))] += 1
    }
    for row in 0..<frame.groups[1].rows where frame.groups[1].active[row] {
      second[Int(frame.groups[1].actions[2 * row])] += 1
      third[Int(frame.groups[1].actions[2 * row + 1])] += 1
    }
    #expect(first[1] == 0 && areEven([first[0], first[2], first[3]]))
    #expect(second[0] == 0 && third[0] == 0 && areEven(Array(third[1...])))
    #expect(areEven(bins[0]) && areEven(bins[1]))
  }

  @Test func `who is not there keeps what stands in the frame`() throws {
    var attack = try AttackCases.attack(RandomAction.self, "{}")
    var frame = chosen(environments: 1)
    for _ in 0..<50 {
      attack.corrupt(actions: &frame)
      #expect(frame.groups[0].actions[1] == 3 && frame.groups[0].continuousActions[2] == 1)
    }
  }

  @Test func `the learner records what it chose, or what was done`() throws {
    let start = chosen(environments: 8)
    var hidden = try AttackCases.attack(RandomAction.self, "{}")
    var open = try AttackCases.attack(RandomAction.self, "learner_sees: executed")
    for _ in 0..<3 {
      var (frame, other) = (start, start)
      hidden.corrupt(actions: &frame)
      open.corrupt(actions: &other)
      #expect(!isEqual(frame, start) && isEqual(frame, other))
      let done = other
      hidden.corrupt(outcomes: &frame)
      open.corrupt(outcomes: &other)
      #expect(isEqual(frame, start) && isEqual(other, done))
    }
  }

  @Test func `a share of the actions is replaced`() throws {
    var attack = try AttackCases.attack(RandomAction.self, "probability: 0.3")
    var frame = chosen(environments: 10_000)
    attack.corrupt(actions: &frame)
    let replaced = (0..<frame.groups[0].rows).count { frame.groups[0].continuousActions[2 * $0] != 1 }
    let rows = Double(frame.groups[0].active.count { $0 })
    #expect(abs(Double(replaced) - 0.3 * rows) < 5 * (0.21 * rows).squareRoot())
  }

  @Test func `a restored attack goes on as the saved one`() throws {
    var attack = try AttackCases.attack(RandomAction.self, "{}", seed: 5)
    var other = try AttackCases.attack(RandomAction.self, "{}", seed: 6)
    var (frame, twin) = (chosen(environments: 5), chosen(environments: 5))
    attack.corrupt(actions: &frame)
    try other.restore(from: attack.snapshot())
    attack.corrupt(actions: &frame)
    other.corrupt(actions: &twin)
    #expect(isEqual(frame, twin))
    #expect(throws: SnapshotError.self) { try other.restore(from: Snapshot()) }
  }

  @Test(arguments: ["probability: 0", "probability: 1.5", "learner_sees: nothing", "chance: 1"])
  func `wrong keys get a sentence`(keys: String) throws {
    #expect(throws: ConfigurationError.self) { _ = try AttackCases.attack(RandomAction.self, keys) }
  }
}

import ReinforcementLearning
import Snapshots
import Testing

struct ControllerTests {
  /// Four kinds of action spaces with some options forbidden; nothing ever happens.
  struct Choices: Environment {
    static let masks: [[Bool]] = [
      [true, false, true, true, false, false, true, false], [true, false, true, true, true], [], [false, true],
    ]
    let groups: [AgentGroup] = {
      let observation = ObservationSpace([ObservationField("a", unit: "1", in: 0...1, "nothing")])
      let actions: [(Int, ActionSpace)] = [
        (2, .discrete(labels: ["a", "b", "c", "d"])), (1, .multiDiscrete([3, 2])), (1, .box([-2...4, 10...11])),
        (1, .hybrid(labels: ["a", "b"], box: [5...9])),
      ]
      return actions.enumerated().map {
        AgentGroup(name: "\($0)", count: $1.0, observation: observation, action: $1.1)
      }
    }()
    mutating func reset(seed: UInt64) {}
    mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) { outcome.clear() }
    func observe(group: Int, into values: inout MutableSpan<Float>) {
      for index in 0..<values.count { values[index] = 0 }
    }
    func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
      for index in 0..<mask.count { mask[index] = Self.masks[group][index] }
    }
    func idleAction(for agent: Int) -> AgentAction { AgentAction() }
    func snapshot() -> Snapshot { Snapshot() }
    mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {}
  }

  /// Σ (observed − expected)² / expected for equally likely outcomes.
  static func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test func `chance is uniform over the permitted options and never takes another`() {
    let world = Choices()
    var controller = RandomController(for: world)
    controller.begin(seed: 3)
    var action = JointAction(for: world.groups)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 4), count: 5)
    for _ in 0..<30_000 {
      controller.act(in: world, &action)
      for choice in 0..<5 { counts[choice][Int(action.discrete[choice])] += 1 }
    }
    let permitted = [[0, 2, 3], [2], [0, 2], [0, 1], [1]]
    // The 99.9 % points of chi-square with 0, 1 and 2 degrees of freedom.
    let bounds = [1e-9, 10.83, 13.82]
    for (choice, options) in permitted.enumerated() {
      let drawn = options.map { counts[choice][$0] }
      #expect(drawn.reduce(0, +) == 30_000)
      #expect(Self.chiSquare(drawn) < bounds[options.count - 1])
    }
  }

  @Test func `chance is uniform over the ranges of a box`() {
    let world = Choices()
    var controller = RandomController(for: world)
    controller.begin(seed: 4)
    var action = JointAction(for: world.groups)
    let ranges: [ClosedRange<Float>] = [-2...4, 10...11, 5...9]
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 3)
    for _ in 0..<20_000 {
      controller.act(in: world, &action)
      for (index, range) in ranges.enumerated() {
        let value = action.continuous[index]
        #expect(range.contains(value))
        counts[index][min(9, Int(10 * (value - range.lowerBound) / (range.upperBound - range.lowerBound)))] += 1
      }
    }
    // The 99.9 % point of chi-square with 9 degrees of freedom.
    for drawn in counts { #expect(Self.chiSquare(drawn) < 27.88) }
  }

  @Test func `a seed decides what chance does`() {
    let world = Choices()
    func actions(_ controller: inout RandomController<Choices>, seed: UInt64) -> [JointAction] {
      controller.begin(seed: seed)
      return (0..<5).map { _ in
        var action = JointAction(for: world.groups)
        controller.act(in: world, &action)
        return action
      }
    }
    var controller = RandomController(for: world)
    let first = actions(&controller, seed: 1)
    let other = actions(&controller, seed: 2)
    #expect(actions(&controller, seed: 1) == first && other != first)
  }
}

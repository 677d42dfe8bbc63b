public import Configuration
import Agents
import Randomness
public import ReinforcementLearning
public import Snapshots

/// `random-action`: the world is given permitted actions drawn evenly instead of those that the learner chose, as by
/// a broken actuator.
///
/// Keys: `probability`, more than 0 and at most 1, by default 1, with which an agent's action is replaced in a step;
/// `learner_sees`, `chosen` or `executed`, by default `chosen`: the action that the learner then records. Who learns
/// from stored experience learns well from random actions if it knows of them, as from exploration; what misleads it
/// is the reward of an action that it believes to have taken. Learners that follow their own policy (PPO) record
/// what they chose in either case.
///
/// Source: X. Fan et al., "Fault-tolerant federated reinforcement learning with theoretical guarantee", NeurIPS 2021.
public struct RandomAction: Attack {
  public static let name = "random-action"
  public static let summary = "permitted actions drawn evenly instead of the chosen ones"

  private enum Sight: String, CaseIterable {
    case chosen
    case executed
  }

  private let probability: Double
  private let sight: Sight
  private var stream = RandomStream(seed: 0)
  /// The chosen actions, for each group, between the choice and the record.
  private var integers: [[Int32]] = []
  private var numbers: [[Float]] = []

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    probability = try mapping.number("probability", in: .positive.to(1), default: 1)
    sight = try mapping.choice("learner_sees", default: .chosen)
  }

  public mutating func begin(seed: UInt64) { stream = RandomStream(seed: seed) }

  public mutating func corrupt(actions frame: inout VectorFrame) {
    if integers.isEmpty {
      integers = frame.groups.map(\.actions)
      numbers = frame.groups.map(\.continuousActions)
    }
    for group in 0..<frame.groups.count {
      Self.copy(frame.groups[group].actions, into: &integers[group])
      Self.copy(frame.groups[group].continuousActions, into: &numbers[group])
      for row in 0..<frame.groups[group].rows where frame.groups[group].active[row] {
        if stream.uniform() < probability { replace(row, of: &frame.groups[group]) }
      }
    }
  }

  public mutating func corrupt(outcomes frame: inout VectorFrame) {
    guard sight == .chosen else { return }
    for group in 0..<integers.count {
      Self.copy(integers[group], into: &frame.groups[group].actions)
      Self.copy(numbers[group], into: &frame.groups[group].continuousActions)
    }
  }

  private static func copy<Element>(_ values: [Element], into place: inout [Element]) {
    for index in 0..<values.count { place[index] = values[index] }
  }

  private mutating func replace(_ row: Int, of part: inout VectorFrame.Group) {
    switch part.group.action {
    case .discrete(let labels): part.actions[row] = permitted(row * labels.count, labels.count, part.masks)
    case .multiDiscrete(let options):
      var first = row * part.group.action.maskCount
      for (choice, count) in options.enumerated() {
        part.actions[row * options.count + choice] = permitted(first, count, part.masks)
        first += count
      }
    case .box(let ranges): draw(ranges, row, &part.continuousActions)
    case .hybrid(let labels, let ranges):
      part.actions[row] = permitted(row * labels.count, labels.count, part.masks)
      draw(ranges, row, &part.continuousActions)
    }
  }

  /// One of the permitted options among `count` from `first` on, each equally likely; the first if there is none.
  private mutating func permitted(_ first: Int, _ count: Int, _ masks: [Bool]) -> Int32 {
    var left = 0
    for option in 0..<count where masks[first + option] { left += 1 }
    guard left > 0 else { return 0 }
    left = stream.integer(below: left)
    for option in 0..<count where masks[first + option] {
      if left == 0 { return Int32(option) }
      left -= 1
    }
    return 0
  }

  private mutating func draw(_ ranges: [ClosedRange<Float>], _ row: Int, _ values: inout [Float]) {
    for (index, range) in ranges.enumerated() {
      let place = Float(stream.uniform())
      values[row * ranges.count + index] =
        min(range.upperBound, range.lowerBound + (range.upperBound - range.lowerBound) * place)
    }
  }

  /// The state between two steps.
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("stream", stream.words)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    stream = try snapshot.stream("stream")
  }
}

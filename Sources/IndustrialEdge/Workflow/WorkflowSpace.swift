import EdgeCloud
import ReinforcementLearning

/// What the scheduler sees and says.
///
/// With discrete actions an integer is the device at each clock setting, then servers, then the cloud's processors; with
/// hybrid actions the device is one of them and the clock a number; with continuous ones every node has a score.
struct WorkflowSpace: Sendable {
  let kind: HallParameters.Actions
  let nodes: Int
  let clocks: [Double]
  let observation: ObservationSpace
  let action: ActionSpace

  /// Fields before those of the nodes, and of each node.
  static let ownFields = 8
  static let nodeFields = 5
  /// Beyond so many shortest paths times are alike.
  static let horizon: ClosedRange<Float> = 0...100

  init(_ parameters: WorkflowParameters) {
    kind = parameters.actions
    nodes = parameters.nodes
    clocks = parameters.device.clocks
    let places =
      (0..<parameters.edge.count).map { "server \($0 + 1)" }
      + (0..<parameters.cloud.count).map { parameters.cloud.count == 1 ? "cloud" : "cloud \($0 + 1)" }
    let share = Float(clocks[0])...1
    switch parameters.actions {
    case .discrete:
      action = .discrete(labels: clocks.map { "device at \(Int(($0 * 100).rounded())) % clock" } + places)
    case .hybrid: action = .hybrid(labels: ["device"] + places, box: [share])
    case .continuous: action = .box([ClosedRange<Float>](repeating: -1...1, count: nodes) + [share])
    }
    var fields = [
      ObservationField("tasks_left_share", unit: "1", in: 0...1, "share of the tasks that are not placed yet"),
      ObservationField("makespan", unit: "1", in: Self.horizon, "end of all that is placed, in shortest paths"),
      ObservationField("rank_share", unit: "1", in: 0...1, "upward rank of the task over the highest"),
      ObservationField("level_share", unit: "1", in: 0...1, "level of the task over the deepest"),
      ObservationField("work", unit: "1", in: Self.horizon, "cycles of the task over the mean"),
      ObservationField("output", unit: "1", in: Self.horizon, "bits that it gives over the mean of all tasks"),
      ObservationField("predecessors", unit: "1", in: Self.horizon, "tasks that it waits for"),
      ObservationField("successors", unit: "1", in: Self.horizon, "tasks that wait for it"),
    ]
    for name in ["device"] + places.map({ $0.split(separator: " ").joined(separator: "_") }) {
      fields += [
        ObservationField("\(name)_permitted", unit: "1", in: 0...1, "whether the task may run there"),
        ObservationField("\(name)_free", unit: "1", in: Self.horizon, "end of all that runs there, in shortest paths"),
        ObservationField("\(name)_ready", unit: "1", in: Self.horizon, "arrival of what it needs, in shortest paths"),
        ObservationField("\(name)_duration", unit: "1", in: Self.horizon, "time at full clock, in shortest paths"),
        ObservationField("\(name)_finish", unit: "1", in: Self.horizon, "end at full clock, in shortest paths"),
      ]
    }
    observation = ObservationSpace(fields)
  }

  /// The node of an option of the mask.
  func node(of option: Int) -> Int { kind == .discrete ? max(0, option - clocks.count + 1) : option }

  /// Node and clock of an action; integers that mean nothing are the device at the lowest setting.
  func decision(_ joint: borrowing JointAction) -> (node: Int, clock: Double) {
    switch kind {
    case .discrete:
      let option = Int(joint.discrete[0])
      guard (0..<clocks.count + nodes - 1).contains(option) else { return (0, clocks[0]) }
      return option < clocks.count ? (0, clocks[option]) : (node(of: option), 1)
    case .hybrid:
      let option = Int(joint.discrete[0])
      return ((0..<nodes).contains(option) ? option : 0, share(joint.continuous[0]))
    case .continuous:
      var best = 0
      var highest = -Float.infinity
      for node in 0..<nodes where joint.continuous[node] > highest {
        best = node
        highest = joint.continuous[node]
      }
      return (best, share(joint.continuous[nodes]))
    }
  }

  private func share(_ number: Float) -> Double {
    number.isNaN ? clocks[0] : min(max(Double(number), clocks[0]), 1)
  }

  /// The action that says a node and a clock; with settings, the slowest that is at least as fast.
  func action(node: Int, clock: Double) -> AgentAction {
    switch kind {
    case .discrete:
      let setting = clocks.firstIndex { $0 >= clock - 1e-9 } ?? clocks.count - 1
      return AgentAction(discrete: [Int32(node == 0 ? setting : clocks.count - 1 + node)])
    case .hybrid: return AgentAction(discrete: [Int32(node)], continuous: [Float(clock)])
    case .continuous:
      return AgentAction(continuous: (0..<nodes).map { $0 == node ? 1 : -1 } + [Float(clock)])
    }
  }
}

extension WorkflowPlacement {
  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let range = WorkflowSpace.horizon
    func ratio(_ value: Double, _ unit: Double) -> Float {
      let number = Float(value / unit)
      return number.isNaN ? 0 : min(max(number, range.lowerBound), range.upperBound)
    }
    for index in 0..<values.count { values[index] = 0 }
    values[0] = Float(order.count - placed) / Float(order.count)
    values[1] = ratio(makespan_s, reference_s)
    guard let task else { return }
    let graph = problem.graph
    values[2] = rank[order[0]] > 0 ? min(Float(rank[task] / rank[order[0]]), 1) : 0
    values[3] = graph.depth > 1 ? Float(graph.level[task]) / Float(graph.depth - 1) : 0
    values[4] = ratio(graph.cycles[task], meanCycles)
    values[5] = ratio(outputBits(of: task), meanOutput_bits)
    values[6] = min(Float(graph.predecessors(of: task).count), range.upperBound)
    values[7] = min(Float(graph.successors(of: task).count), range.upperBound)
    for node in 0..<problem.nodes {
      let first = WorkflowSpace.ownFields + node * WorkflowSpace.nodeFields
      values[first + 1] = ratio(timeline.free_s(node), reference_s)
      guard problem.permits(task: task, node: node) else { continue }
      values[first] = 1
      values[first + 2] = ratio(ready_s(task, on: node), reference_s)
      values[first + 3] = ratio(problem.duration_s(task: task, node: node), reference_s)
      values[first + 4] = ratio(finish_s(task, on: node), reference_s)
    }
  }

  private func outputBits(of task: Int) -> Double {
    var bits = 0.0
    for edge in problem.graph.successors(of: task) { bits += problem.graph.dependencies[edge].bits }
    return bits
  }
}

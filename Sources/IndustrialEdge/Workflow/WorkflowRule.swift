import EdgeCloud
public import ReinforcementLearning

/// A rule that places task after task from what is placed already.
public struct WorkflowRule: Controller {
  public typealias World = WorkflowPlacement

  /// Which node it takes among those that are permitted.
  public enum Choice: Sendable, Equatable {
    /// The device at full clock.
    case local
    /// The fastest server; the device where a task is bound to it.
    case edge
    /// The cloud's first processor that is free; the device where a task is bound to it.
    case cloud
    /// All nodes in turn.
    case roundRobin
    /// The node that has done first what it was given.
    case leastLoaded
    /// The node where the task ends first.
    case earliestFinish
  }

  private let choice: Choice
  private var turn = 0

  /// A rule by its choice.
  public init(_ choice: Choice) { self.choice = choice }

  public mutating func begin(seed: UInt64) { turn = 0 }

  public mutating func act(in world: borrowing WorkflowPlacement, _ action: inout JointAction) {
    guard let task = world.task else { return }
    let edges = world.parameters.edge.count
    let node: Int
    switch choice {
    case .local: node = best(task, in: world, among: 0..<1) { _ in 0 }
    case .edge: node = best(task, in: world, among: 1..<1 + edges) { world.problem.duration_s(task: task, node: $0) }
    case .cloud: node = best(task, in: world, among: 1 + edges..<world.problem.nodes) { world.free_s($0) }
    case .roundRobin:
      node =
        (0..<world.problem.nodes).map { (turn + $0) % world.problem.nodes }
        .first { world.problem.permits(task: task, node: $0) } ?? 0
      turn = node + 1
    case .leastLoaded: node = best(task, in: world, among: 0..<world.problem.nodes) { world.free_s($0) }
    case .earliestFinish:
      node = best(task, in: world, among: 0..<world.problem.nodes) { world.finish_s(task, on: $0) }
    }
    world.write(node: node, clock: 1, into: &action)
  }

  /// The node of least cost among those of a range that are permitted, the first of equals; where there is none, the
  /// first permitted of all.
  private func best(
    _ task: Int, in world: borrowing WorkflowPlacement, among nodes: Range<Int>, cost: (Int) -> Double
  ) -> Int {
    var best: Int?
    var least = Double.infinity
    for node in nodes where world.problem.permits(task: task, node: node) {
      let value = cost(node)
      if best == nil || value < least {
        best = node
        least = value
      }
    }
    return best ?? (0..<world.problem.nodes).first { world.problem.permits(task: task, node: $0) } ?? 0
  }
}

/// A rule that plans a whole graph before its first task is placed, knowing all times.
///
/// The plan says nodes and clocks; the order of the tasks is the world's.
public struct WorkflowPlan: Controller {
  public typealias World = WorkflowPlacement

  private let plan: @Sendable (borrowing WorkflowPlacement) -> (node: [Int], clock: [Double])
  private var node: [Int] = []
  private var clock: [Double] = []

  /// A rule by its plan: the node of each task, and its share of the full clock if that is the device.
  public init(_ plan: @escaping @Sendable (borrowing WorkflowPlacement) -> (node: [Int], clock: [Double])) {
    self.plan = plan
  }

  public mutating func begin(seed: UInt64) { node = [] }

  public mutating func act(in world: borrowing WorkflowPlacement, _ action: inout JointAction) {
    guard let task = world.task else { return }
    if world.placed == 0 || node.isEmpty { (node, clock) = plan(world) }
    world.write(node: node[task], clock: clock[task], into: &action)
  }
}

extension WorkflowPlacement {
  /// Writes a placement as the agent says it.
  public func write(node: Int, clock: Double, into joint: inout JointAction) {
    let action = space.action(node: node, clock: clock)
    for index in action.discrete.indices { joint.discrete[index] = action.discrete[index] }
    for index in action.continuous.indices { joint.continuous[index] = action.continuous[index] }
  }
}

public import EdgeCloud

/// Service requests that share edge nodes: each is a task graph with a deadline, each node can take so much work.
///
/// cost = 1 − share of requests on time + w_b · variance of the nodes' use + w_o · Σ_p max(0, use_p − 1), where a node's use
/// is its busy time over its capacity. Requests run in one schedule, in the order of falling upward rank. The form of
/// the objective follows iGATS (``AdaptiveGeneticSearch``); its weights are ours.
public struct RequestPlacement: AssignmentProblem, Sendable {
  /// The request of each task.
  public let request: [Int]
  /// When each request must have ended.
  public let deadline_s: [Double]
  /// The busy time that each node can take.
  public let capacity_s: [Double]
  /// w_b, the weight of unbalance.
  public let balanceWeight: Double
  /// w_o, the weight of overload.
  public let overloadWeight: Double

  private var decoder: ScheduleDecoder
  private var busy: [Double]
  private var late: [Bool]

  /// Requests by the problem of all their tasks, the request of each task, and the limits.
  public init(
    _ problem: SchedulingProblem, request: [Int], deadline_s: [Double], capacity_s: [Double],
    balanceWeight: Double = 0.1, overloadWeight: Double = 10
  ) {
    precondition(request.count == problem.tasks, "\(request.count) entries do not fit \(problem.tasks) tasks")
    precondition(
      request.allSatisfy { deadline_s.indices.contains($0) }, "every task needs one of \(deadline_s.count) requests")
    precondition(
      capacity_s.count == problem.nodes && capacity_s.allSatisfy { $0 > 0 },
      "\(problem.nodes) nodes need as many capacities above 0")
    self.request = request
    self.deadline_s = deadline_s
    self.capacity_s = capacity_s
    self.balanceWeight = balanceWeight
    self.overloadWeight = overloadWeight
    decoder = ScheduleDecoder(problem)
    busy = [Double](repeating: 0, count: problem.nodes)
    late = [Bool](repeating: false, count: deadline_s.count)
  }

  public var genes: Int { request.count }

  public func options(of gene: Int) -> Int { decoder.problem.nodes }

  public func permits(_ option: Int, gene: Int) -> Bool { decoder.problem.permits(task: gene, node: option) }

  public mutating func cost(of assignment: [Int]) -> Double {
    let outcome = outcome(of: assignment)
    return 1 - outcome.onTime + balanceWeight * outcome.variance + overloadWeight * outcome.overload
  }

  /// The share of requests on time, the variance of the nodes' use, and by how much use exceeds 1 in all.
  public mutating func outcome(of assignment: [Int]) -> (onTime: Double, variance: Double, overload: Double) {
    _ = decoder.makespan_s(assignment)
    for index in late.indices { late[index] = false }
    for task in assignment.indices where decoder.finish_s(of: task) > deadline_s[request[task]] {
      late[request[task]] = true
    }
    measure(assignment)
    var mean = 0.0
    var overload = 0.0
    for node in busy.indices {
      mean += busy[node] / capacity_s[node] / Double(busy.count)
      overload += max(0, busy[node] / capacity_s[node] - 1)
    }
    var variance = 0.0
    for node in busy.indices {
      let difference = busy[node] / capacity_s[node] - mean
      variance += difference * difference / Double(busy.count)
    }
    return (Double(late.count { !$0 }) / Double(late.count), variance, overload)
  }

  /// Moves tasks off nodes whose use exceeds 1, in ascending order, each to the permitted node whose use is least with
  /// it, if that has room.
  public mutating func repair(_ assignment: inout [Int]) {
    measure(assignment)
    let problem = decoder.problem
    for task in assignment.indices where busy[assignment[task]] > capacity_s[assignment[task]] {
      var best: Int?
      var least = 1.0
      for node in 0..<problem.nodes where node != assignment[task] && problem.permits(task: task, node: node) {
        let use = (busy[node] + problem.duration_s(task: task, node: node)) / capacity_s[node]
        if best == nil ? use <= least : use < least {
          best = node
          least = use
        }
      }
      guard let best else { continue }
      busy[assignment[task]] -= problem.duration_s(task: task, node: assignment[task])
      busy[best] += problem.duration_s(task: task, node: best)
      assignment[task] = best
    }
  }

  private mutating func measure(_ assignment: [Int]) {
    for node in busy.indices { busy[node] = 0 }
    for task in assignment.indices {
      busy[assignment[task]] += decoder.problem.duration_s(task: task, node: assignment[task])
    }
  }
}

public import EdgeCloud

/// The shortest schedule of a graph as a mixed-integer linear program.
///
/// Binaries x_ip put task i on node p, o_ij orders two tasks that do not wait for each other, s_i ≥ 0 is a start, and
/// C is minimised:
///
///     Σ_p x_ip = 1,  s_i + Σ_p w_ip x_ip ≤ C,  s_i ≥ Σ_p A_p x_ip
///     s_j ≥ s_i + Σ_p w_ip x_ip                                         for each edge i → j,
///     s_j ≥ s_i + Σ_p w_ip x_ip + c_ij(p, q) (x_ip + x_jq − 1)           for its nodes p ≠ q,
///     s_j ≥ s_i + w_ip − M (3 − x_ip − x_jp − o_ij),
///     s_i ≥ s_j + w_jp − M (2 − x_ip − x_jp + o_ij)                      for each node p and unordered pair i < j,
///
/// M an upper bound on the makespan, a millionth above that of a schedule, so that rounding does not exclude it. Two rows
/// that every schedule keeps tighten the program: s_i is no sooner than the least path before task i, and no node works
/// longer than C.
public struct MakespanProgram: Sendable {
  /// The problem.
  public let problem: SchedulingProblem
  /// The program.
  public let program: LinearProgram
  private let places: [[Int: LinearProgram.Variable]]
  private let orders: [(first: Int, second: Int, variable: LinearProgram.Variable)]
  private let starts: [LinearProgram.Variable]
  private let end: LinearProgram.Variable

  /// The program of a problem. `upperBound_s` is M, that of HEFT if it is left out; no schedule longer than it is allowed.
  public init(_ problem: SchedulingProblem, upperBound_s: Double? = nil) {
    typealias Term = LinearProgram.Term
    let limit = (upperBound_s ?? HEFT().schedule(problem).makespan_s) * (1 + 1e-6)
    let graph = problem.graph
    var program = LinearProgram()
    let end = program.variable("C", in: 0...limit, cost: 1)
    let starts = (0..<problem.tasks).map { program.variable("s_\($0)", in: 0...limit) }
    let places = (0..<problem.tasks).map { task in
      Dictionary(
        uniqueKeysWithValues: (0..<problem.nodes).filter { problem.permits(task: task, node: $0) }.map {
          ($0, program.variable("x_\(task)_\($0)", in: 0...1, isWhole: true))
        })
    }
    let permitted = places.map { $0.sorted { $0.key < $1.key } }
    func duration(_ task: Int, _ sign: Double) -> [Term] {
      permitted[task].map { Term(sign * problem.duration_s(task: task, node: $0.key), $0.value) }
    }
    let heads = Self.heads_s(problem)
    for task in 0..<problem.tasks {
      program.row("one_\(task)", permitted[task].map { Term(1, $0.value) }, .equal, 1)
      program.row("end_\(task)", [Term(1, end), Term(-1, starts[task])] + duration(task, -1), .atLeast, 0)
      program.row(
        "free_\(task)", [Term(1, starts[task])] + permitted[task].map { Term(-problem.available_s[$0.key], $0.value) },
        .atLeast, 0)
      if heads[task] > 0 { program.row("head_\(task)", [Term(1, starts[task])], .atLeast, heads[task] * (1 - 1e-9)) }
    }
    for (index, edge) in graph.dependencies.enumerated() {
      let base = [Term(1, starts[edge.target]), Term(-1, starts[edge.source])] + duration(edge.source, -1)
      program.row("edge_\(index)", base, .atLeast, 0)
      for (p, from) in permitted[edge.source] {
        for (q, to) in permitted[edge.target] where p != q {
          let time = problem.transfer_s(edge: index, from: p, to: q)
          if time > 0 {
            program.row("send_\(index)_\(p)_\(q)", base + [Term(-time, from), Term(-time, to)], .atLeast, -time)
          }
        }
      }
    }
    let behind = Self.descendants(graph)
    var orders: [(first: Int, second: Int, variable: LinearProgram.Variable)] = []
    for i in 0..<problem.tasks {
      for j in i + 1..<max(i + 1, problem.tasks) where !behind[i].contains(j) && !behind[j].contains(i) {
        let shared = permitted[i].filter { places[j][$0.key] != nil }
        guard !shared.isEmpty else { continue }
        let first = program.variable("o_\(i)_\(j)", in: 0...1, isWhole: true)
        orders.append((i, j, first))
        for (p, here) in shared {
          guard let there = places[j][p] else { continue }
          let (w, v) = (problem.duration_s(task: i, node: p), problem.duration_s(task: j, node: p))
          let (a, b) = (limit + w, limit + v)
          program.row(
            "before_\(i)_\(j)_\(p)",
            [Term(1, starts[j]), Term(-1, starts[i]), Term(-a, here), Term(-a, there), Term(-a, first)], .atLeast,
            w - 3 * a)
          program.row(
            "after_\(i)_\(j)_\(p)",
            [Term(1, starts[i]), Term(-1, starts[j]), Term(-b, here), Term(-b, there), Term(b, first)], .atLeast,
            v - 2 * b)
        }
      }
    }
    for p in 0..<problem.nodes {
      let work = (0..<problem.tasks).compactMap { task in
        places[task][p].map { Term(-problem.duration_s(task: task, node: p), $0) }
      }
      program.row("work_\(p)", [Term(1, end)] + work, .atLeast, 0)
    }
    self.problem = problem
    self.program = program
    self.places = places
    self.orders = orders
    self.starts = starts
    self.end = end
  }

  /// The point of a schedule that is no longer than M; feasible, and its objective is the makespan.
  public func point(_ schedule: TaskSchedule) -> [Double] {
    var point = [Double](repeating: 0, count: program.variableCount)
    point[end.index] = schedule.makespan_s
    for task in starts.indices {
      point[starts[task].index] = schedule.start_s[task]
      if let place = places[task][schedule.node[task]] { point[place.index] = 1 }
    }
    for order in orders {
      let (a, b) = (order.first, order.second)
      let isFirst = (schedule.start_s[a], schedule.finish_s[a]) <= (schedule.start_s[b], schedule.finish_s[b])
      point[order.variable.index] = isFirst ? 1 : 0
    }
    return point
  }

  /// A time before which no schedule can start a task.
  private static func heads_s(_ problem: SchedulingProblem) -> [Double] {
    var head = [Double](repeating: 0, count: problem.tasks)
    for task in problem.graph.topologicalOrder {
      for edge in problem.graph.predecessors(of: task) {
        let source = problem.graph.dependencies[edge].source
        head[task] = max(head[task], head[source] + problem.leastDuration_s(task: source))
      }
    }
    return head
  }

  private static func descendants(_ graph: TaskGraph) -> [Set<Int>] {
    var behind = [Set<Int>](repeating: [], count: graph.count)
    for task in graph.topologicalOrder.reversed() {
      for edge in graph.successors(of: task) {
        let target = graph.dependencies[edge].target
        behind[task].formUnion(behind[target])
        behind[task].insert(target)
      }
    }
    return behind
  }
}

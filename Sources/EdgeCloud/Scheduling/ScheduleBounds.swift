/// Times that no schedule of a problem can beat.
public enum ScheduleBounds {
  /// CP_MIN: the longest path with each task's least time and without transfers.
  public static func criticalPath_s(_ problem: SchedulingProblem) -> Double {
    var finish = [Double](repeating: 0, count: problem.tasks)
    for task in problem.graph.topologicalOrder {
      for edge in problem.graph.predecessors(of: task) {
        finish[task] = max(finish[task], finish[problem.graph.dependencies[edge].source])
      }
      finish[task] += problem.leastDuration_s(task: task)
    }
    return finish.reduce(0, max)
  }

  /// Σ min_p w_ip / m where all nodes are free from the start: all work at its least, spread evenly.
  public static func area_s(_ problem: SchedulingProblem) -> Double {
    even_s(problem.available_s, work_s: (0..<problem.tasks).reduce(0) { $0 + problem.leastDuration_s(task: $1) })
  }

  /// The least M with Σ_p max(0, M − A_p) ≥ W: when work ends that can be spread over nodes as water over a floor.
  package static func even_s(_ free: [Double], work_s: Double) -> Double {
    let floor = free.sorted()
    var sum = work_s
    for (index, level) in floor.enumerated() {
      sum += level
      let end = sum / Double(index + 1)
      if index + 1 == floor.count || end <= floor[index + 1] { return end }
    }
    return 0
  }

  /// The longest path with transfers, each of its tasks on the node that suits that path best.
  ///
  /// F(j, q) = w_jq + max(A_q, max over predecessors i of min over nodes p of (F(i, p) + c_ij(p, q))) is no later than task
  /// j can end on node q: by induction each predecessor ends on some node p no sooner than F(i, p). Never below
  /// ``criticalPath_s(_:)``. O(edges · nodes²).
  public static func path_s(_ problem: SchedulingProblem) -> Double {
    let nodes = problem.nodes
    var finish = [Double](repeating: .infinity, count: problem.tasks * nodes)
    var bound = 0.0
    for task in problem.graph.topologicalOrder {
      var least = Double.infinity
      for node in 0..<nodes where problem.permits(task: task, node: node) {
        var ready = problem.available_s[node]
        for edge in problem.graph.predecessors(of: task) {
          let source = problem.graph.dependencies[edge].source
          var arrival = Double.infinity
          for other in 0..<nodes {
            arrival = min(
              arrival, finish[source * nodes + other] + problem.transfer_s(edge: edge, from: other, to: node))
          }
          ready = max(ready, arrival)
        }
        finish[task * nodes + node] = ready + problem.duration_s(task: task, node: node)
        least = min(least, finish[task * nodes + node])
      }
      bound = max(bound, least)
    }
    return bound
  }

  /// The best of the bounds here.
  public static func best_s(_ problem: SchedulingProblem) -> Double { max(path_s(problem), area_s(problem)) }

  /// How long, after a task's end on a node, the paths behind it last at least, [task × node], row by row.
  ///
  /// T(i, p) = max over successors j of min over nodes q of (c_ij(p, q) + w_jq + T(j, q)).
  package static func tails_s(_ problem: SchedulingProblem) -> [Double] {
    let nodes = problem.nodes
    var tail = [Double](repeating: 0, count: problem.tasks * nodes)
    for task in problem.graph.topologicalOrder.reversed() {
      for edge in problem.graph.successors(of: task) {
        let target = problem.graph.dependencies[edge].target
        for node in 0..<nodes {
          var least = Double.infinity
          for other in 0..<nodes {
            let cost = problem.duration_s(task: target, node: other) + tail[target * nodes + other]
            least = min(least, cost + problem.transfer_s(edge: edge, from: node, to: other))
          }
          tail[task * nodes + node] = max(tail[task * nodes + node], least)
        }
      }
    }
    return tail
  }
}

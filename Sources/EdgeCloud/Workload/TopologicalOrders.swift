extension TaskGraph {
  /// In how many orders the tasks can be done one after another; for at most 64 tasks.
  ///
  /// Orders are summed over the sets of tasks that can be done first, level by level. Time and memory grow with the
  /// number of such sets: 2ⁿ at worst, and few where the graph is narrow. Exact up to 2⁵³.
  public func topologicalOrderCount() -> Double {
    precondition(count <= 64, "orders are counted for at most 64 tasks, not \(count)")
    let needs = (0..<count).map { task in
      predecessors(of: task).reduce(into: UInt64(0)) { $0 |= 1 << UInt64(dependencies[$1].source) }
    }
    var ways: [UInt64: Double] = [0: 1]
    for _ in 0..<count {
      var next: [UInt64: Double] = [:]
      for (done, number) in ways {
        for task in 0..<count where done & (1 << UInt64(task)) == 0 && needs[task] & ~done == 0 {
          next[done | 1 << UInt64(task), default: 0] += number
        }
      }
      ways = next
    }
    return ways.values.reduce(0, +)
  }
}

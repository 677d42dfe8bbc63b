/// Task graphs of known algorithms, with one cycle a task and one bit an edge; costs are drawn by ``GraphCosts``.
///
/// Both after H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260.
extension TaskGraph {
  /// The fast Fourier transform of 2^`exponent` points: a binary tree of recursive calls, then a butterfly.
  ///
  /// It has 2^(m+1) − 1 calls and m·2^m butterfly tasks; every path from the root to an end has 2m + 1 tasks.
  public static func fastFourierTransform(exponent: Int) -> TaskGraph {
    precondition((0...16).contains(exponent), "an exponent lies in 0 … 16, not at \(exponent)")
    let points = 1 << exponent
    let calls = 2 * points - 1
    var targets = [Set<Int>](repeating: [], count: calls + exponent * points)
    for call in 0..<points - 1 { targets[call] = [2 * call + 1, 2 * call + 2] }
    for stage in 0..<exponent {
      let before = points - 1 + stage * points
      for point in 0..<points {
        targets[before + point] = [before + points + point, before + points + (point ^ (1 << stage))]
      }
    }
    return TaskGraph(unit: targets.count, targets: targets)
  }

  /// Gaussian elimination of an m × m matrix: in step k a pivot task, then one update for each column behind it.
  ///
  /// It has (m² + m − 2)/2 tasks, m² − m − 1 edges and 2(m − 1) levels.
  public static func gaussianElimination(size: Int) -> TaskGraph {
    precondition(size > 1, "a matrix to eliminate has at least 2 rows, not \(size)")
    let count = (size * size + size - 2) / 2
    var targets = [Set<Int>](repeating: [], count: count)
    var pivot = 0
    for step in 0..<size - 1 {
      let next = pivot + size - step
      for update in pivot + 1..<next {
        targets[pivot].insert(update)
        if step < size - 2 { targets[update].insert(next + update - pivot - 1) }
      }
      pivot = next
    }
    return TaskGraph(unit: count, targets: targets)
  }
}

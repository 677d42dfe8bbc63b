/// Plain `Double` versions of the kernels, and numbers to try them on.
enum Naive {
  /// `alpha · op(a) · op(b) + beta · c` by three loops.
  static func product(
    _ a: [Float], _ b: [Float], _ c: [Float], _ m: Int, _ k: Int, _ n: Int,
    transposingA: Bool, transposingB: Bool, alpha: Double, beta: Double
  ) -> [Double] {
    var result: [Double] = []
    for row in 0..<m {
      for column in 0..<n {
        var sum = 0.0
        for inner in 0..<k {
          let left = transposingA ? a[inner * m + row] : a[row * k + inner]
          let right = transposingB ? b[column * k + inner] : b[inner * n + column]
          sum += Double(left) * Double(right)
        }
        result.append(alpha * sum + (beta == 0 ? 0 : beta * Double(c[row * n + column])))
      }
    }
    return result
  }

  /// Numbers between -1 and 1 that look irregular, by a linear congruence.
  static func numbers(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed &* 2_654_435_761 &+ 12_345
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
  }
}

/// Whether all elements agree to `tolerance` absolutely.
func agree(_ found: [Float], _ expected: [Double], tolerance: Double = 2e-5) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= tolerance }
}

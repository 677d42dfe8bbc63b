internal import LinearAlgebra

/// The mean of the parameters of several clients, each counted by its weight, summed in 64 bits in the order of the
/// clients.
///
/// Equal parameters give themselves to the bit, for up to 2²⁰ clients and any positive weights with a finite sum: the
/// sum in 64 bits is nearer to their multiple than half a step of 32 bits. A change of the clients' order changes a
/// result by a rounding in the last place at most.
public enum WeightedMean {
  /// Writes Σ wₖ θₖ / Σ wₖ. O(clients × parameters), at the speed of memory.
  ///
  /// - Parameters:
  ///   - updates: at least one, with finite parameters and positive weights.
  ///   - mean: overwritten; as many elements as each update has.
  ///   - equally: whether every client counts the same, whatever its weight.
  public static func write(_ updates: [ClientUpdate], into mean: inout [Float], equally: Bool = false) {
    write(updates.map(\.parameters), weights: updates.map { equally ? 1 : $0.weight }, into: &mean)
  }

  /// Writes Σ wₖ θₖ / Σ wₖ of vectors with a weight each; a weight may be 0 as long as one is not.
  static func write(_ vectors: [[Float]], weights: [Double], into mean: inout [Float]) {
    let total = weights.reduce(0, +)
    precondition(total > 0 && weights.count == vectors.count, "\(vectors.count) vectors with the weights \(weights)")
    var sums = [Double](repeating: 0, count: min(block, mean.count))
    var sumsSpan = sums.mutableSpan
    var meanSpan = mean.mutableSpan
    for start in stride(from: 0, to: meanSpan.count, by: block) {
      let count = min(block, meanSpan.count - start)
      var part = sumsSpan._mutatingExtracting(0..<count)
      for index in 0..<count { part[index] = 0 }
      add(from: start, of: vectors, times: weights, to: &part)
      meanSpan.withPart(start..<start + count) { divide(part.span, by: total, into: &$0) }
    }
  }

  /// How many parameters are summed together: as long as possible, while their sums stay in a near cache.
  private static let block = 8_192
}

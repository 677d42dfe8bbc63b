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
      let range = start..<min(start + block, meanSpan.count)
      var part = sumsSpan._mutatingExtracting(0..<range.count)
      write(vectors, weights: weights, range, sums: &part)
      meanSpan.withPart(range) { divide(part.span, by: total, into: &$0) }
    }
  }

  /// The sums of a block: a pass over them for four clients each.
  private static func write(
    _ vectors: [[Float]], weights: [Double], _ range: Range<Int>, sums: inout MutableSpan<Double>
  ) {
    for index in 0..<sums.count { sums[index] = 0 }
    let whole = vectors.count / 4 * 4
    for client in stride(from: 0, to: whole, by: 4) {
      let (first, second) = (vectors[client], vectors[client + 1])
      let (third, fourth) = (vectors[client + 2], vectors[client + 3])
      add(
        first.span.extracting(range), second.span.extracting(range), third.span.extracting(range),
        fourth.span.extracting(range),
        times: SIMD4(weights[client], weights[client + 1], weights[client + 2], weights[client + 3]), to: &sums)
    }
    for client in whole..<vectors.count {
      let vector = vectors[client]
      add(vector.span.extracting(range), times: weights[client], to: &sums)
    }
  }

  /// The number of parameters whose sums stay in the nearest cache.
  private static let block = 2_048
}

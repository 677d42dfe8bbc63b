internal import LinearAlgebra

/// The cross entropy of the softmax of logits against a target distribution: `-Σ pᵢ log softmax(z)ᵢ`.
///
/// As PyTorch's `cross_entropy` with probabilities as targets. A distribution need not sum to 1.
public enum CrossEntropy {
  /// The loss of one row, with its derivative `softmax(z)·Σp - p` with respect to each logit.
  ///
  /// Safe from overflow; allocates nothing.
  ///
  /// - Parameters:
  ///   - logits: Any number of elements above zero.
  ///   - targets: As many probabilities.
  ///   - gradient: As many, overwritten.
  public static func value(
    _ logits: Span<Float>, against targets: Span<Float>, gradient: inout MutableSpan<Float>
  ) -> Float {
    let count = logits.count
    precondition(
      count > 0 && targets.count == count && gradient.count == count,
      "\(count) logits, \(targets.count) probabilities and \(gradient.count) derivatives have no cross entropy")
    let logarithm = softmax(logits, into: &gradient)
    let mass = sum(targets)
    var likelihood: Float = 0
    for index in 0..<count {
      let p = targets[index]
      likelihood += p == 0 ? 0 : p * (logits[index] - logarithm)
      gradient[index] = gradient[index] * mass - p
    }
    return -likelihood
  }

  /// The mean loss of rows, with the derivatives of the mean.
  ///
  /// - Parameters:
  ///   - logits: `[rows, columns]`.
  ///   - targets: `[rows, columns]`.
  ///   - columns: The length of a row.
  ///   - gradient: `[rows, columns]`, overwritten.
  public static func mean(
    _ logits: Span<Float>, against targets: Span<Float>, columns: Int, gradient: inout MutableSpan<Float>
  ) -> Float {
    precondition(
      columns > 0 && logits.count > 0 && logits.count % columns == 0,
      "\(logits.count) logits are not rows of \(columns)")
    let rows = logits.count / columns
    var total = 0.0
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      gradient.withPart(range) {
        total += Double(value(logits.extracting(range), against: targets.extracting(range), gradient: &$0))
        scale(&$0, by: 1 / Float(rows))
      }
    }
    return Float(total / Double(rows))
  }
}

/// A loss of the error of a prediction: prediction minus target.
///
/// Means are taken as PyTorch's default reduction takes them: over all elements.
public enum Loss: Sendable, Equatable {
  /// `e²`, without the factor ½.
  case mse

  /// `½e²` where `|e| ≤ threshold`, `threshold · (|e| - ½ threshold)` beyond (Huber 1964).
  ///
  /// PyTorch's `huber_loss` with `delta` equal to the threshold; at 1 also its `smooth_l1_loss`.
  case huber(threshold: Float)

  /// The loss of one error.
  @inlinable
  public func value(_ error: Float) -> Float {
    switch self {
    case .mse: error * error
    case .huber(let threshold):
      error.magnitude <= threshold
        ? 0.5 * error * error : threshold * (error.magnitude - 0.5 * threshold)
    }
  }

  /// The derivative of ``value(_:)``.
  @inlinable
  public func derivative(_ error: Float) -> Float {
    switch self {
    case .mse: 2 * error
    case .huber(let threshold):
      error > threshold ? threshold : error < -threshold ? -threshold : error
    }
  }

  /// The mean loss of predictions, with its derivative with respect to each of them.
  ///
  /// - Parameters:
  ///   - predictions: Any number of elements above zero.
  ///   - targets: As many.
  ///   - gradient: As many, overwritten with `derivative(prediction - target) / count`.
  public func mean(
    _ predictions: Span<Float>, against targets: Span<Float>, gradient: inout MutableSpan<Float>
  ) -> Float {
    let count = predictions.count
    precondition(
      count > 0 && targets.count == count && gradient.count == count,
      "\(count) predictions, \(targets.count) targets and \(gradient.count) derivatives have no mean loss")
    let share = 1 / Float(count)
    var total = 0.0
    for index in 0..<count {
      let error = predictions[index] - targets[index]
      total += Double(value(error))
      gradient[index] = derivative(error) * share
    }
    return Float(total / Double(count))
  }
}

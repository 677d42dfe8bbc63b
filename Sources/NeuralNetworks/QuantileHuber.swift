internal import RealModule

/// The quantile regression loss with Huber's function (Dabney et al. 2018, arXiv 1710.10044, equation 10).
///
/// With N quantiles θᵢ at `τᵢ = (i + ½) / N` and M targets `yⱼ` it is `Σᵢ 1/M Σⱼ |τᵢ - [yⱼ < θᵢ]| · h(yⱼ - θᵢ)`,
/// where h is ``Loss/huber(threshold:)`` and not divided by the threshold, as in rlax. With a threshold of 0, h
/// is the absolute value: quantile regression proper.
public struct QuantileHuber: Sendable, Equatable {
  /// The error beyond which h is linear.
  public let threshold: Float

  /// Creates a loss.
  public init(threshold: Float = 1) {
    precondition(threshold >= 0, "Huber's threshold is not negative, unlike \(threshold)")
    self.threshold = threshold
  }

  /// The loss of one row, with its derivative with respect to each quantile. O(N · M), no allocation.
  ///
  /// - Parameters:
  ///   - quantiles: N elements.
  ///   - targets: M elements, samples of the target distribution.
  ///   - gradient: N elements, overwritten.
  public func value(
    _ quantiles: Span<Float>, against targets: Span<Float>, gradient: inout MutableSpan<Float>
  ) -> Float {
    let (count, samples) = (quantiles.count, targets.count)
    precondition(
      count > 0 && samples > 0 && gradient.count == count,
      "\(count) quantiles, \(samples) targets and \(gradient.count) derivatives have no loss")
    let share = 1 / Float(samples)
    var total: Float = 0
    for index in 0..<count {
      let (quantile, tau) = (quantiles[index], (Float(index) + 0.5) / Float(count))
      let (value, slope) =
        threshold > 0
        ? row(quantile, tau, targets) : absoluteRow(quantile, tau, targets)
      total += value * share
      gradient[index] = -slope * share
    }
    return total
  }

  /// `Σⱼ` of losses and of their derivatives by the errors.
  @inline(__always)
  private func row(_ quantile: Float, _ tau: Float, _ targets: Span<Float>) -> (value: Float, slope: Float) {
    var (value, slope): (Float, Float) = (0, 0)
    for index in 0..<targets.count {
      let error = targets[index] - quantile
      let weight = error < 0 ? 1 - tau : tau
      let cut = error > threshold ? threshold : error < -threshold ? -threshold : error
      // ½e² inside and threshold · (|e| - ½ threshold) beyond, in one form.
      value = Relaxed.multiplyAdd(weight * cut, error - 0.5 * cut, value)
      slope = Relaxed.multiplyAdd(weight, cut, slope)
    }
    return (value, slope)
  }

  @inline(__always)
  private func absoluteRow(
    _ quantile: Float, _ tau: Float, _ targets: Span<Float>
  ) -> (value: Float, slope: Float) {
    var (value, slope): (Float, Float) = (0, 0)
    for index in 0..<targets.count {
      let error = targets[index] - quantile
      let weight = error < 0 ? tau - 1 : error > 0 ? tau : error
      value = Relaxed.multiplyAdd(weight, error, value)
      slope = Relaxed.sum(slope, weight)
    }
    return (value, slope)
  }
}

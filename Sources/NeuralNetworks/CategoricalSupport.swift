internal import LinearAlgebra

/// The evenly spaced values on which a distribution of returns lives (Bellemare, Dabney, Munos 2017, arXiv
/// 1707.06887).
public struct CategoricalSupport: Sendable, Equatable {
  /// The least value.
  public let minimum: Float

  /// The greatest value.
  public let maximum: Float

  /// The number of values, its atoms.
  public let count: Int

  /// Creates a support of two or more atoms.
  public init(minimum: Float, maximum: Float, count: Int) {
    precondition(
      minimum < maximum && minimum.isFinite && maximum.isFinite && count > 1,
      "\(count) atoms cannot lie from \(minimum) to \(maximum)")
    self.minimum = minimum
    self.maximum = maximum
    self.count = count
  }

  /// The distance between neighbours.
  public var distance: Float { (maximum - minimum) / Float(count - 1) }

  /// The value of an atom, counted from zero.
  public func atom(_ index: Int) -> Float {
    precondition(index >= 0 && index < count, "there is no atom \(index) among \(count)")
    return index == count - 1 ? maximum : minimum + Float(index) * distance
  }

  /// The mean of the atoms under the softmax of `count` logits.
  public func expectation(ofLogits logits: Span<Float>) -> Float {
    precondition(logits.count == count, "\(logits.count) logits for \(count) atoms")
    return softmaxMean(of: logits, first: minimum, distance: distance)
  }

  /// Projects the distribution of `reward + discount · atom` back on the atoms: algorithm 1 of the source.
  ///
  /// Each probability is shared by the two atoms beside its value, in proportion to their nearness; what lies
  /// beyond an end goes to the atom there. Probabilities keep their sum. A reward or discount of NaN gives NaN.
  ///
  /// - Parameters:
  ///   - probabilities: `count` elements.
  ///   - reward: The reward before the distribution; that of several steps, already discounted, serves as well.
  ///   - discount: The factor of the atoms; 0 where the episode terminated.
  ///   - projected: `count` elements, overwritten.
  public func project(
    _ probabilities: Span<Float>, reward: Float, discount: Float, into projected: inout MutableSpan<Float>
  ) {
    precondition(
      probabilities.count == count && projected.count == count,
      "\(probabilities.count) and \(projected.count) probabilities for \(count) atoms")
    if reward.isNaN || discount.isNaN { return fill(&projected, with: .nan) }
    fill(&projected, with: 0)
    let (last, scale) = (Float(count - 1), 1 / distance)
    for index in 0..<count {
      let value = reward + discount * (minimum + Float(index) * distance)
      let position = min(max((value - minimum) * scale, 0), last)
      let below = min(Int(position), count - 2)
      let share = position - Float(below)
      projected[below] += probabilities[index] * (1 - share)
      projected[below + 1] += probabilities[index] * share
    }
  }
}

/// A quantity as a function of the training step.
public enum Schedule: Sendable, Equatable {
  /// Always the same.
  case constant(Double)
  /// A straight line from one value to another over a number of steps, constant afterwards.
  case linear(from: Double, to: Double, over: Int)

  /// The value at a step (0 = the first).
  public func value(at step: Int) -> Double {
    switch self {
    case .constant(let value): return value
    case .linear(let start, let end, let span):
      guard span > 0, step < span else { return end }
      return start + (end - start) * (Double(max(step, 0)) / Double(span))
    }
  }
}

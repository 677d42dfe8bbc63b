/// How much of a resource each of several demands gets, when all use it at once.
///
/// A demand of d units that holds the share x of a resource takes d / x. With equal shares of n demands it takes n d; the
/// shares that make the sum of times least are x ∝ √d (Cauchy and Schwarz), and the sum is (Σ √d)².
public enum ShareSplit: String, Sendable, CaseIterable {
  /// The same for all.
  case equal
  /// As the square root of the demand.
  case squareRoot = "square-root"

  /// The weight of a demand; its share is the weight over the sum of all weights.
  public func weight(_ demand: Double) -> Double {
    switch self {
    case .equal: 1
    case .squareRoot: demand.squareRoot()
    }
  }
}

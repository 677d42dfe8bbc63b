/// A sum whose rounding error does not grow with the number of terms.
///
/// Source: A. Neumaier, ZAMM 54 (1974) 39; the error is at most about 2 ulp of the result plus n² ulp² of the
/// sum of magnitudes.
public struct CompensatedSum: Sendable, Equatable {
  /// The running sum as it was rounded.
  public private(set) var sum: Double
  /// What rounding has lost so far.
  public private(set) var lost: Double
  /// The sum.
  public var value: Double { sum + lost }

  /// An empty sum, or one continued from its two parts.
  public init(sum: Double = 0, lost: Double = 0) {
    self.sum = sum
    self.lost = lost
  }

  /// Adds a term.
  public mutating func add(_ term: Double) {
    let total = sum + term
    lost += sum.magnitude >= term.magnitude ? (sum - total) + term : (term - total) + sum
    sum = total
  }
}

import Glibc

/// The comparison of ``LineOfSight/isClear(probability:process:)`` for one law of distance, without its two
/// exponentials.
///
/// A link is clear while Φ(g) < P(d). Where P never rises with d, this is g < t(d) with t = Φ⁻¹ ∘ P, and t does not
/// rise either; so in a cell of distances t lies between its values at the ends. A process outside these bounds is
/// decided by one comparison; one between them, or a distance beyond the table, by the law itself. The answer is that
/// of the law in every case: bounds are widened by 10⁻⁹, far more than the rounding of Φ and P there.
public struct LineOfSightTable: Sendable {
  @usableFromInline struct Cell: Sendable {
    /// Every process below is clear.
    @usableFromInline let clearBelow: Double
    /// Every process from here on is blocked.
    @usableFromInline let blockedFrom: Double
  }

  @usableFromInline let cells: [Cell]
  @usableFromInline let perMetre: Double

  /// The table of a law in `count` cells of a width.
  ///
  /// - Parameter probability: P(d), which must not rise with d and reach no less than 10⁻⁶.
  public init(cell_m: Double = 2, count: Int = 1024, probability: (Double) -> Double) {
    precondition(cell_m > 0 && count > 0, "a table needs cells, not \(count) of \(cell_m) m")
    perMetre = 1 / cell_m
    let thresholds = (0...count).map { Self.threshold(probability(Double($0) * cell_m)) }
    cells = (0..<count).map { Cell(clearBelow: thresholds[$0 + 1] - 1e-9, blockedFrom: thresholds[$0] + 1e-9) }
  }

  /// Whether the process means line of sight at a distance; nil where only the law itself can tell.
  @inlinable
  public func known(distance_m: Double, process: Double) -> Bool? {
    let place = distance_m * perMetre
    guard place < Double(cells.count) else { return nil }
    let cell = cells[Int(place)]
    if process < cell.clearBelow { return true }
    return process >= cell.blockedFrom ? false : nil
  }

  /// The x at which Φ(x) is a probability, by halving; infinite from 1 − 10⁻⁶ on.
  private static func threshold(_ probability: Double) -> Double {
    guard probability < 1 - 1e-6 else { return .infinity }
    var low = -9.0
    var high = 9.0
    for _ in 0..<80 {
      let middle = 0.5 * (low + high)
      if standardNormalCDF(middle) < probability { low = middle } else { high = middle }
    }
    return high
  }
}

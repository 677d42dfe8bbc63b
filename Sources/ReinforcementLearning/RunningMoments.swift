public import Snapshots

/// Mean and variance of every column of the rows seen so far, in `Double`, row by row.
///
/// For each row: n ← n + 1, δ = x − mean, mean ← mean + δ / n, M ← M + δ · (x − mean); the variance is M / n. Nothing
/// cancels, however far the mean lies from zero.
///
/// Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4,
/// 1962.
public struct RunningMoments: Sendable, Restorable, Equatable {
  /// The number of columns.
  public let columns: Int
  /// The rows seen.
  public private(set) var count = 0
  /// The means of the columns, then their sums of squared deviations M.
  private var moments: [Double]

  /// Nothing seen.
  public init(columns: Int) {
    precondition(columns >= 0, "moments of \(columns) columns")
    self.columns = columns
    moments = [Double](repeating: 0, count: 2 * columns)
  }

  /// Takes in one row.
  public mutating func add(_ row: Span<Float>) {
    precondition(row.count == columns, "a row of \(row.count) values for \(columns) columns")
    let number = count + 1
    let share = 1 / Double(number)
    let columns = columns
    var all = moments.mutableSpan
    for column in 0..<columns {
      let (mean, squares) = (all[column], all[columns + column])
      let difference = Double(row[column]) - mean
      let moved = mean + difference * share
      all[column] = moved
      all[columns + column] = squares + difference * (Double(row[column]) - moved)
    }
    count = number
  }

  /// Becomes what `count` rows of given means and deviations would have made of it.
  public mutating func begin(count: Int, means: [Double], deviations: [Double]) {
    precondition(
      count >= 1 && means.count == columns && deviations.count == columns,
      "\(count) rows of \(means.count) means and \(deviations.count) deviations for \(columns) columns")
    self.count = count
    moments = means + deviations.map { Double(count) * $0 * $0 }
  }

  /// The mean of a column; 0 before the first row.
  public func mean(_ column: Int) -> Double { moments[column] }

  /// The variance of a column, M / n; 0 before the first row.
  public func variance(_ column: Int) -> Double { count == 0 ? 0 : moments[columns + column] / Double(count) }

  /// The standard deviation of a column; nil where it has not varied by more than its values' rounding, 10⁻⁶ of the
  /// mean.
  public func deviation(_ column: Int) -> Double? {
    let deviation = variance(column).squareRoot()
    return deviation > 1e-6 * abs(mean(column)) && deviation > 1e-30 ? deviation : nil
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("count", integer: count)
    snapshot.set("mean", Array(moments[..<columns]))
    snapshot.set("squares", Array(moments[columns...]))
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let count = try snapshot.integer("count")
    let means = try snapshot.doubles("mean", count: columns)
    let squares = try snapshot.doubles("squares", count: columns)
    guard count >= 0 else { throw snapshot.mismatch("count", expected: "a number of rows", found: "\(count)") }
    if let wrong = squares.first(where: { $0 < 0 }) {
      throw snapshot.mismatch("squares", expected: "sums of squares", found: "\(wrong)")
    }
    self.count = count
    moments = means + squares
  }
}

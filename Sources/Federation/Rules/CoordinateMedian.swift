public import Configuration

/// `median`: every parameter becomes the median of the clients', each counted once.
///
/// Of an even number of clients it is the mean of the two in the middle. Fewer than half of the clients cannot move it
/// beyond the others' values.
///
/// Source: D. Yin, Y. Chen, K. Ramchandran, P. Bartlett, "Byzantine-robust distributed learning: towards optimal
/// statistical rates", ICML 2018, algorithm 1, option I.
public struct CoordinateMedian: AggregationRule {
  public static let name = "median"
  public static let summary = "the median of every parameter"
  public static let seesSingleUpdates = true

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {}

  /// The rule, which has no parameters.
  public init() {}

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    let width = SortedCoordinates.width
    let (lower, upper) = ((updates.count - 1) / 2 * width, updates.count / 2 * width)
    SortedCoordinates.write(updates.map(\.parameters), into: &model) { sorted, result in
      for column in 0..<width {
        result[column] = 0.5 * (Double(sorted[lower + column]) + Double(sorted[upper + column]))
      }
    }
    return []
  }
}

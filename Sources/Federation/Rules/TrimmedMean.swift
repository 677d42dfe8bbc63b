public import Configuration
internal import LinearAlgebra

/// `trimmed-mean`: every parameter becomes the mean of the clients' without the least and the greatest.
///
/// ⌊trim · n⌋ values of n are left out at each end, the product in 64 bits; each client counts once. As many liars as
/// are left out at one end cannot move it beyond the others' values.
///
/// Source: D. Yin, Y. Chen, K. Ramchandran, P. Bartlett, "Byzantine-robust distributed learning: towards optimal
/// statistical rates", ICML 2018, algorithm 1, option II.
public struct TrimmedMean: AggregationRule {
  public static let name = "trimmed-mean"
  public static let summary = "the mean of every parameter without its least and greatest values"
  public static let seesSingleUpdates = true

  private let trim: Double

  /// Reads `trim`, the share to leave out at each end.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    trim = try mapping.number("trim", in: .nonNegative.to(0.5, excluding: true), default: 0.2)
  }

  /// The rule that leaves out a share from 0 to below ½ at each end.
  public init(trim: Double) { self.trim = trim }

  public func unsupported(clients: Int) -> String? {
    guard trim > 0 && Int(trim * Double(clients)) == 0 else { return nil }
    let fewest = Int(min((1 / trim).rounded(.up), 1e9))
    return "leaves out none of \(clients) clients at a trim of \(trim); it needs at least \(fewest) in a round"
  }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    let width = SortedCoordinates.width
    let left = Int(trim * Double(updates.count))
    let kept = left * width..<(updates.count - left) * width
    let count = Double(updates.count - 2 * left)
    SortedCoordinates.write(updates.map(\.parameters), into: &model) { sorted, result in
      sumColumns(of: sorted.extracting(kept), into: &result)
      for column in 0..<width { result[column] /= count }
    }
    return []
  }
}

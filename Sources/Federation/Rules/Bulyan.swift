public import Configuration
internal import LinearAlgebra

/// `bulyan`: Krum chooses clients one after the other, then every parameter becomes the mean of the values nearest to
/// their median.
///
/// Of n clients of whom f may lie, θ = n − 2f are chosen, each time the best of those that are left; of their values
/// the β = θ − 2f nearest to the median count, of equally near ones the lesser. n ≥ 4f + 3. Each counts once. In the
/// end two that are each other's nearest are equally good; the first client is chosen.
///
/// Source: E. M. El Mhamdi, R. Guerraoui, S. Rouault, "The hidden vulnerability of distributed learning in Byzantium",
/// ICML 2018, section 4.
public struct Bulyan: AggregationRule {
  public static let name = "bulyan"
  public static let summary = "Krum's choice of clients, then the mean of the values nearest to the median"
  public static let seesSingleUpdates = true

  private let liars: Int

  /// Reads `liars`, f.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    liars = try mapping.integer("liars", in: 0...1_000_000)
  }

  /// The rule against f liars.
  public init(liars: Int) { self.liars = liars }

  public func unsupported(clients: Int) -> String? {
    guard clients < 4 * liars + 3 else { return nil }
    return "needs at least \(4 * liars + 3) clients (4 · liars + 3) in a round, not \(clients)"
  }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    precondition(updates.count > 4 * liars, "\(updates.count) updates against \(liars) liars")
    var scores = KrumScores(updates.map(\.parameters), liars: liars)
    var chosen: [Int] = []
    for _ in 0..<updates.count - 2 * liars {
      let best = scores.ranked()[0]
      scores.remove(best)
      chosen.append(best)
    }
    chosen.sort()
    let kept = chosen.count - 2 * liars
    let width = SortedCoordinates.width
    SortedCoordinates.write(chosen.map { updates[$0].parameters }, into: &model) { sorted, result in
      for column in 0..<width { result[column] = Self.middleMean(of: sorted, column, keeping: kept) }
    }
    return updates.indices.filter { !chosen.contains($0) }.map { updates[$0].client }
  }

  /// The mean of the `kept` values of a sorted column that are nearest to its median; they follow one another.
  private static func middleMean(of sorted: Span<Float>, _ column: Int, keeping kept: Int) -> Double {
    let width = SortedCoordinates.width
    let rows = sorted.count / width
    let median =
      0.5 * (Double(sorted[(rows - 1) / 2 * width + column]) + Double(sorted[rows / 2 * width + column]))
    var first = 0
    while first + kept < rows
      && Double(sorted[(first + kept) * width + column]) - median < median - Double(sorted[first * width + column])
    {
      first += 1
    }
    var sum = 0.0
    for row in first..<first + kept { sum += Double(sorted[row * width + column]) }
    return sum / Double(kept)
  }
}

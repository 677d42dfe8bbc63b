public import Configuration

/// `multi-krum`: the weighted mean of the clients that are nearest to their neighbours.
///
/// Those with the least of Krum's scores; of equal ones the first clients.
///
/// Source: P. Blanchard et al., "Machine learning with adversaries: Byzantine tolerant gradient descent", NeurIPS 2017,
/// section 5; the mean weighted by samples, as in Flower 1.41.
public struct MultiKrum: AggregationRule {
  public static let name = "multi-krum"
  public static let summary = "the weighted mean of the clients that are nearest to their neighbours"
  public static let seesSingleUpdates = true

  private let liars: Int
  /// How many are kept; nil for all but the liars.
  private let kept: Int?

  /// Reads `liars`, f, and `keep`, how many to take the mean of; n − f of n clients if it is not there.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    liars = try mapping.integer("liars", in: 0...1_000_000)
    kept = mapping.has("keep") ? try mapping.integer("keep", in: 1...1_000_000) : nil
  }

  /// The rule against f liars, with as many to keep, or all but the liars.
  public init(liars: Int, keep: Int? = nil) {
    self.liars = liars
    kept = keep
  }

  public func unsupported(clients: Int) -> String? {
    if let sentence = Krum.unsupported(clients: clients, liars: liars) { return sentence }
    guard let kept, kept > clients - liars else { return nil }
    return "cannot keep \(kept) of \(clients) clients of whom \(liars) may lie; keep at most \(clients - liars)"
  }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    let ranked = KrumScores(updates.map(\.parameters), liars: liars).ranked()
    let count = max(1, min(kept ?? updates.count - liars, updates.count))
    let chosen = ranked.prefix(count).sorted()
    WeightedMean.write(chosen.map { updates[$0] }, into: &model)
    return ranked.dropFirst(count).sorted().map { updates[$0].client }
  }
}

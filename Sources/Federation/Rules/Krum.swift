public import Configuration

/// `krum`: the model becomes the parameters of the client that is nearest to its neighbours.
///
/// It has the least sum of squared distances to the n − f − 2 others nearest to it, of n clients of whom f may lie; of
/// equal ones it is the first client.
///
/// Source: P. Blanchard et al., "Machine learning with adversaries: Byzantine tolerant gradient descent", NeurIPS 2017,
/// section 4.
public struct Krum: AggregationRule {
  public static let name = "krum"
  public static let summary = "the parameters of the one client that is nearest to its neighbours"
  public static let seesSingleUpdates = true

  private let liars: Int

  /// Reads `liars`, f.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    liars = try mapping.integer("liars", in: 0...1_000_000)
  }

  /// The rule against f liars.
  public init(liars: Int) { self.liars = liars }

  public func unsupported(clients: Int) -> String? { Self.unsupported(clients: clients, liars: liars) }

  /// Why Krum's choice has no meaning for so many clients.
  static func unsupported(clients: Int, liars: Int) -> String? {
    guard clients < 2 * liars + 3 else { return nil }
    return "needs at least \(2 * liars + 3) clients (2 · liars + 3) in a round, not \(clients)"
  }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    let chosen = KrumScores(updates.map(\.parameters), liars: liars).ranked()[0]
    model = updates[chosen].parameters
    return updates.indices.filter { $0 != chosen }.map { updates[$0].client }
  }
}

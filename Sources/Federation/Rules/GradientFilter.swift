public import Configuration
internal import Glibc

/// `fedpg-br`: the plain mean of the clients whose updates lie near those of the majority.
///
/// Of K clients, S are those with more than K/2 clients (themselves included) within a distance T; the one of S that is
/// nearest to the mean of S is the middle; good are all within T of the middle, and the model becomes their mean, each
/// counted once. Distances between updates Δ = θ − model are those between parameters.
///
/// With `sigma`, the bound σ on how far an update of one episode strays from the true gradient, in the unit of
/// parameters: T = 2σ √(V/B), V = 2 ln(2K/δ), B the `batch` of episodes of an update; if fewer than (1 − α)K are good,
/// once more with T = 2σ. Where nobody has a majority about him the model stays, and all updates are left out.
///
/// Without `sigma` it is estimated from the round's updates: rᵢ is the distance within which client i has a majority,
/// σ is the median of all rᵢ over √2, and T = 2σ: independent deviations of length σ in many dimensions lie √2 σ apart.
/// So half of the clients at least have a majority, as long as fewer than half lie. With the estimate all clients may
/// change their scale from round to round.
///
/// Source: X. Fan et al., "Fault-tolerant federated reinforcement learning with theoretical guarantee", NeurIPS 2021,
/// algorithm 1.1; the estimate is ours, and so is leaving out the inner steps of its variance reduction, since clients
/// learn by their own learner.
public struct GradientFilter: AggregationRule {
  public static let name = "fedpg-br"
  public static let summary = "the mean of the clients whose updates lie near those of the majority"
  public static let seesSingleUpdates = true

  /// What gives T a scale from outside.
  public struct Bound: Sendable, Equatable {
    /// σ.
    public var sigma: Double
    /// B.
    public var batch: Int
    /// δ.
    public var delta: Double
    /// α, the share of liars.
    public var alpha: Double

    /// A bound by its parts.
    public init(sigma: Double, batch: Int = 1, delta: Double = 0.6, alpha: Double = 0.3) {
      self.sigma = sigma
      self.batch = batch
      self.delta = delta
      self.alpha = alpha
    }
  }

  /// The bound; nil where it is estimated.
  private let bound: Bound?

  /// Reads `sigma`, and if it is there `batch`, `delta` and `alpha`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    guard mapping.has("sigma") else {
      for key in ["batch", "delta", "alpha"] { _ = mapping.has(key) }
      bound = nil
      return
    }
    bound = Bound(
      sigma: try mapping.number("sigma", in: .positive),
      batch: try mapping.integer("batch", in: 1...1_000_000_000, default: 1),
      delta: try mapping.number("delta", in: .positive.to(1, excluding: true), default: 0.6),
      alpha: try mapping.number("alpha", in: .nonNegative.to(0.5, excluding: true), default: 0.3))
  }

  /// The rule with a bound, or with its estimate.
  public init(bound: Bound? = nil) { self.bound = bound }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    let vectors = updates.map(\.parameters)
    let distances = ClientDistances(vectors)
    let good = good(vectors, distances)
    if !good.isEmpty {
      WeightedMean.write(good.map { vectors[$0] }, weights: good.map { _ in 1 }, into: &model)
    }
    return updates.indices.filter { !good.contains($0) }.map { updates[$0].client }
  }

  /// The clients near the majority, in their order.
  private func good(_ vectors: [[Float]], _ distances: ClientDistances) -> [Int] {
    let count = distances.count
    guard let bound else {
      let radii = vectors.indices.map { distances.majorityRadius(of: $0) }.sorted()
      let middle = 0.5 * (radii[(count - 1) / 2] + radii[count / 2])
      return near(vectors, distances, within: 2 * middle / 2.0.squareRoot())
    }
    let v = 2 * log(2 * Double(count) / bound.delta)
    let good = near(vectors, distances, within: 2 * bound.sigma * (v / Double(bound.batch)).squareRoot())
    if Double(good.count) >= (1 - bound.alpha) * Double(count) { return good }
    return near(vectors, distances, within: 2 * bound.sigma)
  }

  /// The clients within a distance of the middle one; none where nobody has a majority within it.
  private func near(_ vectors: [[Float]], _ distances: ClientDistances, within distance: Double) -> [Int] {
    let (everyone, bound) = (vectors.indices, distance * distance)
    let crowd = everyone.filter { one in 2 * everyone.count { distances[one, $0] <= bound } > everyone.count }
    guard !crowd.isEmpty else { return [] }
    // ‖x − mean‖² and Σ ‖x − y‖² over the crowd order its members alike.
    let spread = crowd.map { one in crowd.reduce(0) { $0 + distances[one, $1] } }
    let least = spread.reduce(.infinity, min)
    guard let middle = spread.firstIndex(of: least) else { return [] }
    return everyone.filter { distances[crowd[middle], $0] <= bound }
  }
}

extension ClientDistances {
  /// The least distance within which more than half of all clients are, the client itself included.
  func majorityRadius(of client: Int) -> Double {
    (0..<count).map { self[client, $0] }.sorted()[count / 2].squareRoot()
  }
}

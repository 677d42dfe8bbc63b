import Glibc

/// What T releases of the Poisson-subsampled Gaussian mechanism cost: ε for a δ, by way of Rényi divergences.
///
/// Divergences of releases add up; ε is the least over the orders of T·RDP(α) + ln(1 − 1/α) − ln(δα)/(α − 1)
/// (C. L. Canonne, G. Kamath, T. Steinke, "The discrete Gaussian for differential privacy", NeurIPS 2020, proposition
/// 12), and 0 where δ² > 1 − exp(−T·RDP(α)) for an order. It bounds the true cost from above; the orders are those
/// of Google's dp-accounting, with which it agrees, at whole orders to nine digits.
public struct RenyiAccountant: Sendable, Equatable {
  /// q, the probability with which a contributor takes part in a release, independently of all others.
  public let samplingProbability: Double
  /// σ, the deviation of the noise over the most that one contributor can move the sum.
  public let noiseMultiplier: Double
  /// The orders α.
  public let orders: [Double]
  /// The divergence of one release at each of them.
  public let divergences: [Double]

  /// 1.1 to 10.9 in tenths, 11 to 63, 128, 256, 512 and 1024.
  public static let standardOrders: [Double] =
    (11..<110).map { Double($0) / 10 } + (11...63).map(Double.init) + [128, 256, 512, 1024]

  /// An accountant; 0 ≤ q ≤ 1, σ ≥ 0, orders above 1.01. About 5 ms.
  public init(samplingProbability q: Double, noiseMultiplier sigma: Double, orders: [Double] = standardOrders) {
    precondition(0...1 ~= q && sigma >= 0, "q = \(q) and σ = \(sigma) are no mechanism")
    precondition(orders.allSatisfy { $0 > 1.01 && $0 < 1e5 }, "orders are above 1.01 and below 10⁵")
    samplingProbability = q
    noiseMultiplier = sigma
    self.orders = orders
    divergences = orders.map { order in
      if q == 0 { return 0 }
      if sigma < 1e-6 { return .infinity }
      return RenyiDivergence.oneRelease(samplingProbability: q, noiseMultiplier: sigma, order: order)
    }
  }

  /// ε after so many releases; infinite without noise, 0 before the first.
  public func epsilon(releases: Int, delta: Double) -> Double { best(releases: releases, delta: delta).epsilon }

  /// ε after so many releases, and the order that gives it.
  public func best(releases: Int, delta: Double) -> (epsilon: Double, order: Double) {
    precondition(releases >= 0 && delta > 0 && delta < 1, "\(releases) releases and δ = \(delta) have no ε")
    var best = (epsilon: Double.infinity, order: orders.first ?? .infinity)
    for (order, divergence) in zip(orders, divergences) {
      let total = releases == 0 ? 0 : Double(releases) * divergence
      let epsilon =
        delta * delta + expm1(-total) > 0
        ? 0 : total + log1p(-1 / order) - log(delta * order) / (order - 1)
      if epsilon < best.epsilon { best = (epsilon, order) }
    }
    return (max(0, best.epsilon), best.order)
  }
}

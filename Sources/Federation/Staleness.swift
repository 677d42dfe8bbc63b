public import Configuration
internal import RealModule

/// How much a late update counts with an asynchronous server: w ← w + α (1 + s)⁻ᵃ Δ, with s the number of times that
/// the model has changed since the client was given it.
///
/// Sources: C. Xie, S. Koyejo, I. Gupta, "Asynchronous federated optimization", OPT 2020 (arXiv 1903.03934), the
/// polynomial weight of its section 5.2; Y. Liu et al., "QuAsyncFL", IEEE Internet of Things Journal 11(1), 2024.
public struct Staleness: Sendable, Equatable {
  /// The factor α of a fresh update.
  public var mixing: Double
  /// The exponent a.
  public var exponent: Double
  /// The greatest s at which an update still counts.
  public var maximum: Int

  /// Weights by their parts.
  public init(mixing: Double, exponent: Double, maximum: Int = Int.max) {
    self.mixing = mixing
    self.exponent = exponent
    self.maximum = maximum
  }

  /// Reads `mixing`, `exponent` and `max_staleness`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    mixing = try mapping.number("mixing", in: .above(0).to(1))
    exponent = try mapping.number("exponent", in: .between(0, 10))
    maximum = try mapping.integer("max_staleness", in: 0...Int(Int32.max), default: Int(Int32.max))
  }

  /// The factor of an update that began so many versions ago; nil where it is too old.
  public func gain(versions: Int) -> Double? {
    versions > maximum ? nil : mixing * Double.pow(1 + Double(versions), -exponent)
  }
}

public import Configuration
internal import Glibc

/// `parameter-evaluation`: each client counts by the return of its parameters in the server's own world.
///
/// The contribution of client k is cₖ = J(θ + Δₖ) − J(θ), J the mean return over the same episodes for all. Left out is
/// who lies more than `deviations` median absolute deviations below the median of the contributions, and whose return
/// is not finite; the others have the weights exp(cₖ/τ), whatever number of samples they have seen. J(θ) cancels in
/// both and is not measured. If no return is finite the model stays.
///
/// The idea of weighing clients by evaluating their parameters is that of FlexibleFL; these formulas are ours, since
/// its publication gives none that could be checked.
public struct ParameterEvaluation: AggregationRule {
  public static let name = "parameter-evaluation"
  public static let summary = "the mean of the clients, weighted by their returns in the server's own world"
  public static let seesSingleUpdates = true
  public static let needsJudge = true

  private let temperature: Double
  private let deviations: Double

  /// Reads `temperature`, τ, in the unit of returns, and `deviations`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    temperature = try mapping.number("temperature", in: .positive)
    deviations = try mapping.number("deviations", in: .nonNegative, default: 3)
  }

  /// The rule with a temperature in the unit of returns.
  public init(temperature: Double, deviations: Double = 3) {
    self.temperature = temperature
    self.deviations = deviations
  }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] {
    guard let judge else { preconditionFailure("\(Self.name) needs a world of the server to judge in") }
    let returns = updates.map { judge($0.parameters) }
    let finite = returns.filter(\.isFinite)
    guard let best = finite.max() else { return updates.map(\.client) }
    let median = Self.median(finite)
    let bound = median - deviations * Self.median(finite.map { abs($0 - median) })
    let kept = updates.indices.filter { returns[$0].isFinite && returns[$0] >= bound }
    WeightedMean.write(
      kept.map { updates[$0].parameters }, weights: kept.map { exp((returns[$0] - best) / temperature) }, into: &model)
    return updates.indices.filter { !kept.contains($0) }.map { updates[$0].client }
  }

  private static func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
  }
}

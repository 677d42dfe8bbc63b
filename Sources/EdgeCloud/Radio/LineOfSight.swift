import Glibc

/// The probability that a standard normal variable does not exceed x: ½ erfc(−x/√2). Accurate in both tails.
public func standardNormalCDF(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

/// A line-of-sight state that persists over distance: a Gaussian process against the threshold of the
/// probability.
///
/// The process is stepped by ``Shadowing/step(_:correlation:normal:)`` with the correlation distance of the
/// state (50 m in TR 38.901 Table 7.6.3.1-2 for UMi), and the link is clear while Φ(g) < P(LOS). Since Φ(g)
/// is uniform, the state has exactly the probability of the model at every distance. Follows TR 38.901 clause
/// 7.6.3.3, where a spatially correlated uniform variable is compared with P(LOS).
public enum LineOfSight {
  /// Whether the process at g means line of sight when that has the given probability.
  public static func isClear(probability: Double, process: Double) -> Bool {
    standardNormalCDF(process) < probability || probability >= 1
  }
}

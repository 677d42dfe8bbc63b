import Glibc

/// The Rényi divergence of one release of the Poisson-subsampled Gaussian mechanism.
///
/// With u(z) = (2z − 1) / 2σ² it is RDP(α) = ln E[((1 − q) + q·exp u(z))^α] / (α − 1), z ~ N(0, σ²): the divergence
/// between the releases with and without one contributor of norm 1, in the direction that is the greater one.
///
/// Source: I. Mironov, K. Talwar, L. Zhang, "Rényi differential privacy of the sampled Gaussian mechanism",
/// arXiv:1908.10530, 2019. The integral for fractional orders is taken by quadrature, not by the paper's alternating
/// series, of which implementations add up magnitudes: results here are exact to about 10 digits and therefore never
/// more than theirs.
enum RenyiDivergence {
  /// RDP(α) for a sampling probability q in 0...1, a noise multiplier σ > 0 and an order α > 1.
  static func oneRelease(samplingProbability q: Double, noiseMultiplier sigma: Double, order alpha: Double) -> Double {
    if q == 0 { return 0 }
    let unsampled = alpha / (2 * sigma * sigma)
    if q == 1 { return unsampled }
    let logarithm =
      alpha == alpha.rounded()
      ? integerOrder(q, sigma, Int(alpha)) : fractionalOrder(q, sigma, alpha)
    // Sampling never adds to the divergence; where the quadrature would be too long, that bound stands for it.
    return min(logarithm.map { $0 / (alpha - 1) } ?? unsampled, unsampled)
  }

  /// ln(1 + Σₖ C(α, k) (1 − q)^{α−k} qᵏ (exp((k² − k) / 2σ²) − 1)), k from 2 to α; nothing cancels.
  private static func integerOrder(_ q: Double, _ sigma: Double, _ alpha: Int) -> Double? {
    var excess = -Double.infinity
    for k in 2...alpha {
      let exponent = Double(k * k - k) / (2 * sigma * sigma)
      let choices = lnGamma(alpha + 1) - lnGamma(k + 1) - lnGamma(alpha - k + 1)
      let weight = choices + Double(alpha - k) * log1p(-q) + Double(k) * log(q)
      excess = logSum(excess, weight + logExpMinusOne(exponent))
    }
    return logOnePlusExp(excess)
  }

  /// ln(1 + E[(1 + y)^α − 1 − αy]) with y = q (exp u − 1), whose mean is 0: an integrand that is nowhere negative.
  ///
  /// The trapezoidal rule over the real line, whose error falls exponentially with the step for functions that are
  /// analytic in a strip, here of half-width πσ (L. N. Trefethen, J. A. C. Weideman, "The exponentially convergent
  /// trapezoidal rule", SIAM Review, 2014). The variable is z/σ, from below the bump at 0 to above that at α/σ.
  private static func fractionalOrder(_ q: Double, _ sigma: Double, _ alpha: Double) -> Double? {
    let step = min(1, sigma) / 10
    let reach = 11.0
    let last = ((alpha / sigma + reach) / step).rounded(.up)
    guard last < 200_000 else { return nil }
    let logQ = log(q)
    var excess = -Double.infinity
    for index in Int(-(reach / step).rounded(.up))...Int(last) {
      let t = Double(index) * step
      let u = (2 * t * sigma - 1) / (2 * sigma * sigma)
      excess = logSum(excess, logExcess(u, q, alpha, logQ) - t * t / 2)
    }
    return logOnePlusExp(excess + log(step) - 0.5 * log(2 * Double.pi))
  }

  /// ln((1 + y)^α − 1 − αy) with y = q (exp u − 1).
  private static func logExcess(_ u: Double, _ q: Double, _ alpha: Double, _ logQ: Double) -> Double {
    let y = q * expm1(u)
    if abs(alpha * y) < 1e-2 {
      // The binomial series from its second power on.
      var (term, sum) = (alpha * (alpha - 1) / 2, 0.0)
      for power in 2...7 {
        sum += term
        term *= (alpha - Double(power)) / Double(power + 1) * y
      }
      return 2 * log(abs(y)) + log(sum)
    }
    let power = alpha * (y < 1e300 ? log1p(y) : logQ + u)
    // Where eᵖ would overflow, the rest is small beside it.
    return power < 700 ? log(expm1(power) - alpha * y) : power + log1p(-exp(log(alpha) + logQ + u - power))
  }

  private static func lnGamma(_ x: Int) -> Double {
    var sign: Int32 = 0
    return unsafe lgamma_r(Double(x), &sign)
  }

  /// ln(eᵃ + eᵇ).
  private static func logSum(_ a: Double, _ b: Double) -> Double {
    let (low, high) = (min(a, b), max(a, b))
    return low == -.infinity ? high : high + log1p(exp(low - high))
  }

  /// ln(1 + eˣ).
  private static func logOnePlusExp(_ x: Double) -> Double { x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)) }

  /// ln(eˣ − 1), x > 0.
  private static func logExpMinusOne(_ x: Double) -> Double { x > 1 ? x + log1p(-exp(-x)) : log(expm1(x)) }
}

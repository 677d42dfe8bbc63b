import Glibc

/// How likely a short message is lost: the normal approximation at finite block length, and its mean over fading.
///
/// B bits over n complex channel uses at the signal-to-noise ratio γ are lost with the probability
/// ```
/// ε(γ) = Q( (n C − B + ½ log₂ n) / √(n V) ),   C = log₂(1 + γ),   V = (1 − (1 + γ)⁻²) log₂² e
/// ```
/// Source: Y. Polyanskiy, H. V. Poor, S. Verdú, IEEE Trans. Inf. Theory 56 (2010) 2307, Eq. (296).
public struct ShortPacket: Sendable, Equatable {
  /// n: resource elements.
  public let channelUses: Double
  /// B.
  public let bits: Double

  /// A message of some bits on some complex channel uses.
  public init(bits: Double, channelUses: Double) {
    precondition(
      bits > 0 && channelUses >= 1, "a message needs bits and channel uses, not \(bits) and \(channelUses)")
    self.bits = bits
    self.channelUses = channelUses
  }

  /// ε at a fixed signal-to-noise ratio; 1 without a signal.
  public func lossProbability(snr: Double) -> Double {
    guard snr > 0 else { return 1 }
    let perUse = log1p(snr) / M_LN2
    let dispersion = (1 - 1 / ((1 + snr) * (1 + snr))) / (M_LN2 * M_LN2)
    let margin = channelUses * perUse - bits + 0.5 * log2(channelUses)
    return standardNormalCDF(-margin / (channelUses * dispersion).squareRoot())
  }

  /// The mean of ε over Rician fading of a mean signal-to-noise ratio, one gain for the whole message.
  ///
  /// The gain's density is (K + 1) e^(−K − (K+1)h) I₀(2 √(K (K + 1) h)); K = 0 is Rayleigh fading. The integral is
  /// taken over ln h by the trapezoid rule, in steps below the width of the fall of ε, which is about 1/√n.
  public func lossProbability(meanSNR: Double, ricianFactor k: Double) -> Double {
    guard meanSNR > 0 else { return 1 }
    let low = -22.0
    let high = log(8 + 40 / (k + 1))
    let steps = Int(min(max(20, channelUses.squareRoot()), 2000) * (high - low))
    let width = (high - low) / Double(steps)
    var sum = 0.0
    for step in 0...steps {
      let gain = exp(low + width * Double(step))
      let weight = step == 0 || step == steps ? 0.5 : 1
      sum += weight * RicianDensity.value(gain, factor: k) * gain * lossProbability(snr: meanSNR * gain)
    }
    // Gains below e^low lose every message.
    return min(1, sum * width + RicianDensity.value(0, factor: k) * exp(low))
  }
}

/// The density of a Rician power gain with mean 1.
enum RicianDensity {
  static func value(_ gain: Double, factor k: Double) -> Double {
    let argument = 2 * (k * (k + 1) * gain).squareRoot()
    return (k + 1) * exp(-k - (k + 1) * gain + argument) * scaledBessel(argument)
  }

  /// e^(−x) I₀(x), by its series for small and its asymptotic expansion for large x.
  static func scaledBessel(_ x: Double) -> Double {
    if x < 25 {
      let quarter = x * x / 4
      var term = 1.0
      var sum = 1.0
      var n = 1.0
      while term > sum * 1e-17 {
        term *= quarter / (n * n)
        sum += term
        n += 1
      }
      return sum * exp(-x)
    }
    var term = 1.0
    var sum = 1.0
    for n in 1...12 {
      let odd = Double(2 * n - 1)
      term *= odd * odd / (8 * x * Double(n))
      sum += term
    }
    return sum / (2 * Double.pi * x).squareRoot()
  }
}

/// The loss probability of a message over fading, tabulated over the mean signal-to-noise ratio.
///
/// Between the points (1 dB apart) the logarithm is interpolated, so that a power law is met exactly; beyond the ends,
/// the first value holds below and the last slope above. Falls with the ratio. No allocation after it was made.
public struct PacketLoss: Sendable, Equatable {
  /// The mean ratio of the first point.
  public static let lowest_dB = -20.0
  /// Points.
  public static let points = 81

  private let logarithms: [Double]

  /// The table of a message and a Rician factor (a plain ratio; 0 for Rayleigh fading).
  public init(_ packet: ShortPacket, ricianFactor: Double) {
    var logarithms: [Double] = []
    var least = 0.0
    for point in 0..<Self.points {
      let snr = pow(10, (Self.lowest_dB + Double(point)) / 10)
      least = min(least, log(max(packet.lossProbability(meanSNR: snr, ricianFactor: ricianFactor), 1e-300)))
      logarithms.append(least)
    }
    self.logarithms = logarithms
  }

  /// The probability at a mean ratio in dB.
  public func probability(snr_dB: Double) -> Double {
    let place = snr_dB - Self.lowest_dB
    guard place > 0 else { return exp(logarithms[0]) }
    let index = min(Int(min(place, 1e6)), Self.points - 2)
    let slope = logarithms[index + 1] - logarithms[index]
    return exp(logarithms[index] + (place - Double(index)) * slope)
  }
}

import Glibc

/// Shadow fading as a first-order Gauss–Markov process over the distance moved.
///
/// S' = ρ S + √(1 − ρ²) Z with ρ = e^(−Δ/Dc), Z standard normal: every S is standard normal, and two of them
/// are correlated by e^(−distance/Dc). A link's shadowing in dB is its deviation times S.
///
/// Source: TR 36.885 clause A.1.4, kept by TR 37.885; M. Gudmundson, Electronics Letters 27 (1991) 2145.
public enum Shadowing {
  /// The correlation e^(−Δ/Dc) of the process before and after a move. For a link between two vehicles the
  /// move is the sum of both. The decorrelation distance must be positive.
  public static func correlation(moved_m: Double, decorrelation_m: Double) -> Double {
    exp(-moved_m / decorrelation_m)
  }

  /// The next value of the unit-variance process from the last one and a standard normal number.
  public static func step(_ previous: Double, correlation: Double, normal: Double) -> Double {
    correlation * previous + (1 - correlation * correlation).squareRoot() * normal
  }
}

/// A power over parallel channels so that the sum of their Shannon rates is greatest.
///
/// With aᵢ = noise/gain, the power at which channel i has a ratio of 1, the optimum of Σ log(1 + pᵢ/aᵢ) under Σ pᵢ = P is
/// pᵢ = max(0, μ − aᵢ) with one level μ (R. G. Gallager, Information Theory and Reliable Communication, 1968, theorem
/// 7.5.1).
public enum WaterFilling {
  /// Writes the power of each channel and returns the level μ.
  ///
  /// Exact: channels above the level of the rest are left out one round after another. O(n) a round, at most n rounds; no
  /// allocation.
  ///
  /// - Parameters:
  ///   - floors_W: aᵢ > 0; an infinite one is a channel that carries nothing.
  ///   - power_W: P ≥ 0.
  @discardableResult
  public static func write(
    floors_W: Span<Double>, power_W: Double, into powers_W: inout MutableSpan<Double>
  ) -> Double {
    precondition(power_W >= 0 && power_W.isFinite, "a power must be finite and not negative: \(power_W) W")
    precondition(powers_W.count == floors_W.count, "\(floors_W.count) channels, room for \(powers_W.count) powers")
    var level = Double.infinity
    while true {
      var below = 0
      var sum = power_W
      for channel in 0..<floors_W.count where floors_W[channel] < level && floors_W[channel].isFinite {
        below += 1
        sum += floors_W[channel]
      }
      if below == 0 { break }
      let next = sum / Double(below)
      if next >= level { break }
      level = next
    }
    for channel in 0..<floors_W.count {
      powers_W[channel] = level.isFinite ? max(0, level - floors_W[channel]) : 0
    }
    return level
  }

  /// The power of each channel.
  public static func powers_W(floors_W: [Double], power_W: Double) -> [Double] {
    var powers = [Double](repeating: 0, count: floors_W.count)
    var span = powers.mutableSpan
    write(floors_W: floors_W.span, power_W: power_W, into: &span)
    return powers
  }
}

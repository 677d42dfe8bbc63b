/// A transmitter whose amplifier turns part of the power it draws into radiation.
public struct Transmitter: Sendable, Equatable {
  /// Radiated over drawn power, in (0, 1].
  public let amplifierEfficiency: Double

  /// A transmitter; without an efficiency all power drawn is radiated.
  public init(amplifierEfficiency: Double = 1) {
    precondition(
      amplifierEfficiency > 0 && amplifierEfficiency <= 1,
      "an amplifier's efficiency lies in (0, 1], not at \(amplifierEfficiency)")
    self.amplifierEfficiency = amplifierEfficiency
  }

  /// The energy drawn while a power is radiated for a time: p t / η.
  public func energy_J(radiated_W: Double, duration_s: Double) -> Double {
    radiated_W * duration_s / amplifierEfficiency
  }
}

/// A processor whose clock can be set: C cycles at f hertz take C/f seconds and κ f² C joules.
///
/// The energy falls with the clock, so the least energy within a time T is spent at f = C/T, limited to the
/// processor's range. Source: Y. Mao, J. Zhang, K. B. Letaief, IEEE JSAC 34 (2016) 3590.
public struct ScalableProcessor: Sendable, Equatable {
  /// κ, the effective switched capacitance, in J·s²/cycle³ (1e−28 to 1e−26 in the literature).
  public let switchedCapacitance: Double
  /// The lowest clock.
  public let minimumClock_Hz: Double
  /// The highest clock.
  public let maximumClock_Hz: Double

  /// A processor by its κ and the range of its clock.
  public init(switchedCapacitance: Double, minimumClock: Hertz, maximumClock: Hertz) {
    precondition(
      switchedCapacitance >= 0, "the switched capacitance must not be negative: \(switchedCapacitance)")
    precondition(
      minimumClock.value > 0 && minimumClock <= maximumClock,
      "the clock needs a range above 0, not \(minimumClock.value) to \(maximumClock.value) Hz")
    self.switchedCapacitance = switchedCapacitance
    minimumClock_Hz = minimumClock.value
    maximumClock_Hz = maximumClock.value
  }

  /// The time that the cycles take: C/f.
  public func duration_s(cycles: Double, clock_Hz: Double) -> Double { cycles / clock_Hz }

  /// The energy that the cycles take: κ f² C.
  public func energy_J(cycles: Double, clock_Hz: Double) -> Double {
    switchedCapacitance * clock_Hz * clock_Hz * cycles
  }

  /// The power while computing: κ f³.
  public func power_W(clock_Hz: Double) -> Double { switchedCapacitance * clock_Hz * clock_Hz * clock_Hz }

  /// The clock of least energy that finishes within a deadline after a wait: C/(deadline − wait), limited to
  /// the range. The highest clock if the wait leaves no time.
  public func clock_Hz(cycles: Double, deadline_s: Double, wait_s: Double = 0) -> Double {
    let time = deadline_s - wait_s
    return time > 0 ? min(max(cycles / time, minimumClock_Hz), maximumClock_Hz) : maximumClock_Hz
  }
}

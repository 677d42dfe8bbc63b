public import Randomness

/// A Poisson stream in continuous time, as a function of (world, stream, slot).
///
/// What happens in a slot is drawn for that slot alone: since the process has no memory, slots of a length that are
/// drawn independently make exactly the process. Any slot can be asked for at any time, and nothing is consumed.
public struct PoissonArrivals: Sendable, Equatable {
  /// λ, arrivals per second.
  public let rate_Hz: Double
  /// The length of a slot. Another length is another sample of the same process.
  public let slot_s: Double

  /// A stream of a rate, drawn in slots.
  public init(rate: Hertz, slot: Seconds) {
    precondition(
      rate.value >= 0 && rate.value.isFinite && slot.value > 0 && slot.value.isFinite,
      "a rate must not be negative and a slot positive, not \(rate.value) Hz and \(slot.value) s")
    rate_Hz = rate.value
    slot_s = slot.value
  }

  /// Tells the times of a slot's arrivals since the slot began, rising. O(arrivals).
  @inlinable
  public func forEach(in world: WorldDraws, entity: UInt64, slot: Int, _ tell: (Double) -> Void) {
    if rate_Hz == 0 { return }
    var stream = world.stream(.poissonArrivals, entity: entity, time: UInt64(bitPattern: Int64(slot)))
    var time = stream.exponential() / rate_Hz
    while time < slot_s {
      tell(time)
      time += stream.exponential() / rate_Hz
    }
  }

  /// The number of arrivals in a slot.
  public func count(in world: WorldDraws, entity: UInt64, slot: Int) -> Int {
    var count = 0
    forEach(in: world, entity: entity, slot: slot) { _ in count += 1 }
    return count
  }
}

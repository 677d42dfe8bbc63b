/// A wired hop with a rate and a propagation delay: B bits arrive B/rate + delay after they were sent.
public struct Backhaul: Sendable, Equatable {
  /// The rate.
  public let rate_bps: Double
  /// The delay of one direction.
  public let oneWayDelay_s: Double

  /// A hop by its rate (`.infinity` for none to speak of) and the delay of one direction.
  public init(rate: BitsPerSecond, oneWayDelay: Seconds) {
    precondition(rate.value > 0, "the rate of a backhaul must be positive, not \(rate.value) bit/s")
    precondition(oneWayDelay.value >= 0, "a delay must not be negative: \(oneWayDelay.value) s")
    rate_bps = rate.value
    oneWayDelay_s = oneWayDelay.value
  }

  /// A hop by its rate and its round-trip time, half of it in each direction.
  public init(rate: BitsPerSecond, roundTripDelay: Seconds) {
    self.init(rate: rate, oneWayDelay: roundTripDelay / 2)
  }

  /// The time from the first bit sent to the last received.
  public func transfer_s(bits: Double) -> Double { bits / rate_bps + oneWayDelay_s }

  /// The time of a request and its answer together, without what is done between them.
  public func roundTrip_s(bits: Double, resultBits: Double) -> Double {
    (bits + resultBits) / rate_bps + 2 * oneWayDelay_s
  }
}

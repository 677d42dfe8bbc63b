public import EdgeCloud

/// Bursty messages of many sensors: a Poisson stream whose rate switches between two phases, and what a message takes.
///
/// Measured factory traffic is bursty in this way (Nokia Bell Labs, 2021).
public struct MonitoringTraffic: Sendable, Equatable {
  /// The stream; slots are steps, phase 1 is the burst.
  public var stream: MarkovModulated
  /// Resource blocks of a message.
  public var blocks: Int
}

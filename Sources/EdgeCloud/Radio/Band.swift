/// A band of spectrum over which a transmission spreads its power evenly.
public struct Band: Sendable, Equatable {
  /// The lower edge.
  public let low_Hz: Double
  /// The upper edge.
  public let high_Hz: Double
  /// The width.
  public var width_Hz: Double { high_Hz - low_Hz }

  /// The band between two edges, the upper above the lower.
  public init(low: Hertz, high: Hertz) {
    precondition(
      low < high, "a band needs a lower edge below its upper one, not \(low.value) to \(high.value) Hz")
    low_Hz = low.value
    high_Hz = high.value
  }

  /// The share of this band's power that falls into another band: overlap over width, 0 ... 1.
  public func share(within other: Band) -> Double {
    max(0, min(high_Hz, other.high_Hz) - max(low_Hz, other.low_Hz)) / width_Hz
  }

  /// The power that a transmission in this band, received with the given power, puts into a victim's band.
  public func interference_W(received_W: Double, victim: Band) -> Double {
    received_W * share(within: victim)
  }
}

/// A radio network through which a phone reaches servers at a distance, with its measured round-trip times.
///
/// Medians of A. Narayanan et al., "A Variegated Look at 5G in the Wild", SIGCOMM 2021, measured from Minneapolis in
/// winter 2020/21: the nearest server's own, and over distance the least-squares line through the medians of some fifty
/// cities. No server lay between 50 and 300 km; there the time is interpolated.
public enum AccessNetwork: String, Sendable, CaseIterable {
  /// Verizon's 5G at millimetre waves, non-standalone.
  case millimetreWave = "mmwave"
  /// Verizon's 5G in a low band, non-standalone.
  case lowBand = "low-band"
  /// T-Mobile's 5G in a low band, non-standalone.
  case lowBandTMobile = "low-band-t-mobile"
  /// T-Mobile's 5G in a low band, standalone, whose nearest server is slower than farther ones.
  case standalone = "standalone"
  /// Verizon's LTE.
  case lte

  /// The median to the nearest server, in milliseconds; line at distance 0, and its slope per kilometre.
  private var medians_ms: (nearest: Double, intercept: Double, perKilometre: Double) {
    switch self {
    case .millimetreWave: (7, 19.8, 0.0264)
    case .lowBand: (15, 23.8, 0.0286)
    case .lowBandTMobile: (20, 20.8, 0.0231)
    case .standalone: (59, 36.2, 0.0176)
    case .lte: (22, 30.4, 0.0283)
    }
  }

  /// The median round-trip time to a server at a distance on the ground, up to 2700 km.
  public func roundTrip(to distance: Metres) -> Seconds {
    let kilometres = distance.value / 1000
    precondition(kilometres >= 0, "a distance must not be negative: \(distance.value) m")
    let (nearest, intercept, slope) = medians_ms
    if kilometres <= 50 { return Seconds(nearest / 1000) }
    if kilometres >= 300 { return Seconds((intercept + slope * kilometres) / 1000) }
    let far = intercept + slope * 300
    return Seconds((nearest + (far - nearest) * (kilometres - 50) / 250) / 1000)
  }
}

extension Backhaul {
  /// Light in fibre takes 5 µs for a kilometre, one way.
  public static let fibre_sPerMetre = 5e-9

  /// A hop over fibre: only rate and propagation.
  public init(rate: BitsPerSecond, fibre length: Metres) {
    self.init(rate: rate, oneWayDelay: Seconds(length.value * Self.fibre_sPerMetre))
  }

  /// Between edge sites of a city: 1.5 ms there and back at 10 Gbit/s. A preset choice: 1–2 ms and 1–10 Gbit/s are usual.
  public static let metro = Backhaul(rate: BitsPerSecond(10e9), roundTripDelay: Seconds(1.5e-3))
  /// From an edge site to a regional cloud: 15 ms there and back at 1 Gbit/s. A preset choice: 10–20 ms are usual.
  public static let regionalCloud = Backhaul(rate: BitsPerSecond(1e9), roundTripDelay: Seconds(15e-3))
  /// From an edge site to a central cloud: 60 ms there and back at 1 Gbit/s. A preset choice: 40–80 ms and 0.1–1 Gbit/s
  /// are usual.
  public static let centralCloud = Backhaul(rate: BitsPerSecond(1e9), roundTripDelay: Seconds(60e-3))
}

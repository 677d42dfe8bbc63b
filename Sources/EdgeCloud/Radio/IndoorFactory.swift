import Glibc

/// The cellular link of 3GPP in a factory hall: path loss, line of sight, shadowing and Rician factor (InF).
///
/// Source: TR 38.901 Table 7.4.1-1 (path loss, σ), clause 7.4.2 (line of sight), Table 7.2-4 (clutter), Table 7.5-6
/// (decorrelation, K, delay spread). With d = d3D in metres and fc in GHz:
/// ```
/// LOS      31.84 + 21.50 log d + 19.00 log fc                    σ 4.3 dB
/// SL NLOS  max(LOS, 33 + 25.5 log d + 20 log fc)                 σ 5.7 dB
/// DL NLOS  max(LOS, SL, 18.6 + 35.7 log d + 20 log fc)           σ 7.2 dB
/// SH NLOS  max(LOS, 32.4 + 23.0 log d + 20 log fc)               σ 5.9 dB
/// DH NLOS  max(LOS, 33.63 + 21.9 log d + 20 log fc)              σ 4.0 dB
/// ```
/// P(LOS) = e^(−d2D/k), with k = −d_clutter / ln(1 − r), for a node above the clutter (SH, DH) times
/// (hBS − hUT) / (hc − hUT); 1 where both antennas are above it (HH). The model holds for 1 m ≤ d3D ≤ 600 m; shorter
/// distances count as 1 m, longer ones continue the law.
public struct IndoorFactory: Sendable, Equatable {
  /// How dense the clutter is and where the antennas are: below it (low) or above it (high).
  public enum Clutter: String, Sendable, Hashable, CaseIterable {
    /// Sparse clutter, low node.
    case sparseLow = "sl"
    /// Dense clutter, low node.
    case denseLow = "dl"
    /// Sparse clutter, high node.
    case sparseHigh = "sh"
    /// Dense clutter, high node.
    case denseHigh = "dh"
    /// Both antennas above the clutter.
    case bothHigh = "hh"
  }

  /// The kind of hall.
  public let clutter: Clutter
  /// The carrier frequency.
  public let carrier_Hz: Double
  /// Antenna height of a node.
  public let nodeHeight_m: Double
  /// Antenna height of a device.
  public let deviceHeight_m: Double
  /// The distance k in P(LOS) = e^(−d2D/k); infinite where both antennas are above the clutter.
  public let lineOfSightDistance_m: Double
  /// The typical size of the clutter; half of it is the correlation distance of the line-of-sight state.
  public let clutterSize_m: Double

  let clearConstant_dB: Double
  let lowConstant_dB: Double
  let blockedConstant_dB: Double

  /// The decorrelation distance of shadow fading and of K, with and without line of sight.
  public static let shadowingDecorrelation_m = 10.0
  /// The mean of the Rician K-factor with line of sight, whose dB are normal.
  public static let ricianMean_dB = 7.0
  /// The standard deviation of the Rician K-factor.
  public static let ricianDeviation_dB = 8.0

  /// The model of a hall.
  ///
  /// - Parameters:
  ///   - clutterSize: d_clutter, 10 m for sparse and 2 m for dense clutter in Table 7.2-4.
  ///   - density: r, the share of the floor under clutter: below 0.4 sparse, from 0.4 dense.
  ///   - clutterHeight: hc, which counts for high nodes only; above the device's antenna, at most the node's.
  public init(
    clutter: Clutter, carrier: Hertz, nodeHeight: Metres, deviceHeight: Metres, clutterSize: Metres, density: Double,
    clutterHeight: Metres
  ) {
    precondition(carrier.value > 0, "the carrier frequency must be positive, not \(carrier.value) Hz")
    precondition(
      clutterSize.value > 0 && density > 0 && density < 1,
      "clutter needs a size above 0 and a density in (0, 1), not \(clutterSize.value) m and \(density)")
    self.clutter = clutter
    carrier_Hz = carrier.value
    nodeHeight_m = nodeHeight.value
    deviceHeight_m = deviceHeight.value
    clutterSize_m = clutterSize.value
    let k = -clutterSize.value / log1p(-density)
    switch clutter {
    case .sparseLow, .denseLow: lineOfSightDistance_m = k
    case .sparseHigh, .denseHigh:
      precondition(
        clutterHeight > deviceHeight && nodeHeight >= clutterHeight,
        "a high node needs device < clutter <= node, not heights of \(deviceHeight.value), \(clutterHeight.value) "
          + "and \(nodeHeight.value) m")
      lineOfSightDistance_m = k * (nodeHeight - deviceHeight).value / (clutterHeight - deviceHeight).value
    case .bothHigh: lineOfSightDistance_m = .infinity
    }
    let logCarrier = log10(carrier_Hz / 1e9)
    clearConstant_dB = 31.84 + 19 * logCarrier
    lowConstant_dB = 33 + 20 * logCarrier
    blockedConstant_dB = clutter.blockedConstant_dB + 20 * logCarrier
  }

  /// The path loss at the distance between the antennas, without shadowing. One logarithm.
  public func pathLoss_dB(distance3D_m: Double, lineOfSight: Bool) -> Double {
    let logDistance = log10(max(distance3D_m, 1))
    let clear = clearConstant_dB + 21.5 * logDistance
    if lineOfSight || clutter == .bothHigh { return clear }
    var loss = max(clear, blockedConstant_dB + clutter.blockedSlope_dB * logDistance)
    if clutter == .denseLow { loss = max(loss, lowConstant_dB + 25.5 * logDistance) }
    return loss
  }

  /// The straight distance between the antennas at a ground distance.
  public func distance3D_m(distance2D_m: Double) -> Double {
    let height = nodeHeight_m - deviceHeight_m
    return (distance2D_m * distance2D_m + height * height).squareRoot()
  }

  /// The probability of line of sight at a ground distance.
  public func lineOfSightProbability(distance2D_m: Double) -> Double { exp(-distance2D_m / lineOfSightDistance_m) }

  /// The standard deviation of shadow fading.
  public func shadowingDeviation_dB(lineOfSight: Bool) -> Double {
    lineOfSight || clutter == .bothHigh ? 4.3 : clutter.blockedDeviation_dB
  }

  /// The distance over which a link's line-of-sight state persists: half the size of the clutter (Table 7.6.3.1-2).
  public var lineOfSightCorrelation_m: Double { clutterSize_m / 2 }

  /// The mean of log₁₀ of the delay spread in seconds, in a hall of a volume and a surface (walls, floor and ceiling).
  ///
  /// LOS: log(26 V/S + 14) − 9.35; NLOS: log(30 V/S + 32) − 9.44.
  public static func logDelaySpread(volume_m3: Double, surface_m2: Double, lineOfSight: Bool) -> Double {
    let size = volume_m3 / surface_m2
    return lineOfSight ? log10(26 * size + 14) - 9.35 : log10(30 * size + 32) - 9.44
  }
}

extension IndoorFactory.Clutter {
  /// The constant of the law without line of sight, at 1 m and 1 GHz.
  fileprivate var blockedConstant_dB: Double {
    switch self {
    case .sparseLow: 33
    case .denseLow: 18.6
    case .sparseHigh: 32.4
    case .denseHigh: 33.63
    case .bothHigh: 31.84
    }
  }

  /// The decibels per decade of distance without line of sight.
  fileprivate var blockedSlope_dB: Double {
    switch self {
    case .sparseLow: 25.5
    case .denseLow: 35.7
    case .sparseHigh: 23
    case .denseHigh: 21.9
    case .bothHigh: 21.5
    }
  }

  /// σ without line of sight.
  fileprivate var blockedDeviation_dB: Double {
    switch self {
    case .sparseLow: 5.7
    case .denseLow: 7.2
    case .sparseHigh: 5.9
    case .denseHigh: 4
    case .bothHigh: 4.3
    }
  }
}

import Glibc

/// What a receiver makes of the powers that reach it: noise, SINR and rate.
///
/// Noise is −174 dBm/Hz, as 3GPP writes it, times the bandwidth, raised by the noise figure. The rate is
/// Shannon's with the spectral efficiency of the best modulation and coding as its cap: B · min(log₂(1 +
/// SINR), cap).
public struct Link: Sendable, Equatable {
  /// The level of thermal noise in one hertz.
  public static let thermalNoise_dBmPerHz = -174.0
  /// 948/1024 · 8 = 7.40625 bit/s/Hz: 256QAM at CQI 15, TS 38.214 Table 5.2.2.1-3 (printed there as 7.4063).
  public static let bestSpectralEfficiency = 948.0 / 1024 * 8

  /// The receiver's noise figure.
  public let noiseFigure_dB: Double
  /// The greatest spectral efficiency in bit/s/Hz.
  public let spectralEfficiencyCap: Double
  /// Noise per hertz, noise figure included.
  public let noiseDensity_WperHz: Double

  /// The link of a receiver. A cap of `.infinity` leaves Shannon's rate.
  public init(noiseFigure: Decibels, spectralEfficiencyCap: Double = Link.bestSpectralEfficiency) {
    precondition(spectralEfficiencyCap > 0, "the cap must be positive, not \(spectralEfficiencyCap) bit/s/Hz")
    noiseFigure_dB = noiseFigure.value
    self.spectralEfficiencyCap = spectralEfficiencyCap
    noiseDensity_WperHz = Watts(DecibelMilliwatts(Self.thermalNoise_dBmPerHz) + noiseFigure).value
  }

  /// The noise in a bandwidth.
  public func noise_W(bandwidth_Hz: Double) -> Double { noiseDensity_WperHz * bandwidth_Hz }

  /// The rate over a bandwidth at a signal-to-interference-and-noise ratio (a plain ratio, not dB).
  public func rate_bps(bandwidth_Hz: Double, sinr: Double) -> Double {
    bandwidth_Hz * min(log1p(sinr) * (1 / M_LN2), spectralEfficiencyCap)
  }

  /// The ratio of signal to interference and noise.
  public static func sinr(signal_W: Double, interference_W: Double, noise_W: Double) -> Double {
    signal_W / (interference_W + noise_W)
  }

  /// The power that arrives after a loss and a fading gain.
  ///
  /// The loss is path loss, shadowing and blockage less the antenna gains, all in dB.
  public static func received_W(transmit_W: Double, loss_dB: Double, fadingPower: Double = 1) -> Double {
    transmit_W * fadingPower * exp(loss_dB * (-0.1 * M_LN10))
  }
}

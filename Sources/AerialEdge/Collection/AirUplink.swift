import EdgeCloud
import Glibc

/// The link from a collector to the centre: mean air-to-ground loss, noise and rate.
///
/// Corrected: P = 1/(1 + a e^(−b (θ − a))) with θ in degrees and the mean loss FSPL(d₃D) + P η₁ + (1 − P) η₀ in dB
/// (A. Al-Hourani, S. Kandeepan, S. Lardner, IEEE WCL 3 (2014) 569). Published (Zhu et al., public code): θ in radians,
/// FSPL of the ground distance, and excess losses as amplitude ratios, FSPL · (P 10^(η₁/20) + (1 − P) 10^(η₀/20)).
struct AirUplink: Sendable {
  /// What is known of a link at a place.
  struct Budget: Sendable, Equatable {
    var distance_m = 0.0
    var clearChance = 0.0
    var loss_dB = 0.0
    /// The power that arrives.
    var received_W = 0.0
  }

  let parameters: CollectionParameters.Uplink
  private let isPublished: Bool
  private let height_m: Double
  let transmit_W: Double
  let noise_WperHz: Double
  private let wavenumber: Double

  init(_ parameters: CollectionParameters) {
    self.parameters = parameters.uplink
    isPublished = parameters.dynamics == .published
    height_m = parameters.collectors.height_m
    transmit_W = Watts(DecibelMilliwatts(parameters.collectors.transmit_dBm)).value
    noise_WperHz = Watts(DecibelMilliwatts(parameters.uplink.noise_dBmPerHz)).value
    wavenumber = 4 * Double.pi * parameters.uplink.carrier_Hz / 3e8
  }

  /// The link at a ground distance.
  func budget(ground_m: Double) -> Budget {
    isPublished ? published(ground_m: max(ground_m, 1e-6)) : corrected(ground_m: ground_m)
  }

  private func corrected(ground_m: Double) -> Budget {
    let distance = (ground_m * ground_m + height_m * height_m).squareRoot()
    let elevation_deg = atan2(height_m, ground_m) * (180 / Double.pi)
    let clear = clearChance(elevation: elevation_deg)
    let loss =
      20 * log10(wavenumber * distance) + clear * parameters.clearLoss_dB + (1 - clear) * parameters.blockedLoss_dB
    return Budget(
      distance_m: distance, clearChance: clear, loss_dB: loss,
      received_W: Link.received_W(transmit_W: transmit_W, loss_dB: loss))
  }

  private func published(ground_m: Double) -> Budget {
    let clear = clearChance(elevation: atan(height_m / ground_m))
    let free = (wavenumber * ground_m) * (wavenumber * ground_m)
    let ratio =
      free * (clear * pow(10, parameters.clearLoss_dB / 20) + (1 - clear) * pow(10, parameters.blockedLoss_dB / 20))
    return Budget(
      distance_m: ground_m, clearChance: clear, loss_dB: 10 * log10(ratio), received_W: transmit_W / ratio)
  }

  private func clearChance(elevation: Double) -> Double {
    1 / (1 + parameters.a * exp(-parameters.b * (elevation - parameters.a)))
  }

  /// The signal-to-noise ratio over a bandwidth; 0 without one.
  func snr(_ budget: Budget, bandwidth_Hz: Double) -> Double {
    bandwidth_Hz > 0 ? budget.received_W / (noise_WperHz * bandwidth_Hz) : 0
  }

  /// The rate over a bandwidth.
  func rate_bps(_ budget: Budget, bandwidth_Hz: Double) -> Double {
    bandwidth_Hz
      * min(log1p(snr(budget, bandwidth_Hz: bandwidth_Hz)) * (1 / M_LN2), parameters.spectralEfficiencyCap)
  }
}

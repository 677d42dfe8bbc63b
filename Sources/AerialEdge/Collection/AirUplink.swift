import EdgeCloud
import Glibc

/// The link from a collector to the centre: mean air-to-ground loss, noise and rate.
///
/// Corrected: the mean loss of ``AirToGround``, with the angle in degrees and losses in dB. Published (Zhu et al., public
/// code): the angle in radians, the free-space loss F of the ground distance, and the excess losses as ratios of
/// amplitudes, F · (P 10^(η₁/20) + (1 − P) 10^(η₀/20)).
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
  private let law: AirToGround
  private let height_m: Double
  let transmit_W: Double
  let noise_WperHz: Double
  private let wavenumber: Double

  init(_ parameters: CollectionParameters) {
    self.parameters = parameters.uplink
    isPublished = parameters.dynamics == .published
    height_m = parameters.collectors.height_m
    law = AirToGround(
      carrier: Hertz(parameters.uplink.carrier_Hz), over: parameters.uplink.surroundings.constants)
    transmit_W = Watts(DecibelMilliwatts(parameters.collectors.transmit_dBm)).value
    noise_WperHz = Watts(DecibelMilliwatts(parameters.uplink.noise_dBmPerHz)).value
    wavenumber = 4 * Double.pi * parameters.uplink.carrier_Hz / 3e8
  }

  /// The link at a ground distance.
  func budget(ground_m: Double) -> Budget {
    isPublished ? published(ground_m: max(ground_m, 1e-6)) : corrected(ground_m: ground_m)
  }

  private func corrected(ground_m: Double) -> Budget {
    let elevation = AirToGround.elevation_deg(ground_m: ground_m, height_m: height_m)
    let loss = law.meanPathLoss_dB(ground_m: ground_m, height_m: height_m)
    return Budget(
      distance_m: hypot(ground_m, height_m), clearChance: law.lineOfSightProbability(elevation_deg: elevation),
      loss_dB: loss,
      received_W: Link.received_W(transmit_W: transmit_W, loss_dB: loss))
  }

  private func published(ground_m: Double) -> Budget {
    let clear = law.lineOfSightProbability(elevation_deg: atan(height_m / ground_m))
    let free = (wavenumber * ground_m) * (wavenumber * ground_m)
    let ratio =
      free
      * (clear * pow(10, law.surroundings.clearExcess_dB / 20)
        + (1 - clear) * pow(10, law.surroundings.blockedExcess_dB / 20))
    return Budget(
      distance_m: ground_m, clearChance: clear, loss_dB: 10 * log10(ratio), received_W: transmit_W / ratio)
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

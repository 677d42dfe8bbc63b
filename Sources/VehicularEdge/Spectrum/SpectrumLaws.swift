import EdgeCloud
import Glibc

/// The laws of a scenario's channels: who sees whom, and what a link loses.
struct SpectrumLaws: Sendable {
  private let channel: SpectrumParameters.Channel
  private let law: WinnerB1
  private let faulty: Liang2019PathLoss
  let uplink: VehicleToBase
  /// From street to street, and half a street's width.
  private let spacing_m: (x: Double, y: Double)
  private let halfWidth_m: Double

  init(_ parameters: SpectrumParameters) {
    channel = parameters.channel
    let carrier = Hertz(parameters.radio.carrier_Hz)
    let height = Metres(parameters.radio.vehicleHeight_m)
    law = WinnerB1(carrier: carrier, transmitterHeight: height, receiverHeight: height)
    faulty = Liang2019PathLoss(carrier: carrier, height: height)
    uplink = VehicleToBase(baseHeight: Metres(parameters.radio.baseHeight_m), vehicleHeight: height)
    switch parameters.mobility {
    case .liang2019:
      spacing_m = (125, 216.5)
      halfWidth_m = 3.5
    case .manhattan(let traffic):
      spacing_m = (traffic.blockWidth_m, traffic.blockHeight_m)
      halfWidth_m = Double(traffic.lanesPerDirection) * traffic.laneWidth_m
    }
  }

  /// Whether two vehicles see each other.
  ///
  /// By the standard: both on one street. By the compatible preset: less than 7 m apart along one axis, wherever.
  func isClear(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> Bool {
    if channel == .liang2019Compat { return min((a.x - b.x).magnitude, (a.y - b.y).magnitude) < 7 }
    return shareStreet(a.x, b.x, spacing_m.x) || shareStreet(a.y, b.y, spacing_m.y)
  }

  private func shareStreet(_ a: Double, _ b: Double, _ spacing_m: Double) -> Bool {
    let street = (a / spacing_m).rounded() * spacing_m
    return (a - street).magnitude <= halfWidth_m && (b - street).magnitude <= halfWidth_m
  }

  /// The path loss between two vehicles.
  func pathLoss_dB(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double), isClear: Bool) -> Double {
    let dx = (a.x - b.x).magnitude
    let dy = (a.y - b.y).magnitude
    let distance = (dx * dx + dy * dy).squareRoot()
    switch (channel, isClear) {
    case (.tr36885, true): return law.lineOfSight_dB(distance_m: distance)
    case (.tr36885, false): return law.corner_dB(dx, dy)
    case (.liang2019Compat, true):
      return faulty.lineOfSight_dB(distance_m: distance + Liang2019PathLoss.addedDistance_m)
    case (.liang2019Compat, false): return faulty.corner_dB(dx, dy)
    }
  }

  /// The standard deviation of the shadowing between two vehicles.
  func deviation_dB(isClear: Bool) -> Double {
    channel == .liang2019Compat ? faulty.shadowingDeviation_dB : law.shadowingDeviation_dB(lineOfSight: isClear)
  }

  /// The decorrelation distance of the shadowing between two vehicles.
  var decorrelation_m: Double { law.shadowingDecorrelation_m }
}

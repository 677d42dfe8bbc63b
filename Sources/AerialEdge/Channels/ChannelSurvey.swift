import EdgeCloud
import Glibc

/// The mean gain of ``AirToGround`` between the ground and one height, without its logarithm of the distance.
///
/// G = 1/(K d²) · 10^(−(P η_LOS + (1 − P) η_NLOS)/10), with K the free-space loss at 1 m.
struct MeanAirGain: Sendable {
  let law: AirToGround
  private let height_m: Double
  private let atOneMetre: Double

  init(_ law: AirToGround, height_m: Double) {
    self.law = law
    self.height_m = height_m
    atOneMetre = Decibels(-law.freeSpaceAtOneMetre_dB).ratio
  }

  /// The power gain over a ground distance.
  func gain(ground_m: Double) -> Double {
    let clear = law.lineOfSightProbability(
      elevation_deg: AirToGround.elevation_deg(ground_m: ground_m, height_m: height_m))
    let excess = clear * law.surroundings.clearExcess_dB + (1 - clear) * law.surroundings.blockedExcess_dB
    let squared = max(ground_m * ground_m + height_m * height_m, 1)
    return atOneMetre / squared * exp(excess * (-0.1 * M_LN10))
  }
}

/// Where relays are, who is heard how well, and who cannot share a channel.
extension AerialChannels {
  /// Brings relays, links and conflicts to the present slot.
  mutating func survey() {
    moveRelays()
    for index in 0..<relayCount { requests[index] = 0 }
    for device in 0..<deviceCount {
      relay[device] = nearestRelay(device)
      guard isBusy[device] else { continue }
      requests[Int(relay[device])] += 1
      for index in 0..<relayCount {
        gain[device * relayCount + index] = air.gain(ground_m: groundDistance_m(device, index))
      }
    }
    countConflicts()
  }

  /// Relay r is on its circle about the middle of its cell of the grid, all turning the same way.
  private mutating func moveRelays() {
    let grid = parameters.relays
    let turn = grid.orbit_m > 0 ? grid.speed_mps * Double(step) * parameters.time.step_s / grid.orbit_m : 0
    for index in 0..<relayCount {
      let angle = phase[index] + turn
      let column = Double(index % grid.columns)
      let row = Double(index / grid.columns)
      relayX_m[index] = (column + 0.5) / Double(grid.columns) * parameters.side_m + grid.orbit_m * cos(angle)
      relayY_m[index] = (row + 0.5) / Double(grid.rows) * parameters.side_m + grid.orbit_m * sin(angle)
    }
  }

  /// The ground distance from a device to a relay.
  func groundDistance_m(_ device: Int, _ index: Int) -> Double {
    let (dx, dy) = (relayX_m[index] - x_m[device], relayY_m[index] - y_m[device])
    return (dx * dx + dy * dy).squareRoot()
  }

  private func nearestRelay(_ device: Int) -> Int32 {
    var best = 0
    var least = Double.infinity
    for index in 0..<relayCount {
      let (dx, dy) = (relayX_m[index] - x_m[device], relayY_m[index] - y_m[device])
      let squared = dx * dx + dy * dy
      if squared < least { (best, least) = (index, squared) }
    }
    return Int32(best)
  }

  private mutating func countConflicts() {
    for device in 0..<deviceCount { degree[device] = 0 }
    for device in 0..<deviceCount where isBusy[device] {
      for other in 0..<device where isBusy[other] && cannotShare(device, other) {
        degree[device] += 1
        degree[other] += 1
      }
    }
  }

  /// Whether two busy devices alone on a channel cannot both be served at the greatest power.
  func cannotShare(_ i: Int, _ j: Int) -> Bool {
    !isServed(i, with: j) || !isServed(j, with: i)
  }

  private func isServed(_ device: Int, with other: Int) -> Bool {
    let own = Int(relay[device])
    let signal = greatestPower_W * gain[device * relayCount + own]
    let interference = greatestPower_W * gain[other * relayCount + own]
    return signal >= threshold * (interference + noise_W)
  }

  /// The ratio of signal to noise of a busy device alone at the greatest power.
  func snr(_ device: Int) -> Double {
    greatestPower_W * gain[device * relayCount + Int(relay[device])] / noise_W
  }

  /// The powers that arrive at busy devices' relays, row-major [victim × source], for the conflict hypergraph.
  func received_W(among devices: [Int]) -> [Double] {
    devices.flatMap { victim in
      devices.map { source in greatestPower_W * gain[source * relayCount + Int(relay[victim])] }
    }
  }
}

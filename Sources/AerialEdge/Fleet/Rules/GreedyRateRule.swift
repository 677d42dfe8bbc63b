import EdgeCloud
import Glibc
public import ReinforcementLearning

/// Takes, among hovering, eight directions at full speed, up and down, the flight after which the rates to its users
/// would be best: the largest sum of logarithms of rates over the whole band, without interference or fading.
///
/// It knows the law of the channel and what the map of line of sight and shadowing is where that is drawn.
public struct GreedyRateRule: Controller {
  /// The rule's name.
  public static let name = "greedy-rate"

  private let trials_mps: [SIMD3<Double>]

  /// The rule for a world.
  public init(for world: AerialFleet) {
    let (speed, climb) = (world.parameters.fleet.speed_mps, world.parameters.fleet.climb_mps)
    let diagonal = speed * 0.5.squareRoot()
    trials_mps = [
      .zero, SIMD3(speed, 0, 0), SIMD3(diagonal, diagonal, 0), SIMD3(0, speed, 0), SIMD3(-diagonal, diagonal, 0),
      SIMD3(-speed, 0, 0), SIMD3(-diagonal, -diagonal, 0), SIMD3(0, -speed, 0), SIMD3(diagonal, -diagonal, 0),
      SIMD3(0, 0, climb), SIMD3(0, 0, -climb),
    ]
  }

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    for aircraft in 0..<world.parameters.fleet.count {
      var command = world.actions.idle
      var most = -Double.infinity
      for velocity in trials_mps where world.isFlying[aircraft] {
        let next = world.motion.advanced(
          world.flights[aircraft], command_mps: velocity, duration_s: world.parameters.time.step_s)
        let worth = world.sumOfLogRates(of: aircraft, at: next.position_m)
        if worth > most {
          most = worth
          command.velocity_mps = velocity
        }
      }
      world.actions.write(command, of: aircraft, into: &action)
    }
  }
}

extension AerialFleet {
  /// The sum of ln(rate) over the users to whom an aircraft is the nearest, if it were at another place.
  fileprivate func sumOfLogRates(of aircraft: Int, at place_m: SIMD3<Double>) -> Double {
    let noise = receiver.noise_W(bandwidth_Hz: parameters.radio.bandwidth_Hz)
    var sum = 0.0
    for user in 0..<parameters.users.count where nearestAircraft(to: user) == aircraft {
      let link = channel.picture(user: user, x_m: x_m[user], y_m: y_m[user], aircraft: place_m, in: world)
      let loss = link.pathLoss_dB + link.shadowing_dB - parameters.radio.antennaGain_dB
      let snr = Link.received_W(transmit_W: userPower_W, loss_dB: loss) / noise
      sum += log(receiver.rate_bps(bandwidth_Hz: parameters.radio.bandwidth_Hz, sinr: snr))
    }
    return sum
  }
}

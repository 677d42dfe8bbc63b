import EdgeCloud
import Glibc
public import ReinforcementLearning

/// Stays over its place on the ground and searches the altitude of least mean loss to its users, by golden sections.
///
/// It knows no law: it flies to an altitude, measures the gains to the users to whom it is the nearest aircraft, and
/// halves the range that is left by what it finds. Where the loss is averaged over line of sight it finds the elevation
/// angles that Al-Hourani et al. derive; where states are drawn, or users move, it finds what it met on its way.
public struct AltitudeSearchRule: Controller {
  /// The rule's name.
  public static let name = "altitude-search"

  /// How far an aircraft's search has come.
  private struct Search: Sendable {
    var low_m: Double
    var high_m: Double
    /// The losses at the two inner altitudes; nil where still to be measured.
    var atLeft: Double?
    var atRight: Double?

    static let section = (5.0.squareRoot() - 1) / 2
    var left_m: Double { high_m - Self.section * (high_m - low_m) }
    var right_m: Double { low_m + Self.section * (high_m - low_m) }
    /// Where to fly.
    var target_m: Double { atLeft == nil ? left_m : atRight == nil ? right_m : (low_m + high_m) / 2 }

    mutating func note(_ loss: Double) {
      if atLeft == nil { atLeft = loss } else { atRight = loss }
      guard let left = atLeft, let right = atRight else { return }
      if left <= right {
        high_m = right_m
        (atLeft, atRight) = (nil, left)
      } else {
        low_m = left_m
        (atLeft, atRight) = (right, nil)
      }
    }
  }

  private var searches: [Search]
  private let altitude_m: ClosedRange<Double>
  private let reach_m: Double

  /// The rule for a world.
  public init(for world: AerialFleet) {
    altitude_m = world.parameters.fleet.altitude_m
    let isCoarse = world.parameters.actions == .discrete
    reach_m = isCoarse ? world.parameters.fleet.climb_mps * world.parameters.time.step_s * 0.51 : 1e-4
    searches = []
    for _ in 0..<world.parameters.fleet.count {
      searches.append(Search(low_m: altitude_m.lowerBound, high_m: altitude_m.upperBound))
    }
  }

  public mutating func begin(seed: UInt64) {
    for aircraft in searches.indices {
      searches[aircraft] = Search(low_m: altitude_m.lowerBound, high_m: altitude_m.upperBound)
    }
  }

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    for aircraft in searches.indices {
      let here = world.flights[aircraft]
      var search = searches[aircraft]
      if search.high_m - search.low_m > 2 * reach_m,
        (here.position_m.z - search.target_m).magnitude <= reach_m,
        let loss = world.meanLoss_dB(of: aircraft)
      {
        search.note(loss)
        searches[aircraft] = search
      }
      var command = world.actions.idle
      command.velocity_mps.z = world.climb(from: here.position_m.z, to: search.target_m)
      world.actions.write(command, of: aircraft, into: &action)
    }
  }
}

extension AerialFleet {
  /// The mean loss in dB to the users to whom an aircraft is the nearest; nil if there are none.
  fileprivate func meanLoss_dB(of aircraft: Int) -> Double? {
    let users = parameters.users.count
    var (sum, count) = (0.0, 0.0)
    for user in 0..<users where nearestAircraft(to: user) == aircraft {
      sum -= 10 * log10(channel.gain[aircraft * users + user])
      count += 1
    }
    return count > 0 ? sum / count : nil
  }

  /// The speed upwards that brings an aircraft to an altitude and to rest there.
  fileprivate func climb(from altitude_m: Double, to target_m: Double) -> Double {
    let way = target_m - altitude_m
    let braking = (2 * parameters.fleet.acceleration_mps2 * way.magnitude).squareRoot()
    let speed = min(parameters.fleet.climb_mps, min(way.magnitude / parameters.time.step_s, braking))
    return way < 0 ? -speed : speed
  }
}

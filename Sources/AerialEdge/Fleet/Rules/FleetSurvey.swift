import EdgeCloud
import Glibc

/// What rules for fleets look at: true positions, which every aircraft could be told.
extension AerialFleet {
  /// The aircraft in flight that is nearest to a user on the ground, or −1.
  func nearestAircraft(to user: Int) -> Int {
    var (best, least) = (-1, Double.infinity)
    let users = parameters.users.count
    for aircraft in 0..<parameters.fleet.count where isFlying[aircraft] {
      let distance2 = channel.ground2_m2[aircraft * users + user]
      if distance2 < least { (best, least) = (aircraft, distance2) }
    }
    return best
  }

  /// The middle of the users to whom an aircraft is the nearest; nil if there are none.
  func centroid(of aircraft: Int) -> SIMD2<Double>? {
    var sum = SIMD2<Double>.zero
    var count = 0.0
    for user in 0..<parameters.users.count where nearestAircraft(to: user) == aircraft {
      sum += SIMD2(x_m[user], y_m[user])
      count += 1
    }
    return count > 0 ? sum / count : nil
  }

  /// The velocity over ground that brings an aircraft towards a place and to rest there.
  func approach(_ place: SIMD2<Double>, of aircraft: Int) -> SIMD3<Double> {
    let here = flights[aircraft].position_m
    let way = place - SIMD2(here.x, here.y)
    let distance = (way * way).sum().squareRoot()
    if distance == 0 { return .zero }
    let braking = (2 * parameters.fleet.acceleration_mps2 * distance).squareRoot()
    let speed = min(parameters.fleet.speed_mps, min(distance / parameters.time.step_s, braking))
    let velocity = way * (speed / distance)
    return SIMD3(velocity.x, velocity.y, 0)
  }
}

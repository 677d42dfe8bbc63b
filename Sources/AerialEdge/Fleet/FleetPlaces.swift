import EdgeCloud
import Glibc
import Randomness

/// Where users and aircraft are at the start, and how users go on.
extension AerialFleet {
  mutating func placeUsers() {
    let users = parameters.users
    if case .randomWaypoint(let movement) = users.movement {
      if trips.isEmpty {
        let nowhere = RandomWaypoint.State(
          x_m: 0, y_m: 0, targetX_m: 0, targetY_m: 0, speed_mps: 1, pause_s: 0, leg: 0)
        trips = [RandomWaypoint.State](repeating: nowhere, count: users.count)
      }
      for user in 0..<users.count {
        trips[user] = movement.start(in: world, walker: UInt64(user))
        (x_m[user], y_m[user]) = (trips[user].x_m, trips[user].y_m)
      }
      return
    }
    switch users.placement {
    case .process(let process):
      for user in 0..<users.count {
        let place = process.position(of: UInt64(user), in: world, area: parameters.area)
        (x_m[user], y_m[user]) = (place.x_m, place.y_m)
      }
    case .places(let allX_m, let allY_m): choosePlaces(allX_m, allY_m)
    }
    guard case .gaussMarkov(let movement) = users.movement else { return }
    if walks.isEmpty {
      let nowhere = GaussMarkovMobility.State(x_m: 0, y_m: 0, vx_mps: 0, vy_mps: 0, meanX_mps: 0, meanY_mps: 0)
      walks = [GaussMarkovMobility.State](repeating: nowhere, count: users.count)
    }
    for user in 0..<users.count {
      walks[user] = movement.start(x_m: x_m[user], y_m: y_m[user], in: world, walker: UInt64(user))
    }
  }

  /// Takes a sample of the table without taking a row twice: each row in turn with the probability that remains
  /// (selection sampling, Knuth, "The Art of Computer Programming" 2, algorithm 3.4.2 S).
  private mutating func choosePlaces(_ allX_m: [Double], _ allY_m: [Double]) {
    var chosen = 0
    for row in allX_m.indices where chosen < parameters.users.count {
      let needed = Double(parameters.users.count - chosen)
      guard Double(allX_m.count - row) * world.uniform(.userChoice, entity: UInt64(row)) < needed else { continue }
      (x_m[chosen], y_m[chosen]) = (allX_m[row], allY_m[row])
      chosen += 1
    }
  }

  mutating func moveUsers() {
    let duration = parameters.time.step_s
    switch parameters.users.movement {
    case .none: return
    case .gaussMarkov(let movement):
      let stride = movement.stride(duration_s: duration)
      for user in 0..<parameters.users.count {
        movement.advance(&walks[user], to: step, by: stride, in: world, walker: UInt64(user))
        (x_m[user], y_m[user]) = (walks[user].x_m, walks[user].y_m)
      }
    case .randomWaypoint(let movement):
      for user in 0..<parameters.users.count {
        movement.advance(&trips[user], duration_s: duration, in: world, walker: UInt64(user))
        (x_m[user], y_m[user]) = (trips[user].x_m, trips[user].y_m)
      }
    }
  }

  /// The middles of equal cells, or somewhere in the middle half of them, or the scenario's own places; with charges.
  mutating func placeAircraft() {
    let (fleet, energy) = (parameters.fleet, parameters.energy)
    let grid = Self.grid(fleet.count)
    for aircraft in 0..<fleet.count {
      let words = world.block(.aircraft, entity: UInt64(aircraft))
      var place = SIMD2(0.0, 0.0)
      if fleet.positions_m.isEmpty {
        let spread = fleet.isStartDrawn ? 0.5 : 0
        let across = 0.5 + spread * (Variate.uniform(words.0) - 0.5)
        let along = 0.5 + spread * (Variate.uniform(words.1) - 0.5)
        let point = parameters.area.point(
          (Double(aircraft % grid.columns) + across) / Double(grid.columns),
          (Double(aircraft / grid.columns) + along) / Double(grid.rows))
        place = SIMD2(point.x_m, point.y_m)
      } else {
        place = fleet.positions_m[aircraft]
      }
      flights[aircraft] = AerialMotion.State(position_m: SIMD3(place.x, place.y, fleet.startAltitude_m))
      isFlying[aircraft] = true
      startCharge_J[aircraft] = startCharge_J(of: aircraft, in: world)
      batteries[aircraft] = Battery(capacity: Joules(energy.capacity_J), charge: Joules(startCharge_J[aircraft]))
      onboard[aircraft].reset()
      relays[aircraft].reset()
      attached[aircraft] = 0
      spent[aircraft] = Spending()
    }
  }

  /// What an aircraft's battery holds at the start.
  func startCharge_J(of aircraft: Int, in world: WorldDraws) -> Double {
    let energy = parameters.energy
    let drawn = Variate.uniform(world.block(.aircraft, entity: UInt64(aircraft)).2)
    let part = energy.charge.lowerBound + (energy.charge.upperBound - energy.charge.lowerBound) * drawn
    return min(energy.capacity_J * part, energy.capacity_J)
  }

  /// The columns and rows of cells for so many aircraft.
  static func grid(_ count: Int) -> (columns: Int, rows: Int) {
    let columns = Int(Double(count).squareRoot().rounded(.up))
    return (columns, (count + columns - 1) / columns)
  }
}

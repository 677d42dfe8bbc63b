import EdgeCloud
import Glibc
import ReinforcementLearning

/// What an aircraft sees: itself, how users lie around it, its nearest users and the other aircraft. Values beyond a
/// field's range are shown as its end.
extension AerialFleet {
  private static let ownFields = 11
  private static let fieldsPerUser = 6
  private static let fieldsPerAircraft = 4
  private static let gain_dB: ClosedRange<Double> = -180 ... -30
  private static let quadrantNames = ["south_west", "south_east", "north_west", "north_east"]

  static func observationSpace(_ parameters: FleetParameters) -> ObservationSpace {
    let (area, fleet, tasks) = (parameters.area, parameters.fleet, parameters.tasks)
    let patience = tasks.deadline_s.upperBound
    let horizon = Double(parameters.time.steps) * parameters.time.step_s
    func field(_ name: String, _ unit: String, _ range: ClosedRange<Double>, _ meaning: String) -> ObservationField {
      ObservationField(name, unit: unit, in: Float(range.lowerBound)...Float(range.upperBound), meaning)
    }
    func both(_ most: Double) -> ClosedRange<Double> { -most...most }
    var fields = [
      field("x_m", "m", area.x_m, "position to the east"),
      field("y_m", "m", area.y_m, "position to the north"),
      field("altitude_m", "m", 0...fleet.altitude_m.upperBound, "altitude; 0 after landing"),
      field("east_mps", "m/s", both(fleet.speed_mps), "velocity to the east"),
      field("north_mps", "m/s", both(fleet.speed_mps), "velocity to the north"),
      field("climb_mps", "m/s", both(fleet.climb_mps), "velocity upwards"),
      field("charge_j", "J", 0...parameters.energy.capacity_J, "what the battery holds"),
      field("onboard_wait_s", "s", 0...patience, "time until the processor is free"),
      field("relay_wait_s", "s", 0...patience, "time until the relay is free"),
      field("served_users", "1", 0...Double(parameters.users.count), "users served in the last slot"),
      field("time_left_s", "s", 0...horizon, "time until the episode ends"),
    ]
    for name in quadrantNames {
      fields.append(
        field("\(name)_users", "1", 0...Double(parameters.users.count), "users between these directions"))
      fields.append(field("\(name)_age_s", "s", 0...horizon, "mean age of their information; 0 if there are none"))
    }
    for rank in 1...parameters.observedUsers {
      let user = "user_\(rank)"
      fields.append(field("\(user)_east_m", "m", both(area.width_m), "how far the user is to the east"))
      fields.append(field("\(user)_north_m", "m", both(area.depth_m), "how far the user is to the north"))
      fields.append(field("\(user)_gain_db", "dB", gain_dB, "gain of the link, fading averaged; least if none"))
      fields.append(field("\(user)_task_bits", "bit", 0...tasks.bits.upperBound, "input of its task; 0 if none"))
      fields.append(field("\(user)_deadline_s", "s", 0...patience, "time that the task has"))
      fields.append(field("\(user)_age_s", "s", 0...horizon, "age of its information"))
    }
    for rank in 1..<max(fleet.count, 1) {
      let other = "uav_\(rank)"
      fields.append(field("\(other)_east_m", "m", both(area.width_m), "how far the next aircraft is to the east"))
      fields.append(field("\(other)_north_m", "m", both(area.depth_m), "how far it is to the north"))
      fields.append(field("\(other)_up_m", "m", both(fleet.altitude_m.upperBound), "how far it is above"))
      fields.append(
        field("\(other)_served_users", "1", 0...Double(parameters.users.count), "users that it served in the last slot")
      )
    }
    return ObservationSpace(fields)
  }

  /// Finds an aircraft's nearest users and counts those in each quadrant.
  mutating func look(_ aircraft: Int) {
    let (users, seen) = (parameters.users.count, parameters.observedUsers)
    let around = around(flights[aircraft].position_m)
    quadrants[aircraft * 4] = Quadrant(around.all - around.east - around.north + around.both)
    quadrants[aircraft * 4 + 1] = Quadrant(around.east - around.both)
    quadrants[aircraft * 4 + 2] = Quadrant(around.north - around.both)
    quadrants[aircraft * 4 + 3] = Quadrant(around.both)
    let first = aircraft * seen
    var held = 0
    var limit = Double.infinity
    for user in 0..<users {
      let distance2 = channel.ground2_m2[aircraft * users + user]
      guard distance2 < limit else { continue }
      var place = held < seen ? held : seen - 1
      while place > 0, scratch.distance2[place - 1] > distance2 {
        scratch.distance2[place] = scratch.distance2[place - 1]
        nearest[first + place] = nearest[first + place - 1]
        place -= 1
      }
      scratch.distance2[place] = distance2
      nearest[first + place] = Int32(user)
      held = min(held + 1, seen)
      if held == seen { limit = scratch.distance2[seen - 1] }
    }
  }

  /// The number of users and the sum of their ages: of all, to the east, to the north, and both of these at once.
  private func around(
    _ here: SIMD3<Double>
  ) -> (all: SIMD2<Double>, east: SIMD2<Double>, north: SIMD2<Double>, both: SIMD2<Double>) {
    let xs = x_m.span
    let ys = y_m.span
    let ages = age_s.span
    var (all, east, north, both) = (SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero)
    for user in 0..<xs.count {
      let weight = SIMD2(1, ages[user])
      let isEast = xs[user] > here.x ? 1.0 : 0
      let isNorth = ys[user] > here.y ? 1.0 : 0
      all += weight
      east += weight * isEast
      north += weight * isNorth
      both += weight * (isEast * isNorth)
    }
    return (all, east, north, both)
  }

  /// An aircraft that has landed sees no users.
  mutating func unsee(_ aircraft: Int) {
    let seen = parameters.observedUsers
    for place in aircraft * seen..<(aircraft + 1) * seen { nearest[place] = -1 }
    for quadrant in 0..<4 { quadrants[aircraft * 4 + quadrant] = Quadrant() }
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let width = groups[0].observation.count
    let patience = parameters.tasks.deadline_s.upperBound
    let horizon = Double(parameters.time.steps) * parameters.time.step_s
    let seen = parameters.observedUsers
    for aircraft in 0..<parameters.fleet.count {
      let state = flights[aircraft]
      var base = aircraft * width
      values[base] = Float(state.position_m.x)
      values[base + 1] = Float(state.position_m.y)
      values[base + 2] = Float(state.position_m.z)
      values[base + 3] = within(state.velocity_mps.x, parameters.fleet.speed_mps)
      values[base + 4] = within(state.velocity_mps.y, parameters.fleet.speed_mps)
      values[base + 5] = within(state.velocity_mps.z, parameters.fleet.climb_mps)
      values[base + 6] = Float(batteries[aircraft].charge_J)
      values[base + 7] = Float(min(onboard[aircraft].backlog_s(at: now_s), patience))
      values[base + 8] = Float(min(relays[aircraft].backlog_s(at: now_s), patience))
      values[base + 9] = Float(attached[aircraft])
      values[base + 10] = Float(max(horizon - now_s, 0))
      base += Self.ownFields
      for quadrant in 0..<4 {
        values[base] = Float(quadrants[aircraft * 4 + quadrant].users)
        values[base + 1] = Float(min(quadrants[aircraft * 4 + quadrant].age_s, horizon))
        base += 2
      }
      for rank in 0..<seen {
        show(Int(nearest[aircraft * seen + rank]), of: aircraft, at: base, horizon_s: horizon, &values)
        base += Self.fieldsPerUser
      }
      for next in 1..<max(parameters.fleet.count, 1) {
        let other = (aircraft + next) % parameters.fleet.count
        let apart = flights[other].position_m - state.position_m
        values[base] = within(apart.x, parameters.area.width_m)
        values[base + 1] = within(apart.y, parameters.area.depth_m)
        values[base + 2] = within(apart.z, parameters.fleet.altitude_m.upperBound)
        values[base + 3] = Float(attached[other])
        base += Self.fieldsPerAircraft
      }
    }
  }

  /// Shows a user at a place of an observation; no user is shown far off without a task.
  private func show(
    _ user: Int, of aircraft: Int, at base: Int, horizon_s: Double, _ values: inout MutableSpan<Float>
  ) {
    guard user >= 0 else {
      for offset in 0..<Self.fieldsPerUser { values[base + offset] = 0 }
      values[base + 2] = Float(Self.gain_dB.lowerBound)
      return
    }
    let here = flights[aircraft].position_m
    let gain = 10 * log10(channel.gain[aircraft * parameters.users.count + user])
    values[base] = within(x_m[user] - here.x, parameters.area.width_m)
    values[base + 1] = within(y_m[user] - here.y, parameters.area.depth_m)
    values[base + 2] = Float(min(max(gain, Self.gain_dB.lowerBound), Self.gain_dB.upperBound))
    values[base + 3] = Float(waiting[user]?.bits ?? 0)
    values[base + 4] = Float(waiting[user]?.deadline_s ?? 0)
    values[base + 5] = Float(min(age_s[user], horizon_s))
  }

  private func within(_ value: Double, _ most: Double) -> Float { Float(min(max(value, -most), most)) }
}

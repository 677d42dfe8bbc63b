import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which tasks and draws follow, and what the decisions have made.
extension AerialFleet {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    snapshot.set("uav_positions_m", flights.flatMap { [$0.position_m.x, $0.position_m.y, $0.position_m.z] })
    snapshot.set("uav_velocities_mps", flights.flatMap { [$0.velocity_mps.x, $0.velocity_mps.y, $0.velocity_mps.z] })
    snapshot.set("uav_flying", isFlying)
    snapshot.set("uav_charges_j", batteries.map(\.charge_J))
    snapshot.set("uav_spent_j", spent.flatMap { [$0.propulsion_J, $0.avionics_J, $0.computing_J] })
    snapshot.set("uav_served", attached)
    snapshot.set("onboard_free_s", onboard.flatMap(\.freeAt_s))
    snapshot.set("relay_free_s", relays.flatMap(\.freeAt_s))
    snapshot.set("user_positions_m", zip(x_m, y_m).flatMap { [$0, $1] })
    snapshot.set(
      "user_walks", walks.flatMap { [$0.vx_mps, $0.vy_mps, $0.meanX_mps, $0.meanY_mps] })
    snapshot.set(
      "user_trips",
      trips.flatMap { [$0.targetX_m, $0.targetY_m, $0.speed_mps, $0.pause_s, Double($0.leg)] })
    snapshot.set("device_free_s", deviceFree_s)
    snapshot.set("user_ages_s", age_s)
    snapshot.set("user_delivered_bits", delivered_bits)
    snapshot.set("terms", terms)
    snapshot.set("flow_account", account.words)
    snapshot.set("latencies_s", latencies_s)
    snapshot.set(
      "tally",
      [
        tally.arrived, tally.missed, tally.lost, tally.onDevice, tally.onBoard, tally.inCloud, tally.userEnergy_J,
        tally.age_s, tally.breaches, tally.landed,
      ])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let step = try snapshot.integer("step")
    guard (0...parameters.time.steps).contains(step) else {
      throw snapshot.mismatch("step", expected: "a step of an episode of \(parameters.time.steps)", found: "\(step)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    copy.step = step
    try copy.restoreAircraft(from: snapshot)
    try copy.restoreUsers(from: snapshot)
    copy.terms = try snapshot.doubles("terms", count: terms.count)
    guard let account = FlowAccount(words: try snapshot.uint64s("flow_account")) else {
      throw snapshot.mismatch("flow_account", expected: "the state of an account", found: "other words")
    }
    copy.account = account
    copy.latencies_s.append(contentsOf: try snapshot.doubles("latencies_s"))
    let sums = try snapshot.doubles("tally", count: 10)
    copy.tally = Tally(
      arrived: sums[0], missed: sums[1], lost: sums[2], onDevice: sums[3], onBoard: sums[4], inCloud: sums[5],
      userEnergy_J: sums[6], age_s: sums[7], breaches: sums[8], landed: sums[9])
    copy.refresh()
    for aircraft in copy.isFlying.indices where !copy.isFlying[aircraft] {
      copy.channel.silence(aircraft)
      copy.unsee(aircraft)
    }
    self = copy
  }

  private mutating func restoreAircraft(from snapshot: Snapshot) throws(SnapshotError) {
    let count = parameters.fleet.count
    let positions = try snapshot.doubles("uav_positions_m", count: 3 * count)
    let velocities = try snapshot.doubles("uav_velocities_mps", count: 3 * count)
    let charges = try snapshot.doubles("uav_charges_j", count: count)
    let sums = try snapshot.doubles("uav_spent_j", count: 3 * count)
    let servers = parameters.computers.servers
    let boards = try snapshot.doubles("onboard_free_s", count: count * servers)
    let hops = try snapshot.doubles("relay_free_s", count: count)
    isFlying = try snapshot.bools("uav_flying", count: count)
    attached = try snapshot.int32s("uav_served", count: count)
    for aircraft in 0..<count {
      let first = 3 * aircraft
      let position = SIMD3(positions[first], positions[first + 1], positions[first + 2])
      for axis in 0..<3 where isFlying[aircraft] {
        guard position[axis] >= motion.low_m[axis], position[axis] <= motion.high_m[axis] else {
          throw snapshot.mismatch(
            "uav_positions_m", expected: "places inside the fence", found: "aircraft \(aircraft) at \(position)")
        }
      }
      flights[aircraft] = AerialMotion.State(
        position_m: position, velocity_mps: SIMD3(velocities[first], velocities[first + 1], velocities[first + 2]))
      guard charges[aircraft] >= 0, charges[aircraft] <= parameters.energy.capacity_J else {
        throw snapshot.mismatch(
          "uav_charges_j", expected: "charges from 0 to \(parameters.energy.capacity_J)", found: "\(charges[aircraft])")
      }
      batteries[aircraft] = Battery(
        capacity: Joules(parameters.energy.capacity_J), charge: Joules(charges[aircraft]))
      spent[aircraft] = Spending(
        propulsion_J: sums[first], avionics_J: sums[first + 1], computing_J: sums[first + 2])
      guard let board = ComputeQueue(freeAt_s: Array(boards[aircraft * servers..<(aircraft + 1) * servers])),
        let hop = ComputeQueue(freeAt_s: [hops[aircraft]])
      else { throw snapshot.mismatch("onboard_free_s", expected: "finite times", found: "others") }
      onboard[aircraft] = board
      relays[aircraft] = hop
    }
  }

  private mutating func restoreUsers(from snapshot: Snapshot) throws(SnapshotError) {
    let count = parameters.users.count
    let positions = try snapshot.doubles("user_positions_m", count: 2 * count)
    let walking = try snapshot.doubles("user_walks", count: 4 * walks.count)
    let tripping = try snapshot.doubles("user_trips", count: 5 * trips.count)
    for user in 0..<count {
      guard parameters.area.contains(positions[2 * user], positions[2 * user + 1]) else {
        throw snapshot.mismatch("user_positions_m", expected: "places in the area", found: "user \(user) elsewhere")
      }
      (x_m[user], y_m[user]) = (positions[2 * user], positions[2 * user + 1])
    }
    for user in walks.indices {
      walks[user] = GaussMarkovMobility.State(
        x_m: x_m[user], y_m: y_m[user], vx_mps: walking[4 * user], vy_mps: walking[4 * user + 1],
        meanX_mps: walking[4 * user + 2], meanY_mps: walking[4 * user + 3])
    }
    for user in trips.indices {
      let first = 5 * user
      guard tripping[first + 2] > 0, tripping[first + 3] >= 0, (0...1e15).contains(tripping[first + 4]) else {
        throw snapshot.mismatch("user_trips", expected: "speeds, pauses and legs", found: "user \(user) with others")
      }
      trips[user] = RandomWaypoint.State(
        x_m: x_m[user], y_m: y_m[user], targetX_m: tripping[first], targetY_m: tripping[first + 1],
        speed_mps: tripping[first + 2], pause_s: tripping[first + 3], leg: Int(tripping[first + 4]))
    }
    deviceFree_s = try snapshot.doubles("device_free_s", count: count)
    age_s = try snapshot.doubles("user_ages_s", count: count)
    delivered_bits = try snapshot.doubles("user_delivered_bits", count: count)
  }

  /// Becomes a copy of a world of the same scenario, without sharing memory with it.
  public mutating func assign(from other: AerialFleet) {
    precondition(
      parameters.users.count == other.parameters.users.count && flights.count == other.flights.count
        && nearest.count == other.nearest.count && walks.count == other.walks.count && trips.count == other.trips.count,
      "a world of \(flights.count) aircraft and \(parameters.users.count) users cannot become a copy of one of "
        + "\(other.flights.count) and \(other.parameters.users.count)")
    (world, step) = (other.world, other.step)
    channel.assign(from: other.channel)
    for aircraft in flights.indices {
      flights[aircraft] = other.flights[aircraft]
      isFlying[aircraft] = other.isFlying[aircraft]
      batteries[aircraft] = other.batteries[aircraft]
      startCharge_J[aircraft] = other.startCharge_J[aircraft]
      onboard[aircraft].assign(from: other.onboard[aircraft])
      relays[aircraft].assign(from: other.relays[aircraft])
      attached[aircraft] = other.attached[aircraft]
      spent[aircraft] = other.spent[aircraft]
      settledFlights[aircraft] = other.settledFlights[aircraft]
    }
    for user in x_m.indices {
      x_m[user] = other.x_m[user]
      y_m[user] = other.y_m[user]
      cpu_Hz[user] = other.cpu_Hz[user]
      deviceFree_s[user] = other.deviceFree_s[user]
      age_s[user] = other.age_s[user]
      delivered_bits[user] = other.delivered_bits[user]
      waiting[user] = other.waiting[user]
    }
    for user in walks.indices { walks[user] = other.walks[user] }
    for user in trips.indices { trips[user] = other.trips[user] }
    for place in nearest.indices { nearest[place] = other.nearest[place] }
    for place in quadrants.indices { quadrants[place] = other.quadrants[place] }
    for place in terms.indices { terms[place] = other.terms[place] }
    account.assign(from: other.account)
    latencies_s.removeAll(keepingCapacity: true)
    latencies_s.append(contentsOf: other.latencies_s)
    tally = other.tally
    settled.removeAll(keepingCapacity: true)
    settled.append(contentsOf: other.settled)
    settledStep = other.settledStep
  }
}

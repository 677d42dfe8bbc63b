import Randomness

/// One lane of a ``HighwayTraffic`` as it moves. Positions count along the direction of travel.
struct HighwayLane {
  struct Vehicle {
    var front_m: Double
    var speed_mps: Double
    let desiredSpeed_mps: Double
    let number: Int
  }

  let road: HighwayTraffic
  let index: Int
  let world: WorldDraws
  /// Leaders before followers; those before `head` have left.
  private(set) var vehicles: [Vehicle] = []
  private var head = 0
  private var nextNumber = 0
  private var nextArrival_s = 0.0
  private var nextDesiredSpeed_mps = 0.0

  init(road: HighwayTraffic, index: Int, world: WorldDraws) {
    self.road = road
    self.index = index
    self.world = world
    guard road.entryFlow_perSecond > 0 else {
      nextArrival_s = .infinity
      return
    }
    let speed = road.desiredSpeed_mps
    let leastSpacing = road.vehicleLength_m + road.driver.desiredGap_m(speed_mps: speed, closingSpeed_mps: 0)
    let spacing = max(speed / road.entryFlow_perSecond, leastSpacing)
    let count = Int(road.length_m / spacing)
    for number in 0..<count {
      let draw = self.draw(number)
      vehicles.append(
        Vehicle(
          front_m: Double(count - 1 - number) * spacing + draw.offset * (spacing - leastSpacing),
          speed_mps: min(draw.desiredSpeed_mps, speed), desiredSpeed_mps: draw.desiredSpeed_mps,
          number: number))
    }
    nextNumber = count
    scheduleArrival()
  }

  /// Moves all vehicles by a substep that ends at a time; then vehicles leave at the end and enter at the
  /// start.
  mutating func advance(by step_s: Double, to time_s: Double) {
    move(by: step_s)
    while head < vehicles.count, vehicles[head].front_m > road.length_m { head += 1 }
    while nextArrival_s <= time_s, let speed = entrySpeed_mps() {
      vehicles.append(
        Vehicle(front_m: 0, speed_mps: speed, desiredSpeed_mps: nextDesiredSpeed_mps, number: nextNumber))
      nextNumber += 1
      scheduleArrival()
    }
  }

  /// Appends the vehicles on the road, leaders first.
  func append(to present: inout [MobilityPlan.Vehicle]) {
    let isForward = index < road.lanesPerDirection
    let lane = Double(isForward ? index : index - road.lanesPerDirection)
    let y = (lane + 0.5) * road.laneWidth_m * (isForward ? -1 : 1)
    for vehicle in vehicles[head...] {
      present.append(
        MobilityPlan.Vehicle(
          entity: entity(vehicle.number), x_m: isForward ? vehicle.front_m : road.length_m - vehicle.front_m,
          y_m: y, speed_mps: vehicle.speed_mps))
    }
  }

  private mutating func move(by step_s: Double) {
    let driver = road.driver
    let vehicleLength = road.vehicleLength_m
    var leaderRear = Double.infinity
    var leaderSpeed = 0.0
    var leaderRearAfter = Double.infinity
    var leaderSpeedAfter = 0.0
    for i in head..<vehicles.count {
      let vehicle = vehicles[i]
      let front = vehicle.front_m
      let speed = vehicle.speed_mps
      let acceleration = driver.acceleration_mps2(
        speed_mps: speed, desiredSpeed_mps: vehicle.desiredSpeed_mps, gap_m: leaderRear - front,
        closingSpeed_mps: speed - leaderSpeed)
      var speedAfter = speed + acceleration * step_s
      var frontAfter = front + 0.5 * (speed + speedAfter) * step_s
      if speedAfter < 0 {
        speedAfter = 0
        frontAfter = front - 0.5 * speed * speed / acceleration
      }
      if frontAfter >= leaderRearAfter {
        frontAfter = front + 0.5 * (leaderRearAfter - front)
        speedAfter = min(speedAfter, leaderSpeedAfter)
      }
      vehicles[i].front_m = frontAfter
      vehicles[i].speed_mps = speedAfter
      leaderRear = front - vehicleLength
      leaderSpeed = speed
      leaderRearAfter = frontAfter - vehicleLength
      leaderSpeedAfter = speedAfter
    }
  }

  /// The speed at which the next vehicle may enter, or nil if it must wait.
  private func entrySpeed_mps() -> Double? {
    guard head < vehicles.count, let last = vehicles.last else { return nextDesiredSpeed_mps }
    let gap = last.front_m - road.vehicleLength_m
    let wanted = road.driver.desiredGap_m(
      speed_mps: nextDesiredSpeed_mps, closingSpeed_mps: nextDesiredSpeed_mps - last.speed_mps)
    if gap >= wanted { return nextDesiredSpeed_mps }
    let speed = min(nextDesiredSpeed_mps, last.speed_mps)
    return gap >= road.driver.desiredGap_m(speed_mps: speed, closingSpeed_mps: 0) ? speed : nil
  }

  private mutating func scheduleArrival() {
    let draw = draw(nextNumber)
    nextArrival_s += draw.headway_s
    nextDesiredSpeed_mps = draw.desiredSpeed_mps
  }

  private func entity(_ number: Int) -> UInt64 { UInt64(index) << 32 | UInt64(number) }

  private func draw(_ number: Int) -> (headway_s: Double, desiredSpeed_mps: Double, offset: Double) {
    let words = world.block(.roadVehicle, entity: entity(number))
    let z = min(max(Variate.normals(words.1, words.2).0, -2), 2)
    return (
      Variate.exponential(words.0) / road.entryFlow_perSecond,
      road.desiredSpeed_mps + road.speedSpread_mps * z,
      Variate.uniform(words.3)
    )
  }
}

import Glibc
import Randomness

/// The vehicles of a ``ManhattanTraffic`` as they move.
///
/// All drive at one speed, so that a vehicle is where it is by the time at which it passed the last crossing:
/// nothing is added up, and the interval between two looks changes nothing.
struct ManhattanFleet {
  private struct Vehicle {
    /// Where it drives, and when it passed (or would have passed) the middle of the crossing before.
    var stretch: Int
    var lane: Int
    var passed_s: Double
    /// Where it came from, −1 before its first crossing.
    var lastStretch = -1
    var lastLane = 0
    /// Where it goes on, −1 while that is open.
    var nextStretch = -1
    var nextLane = 0
    var crossings: UInt64 = 0
    /// When it passes the middle of the next crossing.
    var passes_s: Double
  }

  private let traffic: ManhattanTraffic
  private let world: WorldDraws
  private var vehicles: [Vehicle] = []
  /// When the last vehicle entered each lane of each stretch; [stretches × lanes].
  private var entered_s: [Double]
  /// How long a vehicle keeps a lane's entrance to itself.
  private let clearance_s: Double
  private var now_s = 0.0
  private var deciding: [Int] = []

  /// The vehicles of a drop.
  init(traffic: ManhattanTraffic, world: WorldDraws) {
    self.traffic = traffic
    self.world = world
    entered_s = Array(repeating: -.infinity, count: traffic.grid.crossings * 4 * traffic.lanesPerDirection)
    // A hair less than the distance takes, so that rounding never closes a lane to who just kept it.
    clearance_s = traffic.leastDistance_m / traffic.speed_mps * (1 - 1e-9)
    drop()
  }

  private mutating func drop() {
    let lanes = traffic.lanes
    var order = world.stream(.manhattanDrop, entity: UInt64(lanes.count))
    for (index, count) in counts(in: lanes, &order).enumerated() {
      place(count, in: lanes[index], world.stream(.manhattanDrop, entity: UInt64(index)))
    }
    for last in stride(from: vehicles.count - 1, to: 0, by: -1) {
      vehicles.swapAt(last, order.integer(below: last + 1))
    }
    for vehicle in vehicles {
      let entrance = vehicle.stretch * traffic.lanesPerDirection + vehicle.lane
      entered_s[entrance] = max(entered_s[entrance], vehicle.passed_s)
    }
  }

  /// How many vehicles each lane is dropped with.
  private func counts(in lanes: [ManhattanTraffic.Lane], _ stream: inout RandomStream) -> [Int] {
    guard let fleet = traffic.fleet else {
      return lanes.indices.map { index in
        var draws = world.stream(.manhattanDrop, entity: UInt64(lanes.count + 1 + index))
        let mean = lanes[index].length_m / (traffic.headway_s * traffic.speed_mps)
        // Arrivals of a unit-rate process before `mean`.
        var count = 0
        var sum = Variate.exponential(draws.next())
        let most = traffic.capacity(ofLane: lanes[index].length_m)
        while sum < mean, count < most {
          count += 1
          sum += Variate.exponential(draws.next())
        }
        return count
      }
    }
    var counts = [Int](repeating: 0, count: lanes.count)
    let total = lanes.reduce(0) { $0 + $1.length_m }
    for _ in 0..<fleet {
      var rest = stream.uniform() * total
      var index = 0
      while index + 1 < lanes.count, rest >= lanes[index].length_m {
        rest -= lanes[index].length_m
        index += 1
      }
      while counts[index] >= traffic.capacity(ofLane: lanes[index].length_m) { index = (index + 1) % lanes.count }
      counts[index] += 1
    }
    return counts
  }

  private mutating func place(_ count: Int, in lane: ManhattanTraffic.Lane, _ stream: RandomStream) {
    if count == 0 { return }
    var stream = stream
    let least = traffic.leastDistance_m
    let room = lane.length_m - least - Double(count - 1) * least
    let offsets = (0..<count).map { _ in stream.uniform() * room }.sorted()
    let stretch_m = traffic.grid.length_m(of: lane.stretches[0])
    for (number, offset) in offsets.enumerated() {
      let along = least + offset + Double(number) * least
      let index = min(Int(along / stretch_m), lane.stretches.count - 1)
      let passed = -(along - Double(index) * stretch_m) / traffic.speed_mps
      vehicles.append(
        Vehicle(
          stretch: lane.stretches[index], lane: lane.lane, passed_s: passed,
          passes_s: passed + stretch_m / traffic.speed_mps))
    }
  }

  /// Moves all vehicles to a time, not before the last one.
  mutating func advance(to time_s: Double) {
    // In one round no vehicle passes two crossings.
    let longest_s = 0.5 * min(traffic.blockWidth_m, traffic.blockHeight_m) / traffic.speed_mps
    repeat {
      now_s = min(now_s + longest_s, time_s)
      decideTurns()
      pass()
    } while now_s < time_s
  }

  /// Those who have come to a crossing decide, in the order in which they pass its middle.
  private mutating func decideTurns() {
    let ahead_s = traffic.crossingRadius_m / traffic.speed_mps
    deciding.removeAll(keepingCapacity: true)
    for index in vehicles.indices where vehicles[index].nextStretch < 0 && vehicles[index].passes_s - ahead_s <= now_s {
      deciding.append(index)
    }
    let times = vehicles
    deciding.sort { (times[$0].passes_s, $0) < (times[$1].passes_s, $1) }
    for index in deciding { decide(index) }
  }

  private mutating func decide(_ index: Int) {
    let vehicle = vehicles[index]
    let grid = traffic.grid
    let crossing = grid.crossing(at: vehicle.stretch)
    let direction = grid.direction(of: vehicle.stretch)
    let drawn = turn(from: direction, at: crossing, vehicle: index, time: vehicle.crossings)
    let others = [
      direction, ManhattanGrid.Direction.left(of: direction), ManhattanGrid.Direction.right(of: direction),
      ManhattanGrid.Direction.back(from: direction),
    ].filter { $0 != drawn }
    // The first lane that is clear; one is, but for rounding, and then the one that has been entered least lately.
    var chosen = -1
    var best_s = -Double.infinity
    for toward in [drawn] + others where best_s < clearance_s {
      guard let stretch = grid.stretch(from: crossing, toward: toward) else { continue }
      for change in 0..<traffic.lanesPerDirection where best_s < clearance_s {
        let entrance =
          stretch * traffic.lanesPerDirection + (vehicle.lane + change) % traffic.lanesPerDirection
        let since_s = vehicle.passes_s - entered_s[entrance]
        if since_s > best_s {
          best_s = since_s
          chosen = entrance
        }
      }
    }
    entered_s[chosen] = vehicle.passes_s
    vehicles[index].nextStretch = chosen / traffic.lanesPerDirection
    vehicles[index].nextLane = chosen % traffic.lanesPerDirection
  }

  /// The direction that is drawn among those that stay in the grid; back where there is no other.
  private func turn(from direction: Int, at crossing: Int, vehicle: Int, time: UInt64) -> Int {
    let options = [
      (direction, 1 - traffic.left - traffic.right),
      (ManhattanGrid.Direction.left(of: direction), traffic.left),
      (ManhattanGrid.Direction.right(of: direction), traffic.right),
    ].filter { traffic.grid.stretch(from: crossing, toward: $0.0) != nil }
    let total = options.reduce(0) { $0 + $1.1 }
    var rest = world.uniform(.manhattanTurn, entity: UInt64(vehicle), time: time)
    // Where only turns of no probability are left, each is as likely.
    for (toward, probability) in options {
      let share = total > 0 ? probability / total : 1 / Double(options.count)
      if rest < share { return toward }
      rest -= share
    }
    return options.last?.0 ?? ManhattanGrid.Direction.back(from: direction)
  }

  private mutating func pass() {
    for index in vehicles.indices where vehicles[index].nextStretch >= 0 && vehicles[index].passes_s <= now_s {
      var vehicle = vehicles[index]
      vehicle.lastStretch = vehicle.stretch
      vehicle.lastLane = vehicle.lane
      vehicle.stretch = vehicle.nextStretch
      vehicle.lane = vehicle.nextLane
      vehicle.nextStretch = -1
      vehicle.passed_s = vehicle.passes_s
      vehicle.passes_s += traffic.grid.length_m(of: vehicle.stretch) / traffic.speed_mps
      vehicle.crossings += 1
      vehicles[index] = vehicle
    }
  }

  /// Writes where all vehicles are now, in the order of their entities.
  func write(to present: inout [MobilityPlan.Vehicle]) {
    present.removeAll(keepingCapacity: true)
    for (index, vehicle) in vehicles.enumerated() {
      let place = place(of: vehicle)
      present.append(
        MobilityPlan.Vehicle(entity: UInt64(index), x_m: place.x_m, y_m: place.y_m, speed_mps: traffic.speed_mps))
    }
  }

  private func place(of vehicle: Vehicle) -> (x_m: Double, y_m: Double) {
    let grid = traffic.grid
    let radius = traffic.crossingRadius_m
    let along = (now_s - vehicle.passed_s) * traffic.speed_mps
    let length = grid.length_m(of: vehicle.stretch)
    if along < radius, vehicle.lastStretch >= 0 {
      return across(
        from: (vehicle.lastStretch, vehicle.lastLane), to: (vehicle.stretch, vehicle.lane),
        share: 0.5 + along / (2 * radius))
    }
    if along > length - radius, vehicle.nextStretch >= 0 {
      return across(
        from: (vehicle.stretch, vehicle.lane), to: (vehicle.nextStretch, vehicle.nextLane),
        share: (along - length + radius) / (2 * radius))
    }
    return grid.place(stretch: vehicle.stretch, lane: vehicle.lane, along_m: along)
  }

  /// A place on the line across a crossing, from where one lane ends to where another begins.
  private func across(
    from: (stretch: Int, lane: Int), to: (stretch: Int, lane: Int), share: Double
  ) -> (x_m: Double, y_m: Double) {
    let grid = traffic.grid
    let radius = traffic.crossingRadius_m
    let begin = grid.place(
      stretch: from.stretch, lane: from.lane, along_m: grid.length_m(of: from.stretch) - radius)
    let end = grid.place(stretch: to.stretch, lane: to.lane, along_m: radius)
    var (x, y) = (begin.x_m + share * (end.x_m - begin.x_m), begin.y_m + share * (end.y_m - begin.y_m))
    let heading = grid.direction(of: from.stretch)
    if grid.direction(of: to.stretch) == ManhattanGrid.Direction.back(from: heading) {
      let depth = radius * min(share, 1 - share)
      x += depth * ManhattanGrid.Direction.x(heading)
      y += depth * ManhattanGrid.Direction.y(heading)
    }
    return (x, y)
  }
}

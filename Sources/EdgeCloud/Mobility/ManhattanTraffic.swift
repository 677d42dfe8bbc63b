public import Randomness

/// The urban grid of TR 36.885: blocks between streets of several lanes, on which all vehicles drive at one speed.
///
/// - Geometry: streets lie at x = 0, one block width, … and y = 0, one block height, …; every street, those at the
///   edge too, has the same lanes in both directions. Traffic keeps to the right; lane k lies (k + ½) lane widths
///   from the middle. A vehicle's position is its middle.
/// - Drop: the number of vehicles in a lane is Poisson with the mean length / (headway · speed), or `fleet` vehicles
///   are spread over all lanes in proportion to their length. Places are uniform, given that two middles in a lane
///   are at least vehicle length + least gap apart and none lies that close behind the edge at which a lane begins.
/// - Turns: at a crossing a vehicle goes straight on, left or right with the given probabilities. Vehicles never
///   leave: at the edge what leads out of the grid is left out and the others keep their proportion.
/// - Nobody overlaps another in a lane: who would come nearer than the distance above to the last vehicle that
///   entered a lane takes the next lane of the same street, else the other streets (straight, left, right), else
///   turns back. One of them is always free: a crossing with n streets has as many lanes that lead out as lanes that
///   lead in, 2 m n with m lanes a direction, and while one vehicle passes, each of the other lanes that lead in sends
///   at most one vehicle. Vehicles of crossing streets pass through each other, as there are no lights.
/// - In a crossing (within the width of the lanes and 3 m of pavement from its middle) a vehicle is shown on the
///   straight line from the lane on which it comes to the lane on which it goes on, half way into the crossing if it
///   turns back; it takes as long as straight on.
///
/// Source: TR 36.885 clause A.1.2 (urban case: 3 × 3 blocks of 433 m × 250 m, two lanes a direction of 3.5 m, mean
/// distance of 2.5 s · speed in a lane, 15 or 60 km/h). The turns straight ½, left ¼, right ¼ are a preset choice,
/// cf. the same clause. The standard repeats the grid without end; here it has an edge.
public struct ManhattanTraffic: Sendable, Equatable {
  /// Blocks from west to east.
  public let columns: Int
  /// Blocks from south to north.
  public let rows: Int
  /// From street to street, west to east.
  public let blockWidth_m: Double
  /// From street to street, south to north.
  public let blockHeight_m: Double
  /// Lanes in each direction.
  public let lanesPerDirection: Int
  /// The width of a lane.
  public let laneWidth_m: Double
  /// The least distance between the middles of two vehicles in a lane.
  public let leastDistance_m: Double
  /// The speed of every vehicle.
  public let speed_mps: Double
  /// The mean time between two vehicles of a lane; says nothing where there is a fleet.
  public let headway_s: Double
  /// The probability of a left turn.
  public let left: Double
  /// The probability of a right turn.
  public let right: Double
  /// The number of vehicles, or nil if the drop is Poisson.
  public let fleet: Int?

  let grid: ManhattanGrid
  /// How far from its middle a crossing begins.
  let crossingRadius_m: Double

  /// The distance from the western to the eastern street's middle; the grid begins at x = 0.
  public var width_m: Double { Double(columns) * blockWidth_m }
  /// The distance from the southern to the northern street's middle; the grid begins at y = 0.
  public var height_m: Double { Double(rows) * blockHeight_m }

  /// The grid of TR 36.885 unless told otherwise. Blocks must be longer than two crossings are wide.
  public init(
    columns: Int = 3, rows: Int = 3, blockWidth: Metres = Metres(250), blockHeight: Metres = Metres(433),
    lanesPerDirection: Int = 2, laneWidth: Metres = Metres(3.5), vehicleLength: Metres = Metres(5),
    leastGap: Metres = Metres(2.5), speed: MetresPerSecond = MetresPerSecond(kilometresPerHour: 60),
    headway: Seconds = Seconds(2.5), left: Double = 0.25, right: Double = 0.25, fleet: Int? = nil
  ) {
    precondition(
      columns > 0 && rows > 0 && lanesPerDirection > 0 && laneWidth.value > 0 && vehicleLength.value > 0
        && leastGap.value > 0,
      "a grid needs positive measures, not \(columns) x \(rows) blocks, \(lanesPerDirection) lanes of "
        + "\(laneWidth.value) m, vehicles of \(vehicleLength.value) m, gaps of \(leastGap.value) m")
    precondition(
      speed.value > 0 && speed.value.isFinite && headway.value > 0,
      "a grid needs a positive speed and headway, not \(speed.value) m/s and \(headway.value) s")
    precondition(
      left >= 0 && right >= 0 && left + right <= 1, "turns need probabilities, not left \(left), right \(right)")
    self.columns = columns
    self.rows = rows
    blockWidth_m = blockWidth.value
    blockHeight_m = blockHeight.value
    self.lanesPerDirection = lanesPerDirection
    laneWidth_m = laneWidth.value
    leastDistance_m = vehicleLength.value + leastGap.value
    speed_mps = speed.value
    headway_s = headway.value
    self.left = left
    self.right = right
    self.fleet = fleet
    grid = ManhattanGrid(
      columns: columns, rows: rows, blockWidth_m: blockWidth.value, blockHeight_m: blockHeight.value,
      laneWidth_m: laneWidth.value)
    crossingRadius_m = Self.crossingRadius_m(lanesPerDirection: lanesPerDirection, laneWidth_m: laneWidth.value)
    precondition(
      min(blockWidth_m, blockHeight_m) > 2 * crossingRadius_m,
      "blocks must be longer than \(2 * crossingRadius_m) m, not \(blockWidth_m) m and \(blockHeight_m) m")
    precondition(
      (fleet ?? 0) >= 0 && (fleet ?? 0) <= capacity, "the grid holds \(capacity) vehicles, not \(fleet ?? 0)")
  }

  /// How far from its middle a crossing of such streets begins.
  public static func crossingRadius_m(lanesPerDirection: Int, laneWidth_m: Double) -> Double {
    Double(lanesPerDirection) * laneWidth_m + 3
  }

  /// The greatest number of vehicles that can be dropped.
  public var capacity: Int { lanes.reduce(0) { $0 + capacity(ofLane: $1.length_m) } }

  /// The movements of an episode of `steps` and of `lookahead` more: steps + 1 + lookahead instants. A function of
  /// the arguments alone, whatever the number of slots and the interval. Entities count from 0 in an order that has
  /// nothing to do with places, so that with fewer slots than vehicles those with a slot are a fair sample.
  public func plan(
    world: WorldDraws, slots: Int, steps: Int, interval_s: Double, lookahead: Int = 0
  ) -> MobilityPlan {
    precondition(steps >= 0 && lookahead >= 0, "a plan needs steps, not \(steps) and \(lookahead) ahead")
    let instants = steps + 1 + lookahead
    var builder = MobilityPlan.Builder(slots: slots, interval_s: interval_s, instants: instants)
    var vehicles = ManhattanFleet(traffic: self, world: world)
    var present: [MobilityPlan.Vehicle] = []
    for instant in 0..<instants {
      vehicles.advance(to: Double(instant) * interval_s)
      vehicles.write(to: &present)
      builder.add(present)
    }
    return builder.finish()
  }

  /// A lane of a street from edge to edge.
  struct Lane {
    /// The stretches, first to last.
    let stretches: [Int]
    let lane: Int
    let length_m: Double
  }

  /// All lanes: streets from south to north and back, from the west; then those from west to east and back.
  var lanes: [Lane] {
    var lanes: [Lane] = []
    func add(start: Int, toward direction: Int) {
      var stretches: [Int] = []
      var crossing = start
      while let stretch = grid.stretch(from: crossing, toward: direction) {
        stretches.append(stretch)
        crossing = grid.crossing(at: stretch)
      }
      let length = Double(stretches.count) * grid.length_m(of: stretches[0])
      for lane in 0..<lanesPerDirection {
        lanes.append(Lane(stretches: stretches, lane: lane, length_m: length))
      }
    }
    for column in 0...columns {
      add(start: grid.crossing(column: column, row: 0), toward: ManhattanGrid.Direction.north)
      add(start: grid.crossing(column: column, row: rows), toward: ManhattanGrid.Direction.south)
    }
    for row in 0...rows {
      add(start: grid.crossing(column: 0, row: row), toward: ManhattanGrid.Direction.east)
      add(start: grid.crossing(column: columns, row: row), toward: ManhattanGrid.Direction.west)
    }
    return lanes
  }

  /// The greatest number of vehicles that a lane can be dropped with.
  func capacity(ofLane length_m: Double) -> Int { Int((length_m - leastDistance_m) / leastDistance_m) }
}

extension WorldDraws.Purpose {
  /// How many vehicles a lane of a grid is dropped with, and where; entity: the lane, or one more than all for the
  /// fleet's spread and its order.
  public static let manhattanDrop = WorldDraws.Purpose(rawValue: 0x110)
  /// Where a vehicle turns; entity: the vehicle, time: how many crossings it has passed.
  public static let manhattanTurn = WorldDraws.Purpose(rawValue: 0x111)
}

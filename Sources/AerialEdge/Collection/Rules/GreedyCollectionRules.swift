/// Flies to the nearest sensor in sight whose data wait out of reach; towards the centre when it sees none.
public struct NearestSensorRule: CollectionRule {
  public static let name = "nearest"

  public init(collectors: Int) {}

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? {
    for rank in 0..<view.ranks {
      guard let sensor = view.sensor(rank, seenBy: index) else { break }
      if sensor.bits > 0, sensor.distance_m > view.collectRadius_m { return (sensor.dx_m, sensor.dy_m) }
    }
    return view.wayToCentre(index)
  }
}

/// Flies to the sensor in sight whose waiting data would make the centre's knowledge younger by the most; towards the
/// centre when it sees none.
public struct OldestSensorRule: CollectionRule {
  public static let name = "oldest"

  public init(collectors: Int) {}

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? {
    view.wayToOldest(index) ?? view.wayToCentre(index)
  }
}

/// Flies as ``OldestSensorRule`` until it has as many batches to send as it can hold, then towards the centre until it
/// has sent them.
public struct ShuttleRule: CollectionRule {
  public static let name = "shuttle"

  private var isReturning: [Bool]

  public init(collectors: Int) { isReturning = [Bool](repeating: false, count: collectors) }

  public mutating func begin() {
    for index in isReturning.indices { isReturning[index] = false }
  }

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? {
    if view.processed(index) == 0 { isReturning[index] = false }
    if view.processed(index) >= view.buffer { isReturning[index] = true }
    if isReturning[index] { return view.wayToCentre(index) }
    return view.wayToOldest(index) ?? view.wayToCentre(index)
  }
}

/// Flies to the sensor anywhere, of those no other collector was given, that would
/// make the centre's knowledge younger by the most; towards the centre while it has more than 30 s to send. It sees all.
public struct OldestOfAllRule: CollectionRule {
  public static let name = "oldest-of-all"
  public static let seesMore = true

  private var goals: [Int]

  public init(collectors: Int) { goals = [Int](repeating: -1, count: collectors) }

  public mutating func begin() {
    for index in goals.indices { goals[index] = -1 }
  }

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? {
    var goal = -1
    var greatest = 0.0
    for sensor in 0..<view.sensors where !goals.enumerated().contains(where: { $0 != index && $1 == sensor }) {
      let seen = view.look(at: sensor, from: index)
      let gain = seen.known_s - seen.age_s
      if seen.bits > 0, gain > greatest { (goal, greatest) = (sensor, gain) }
    }
    goals[index] = goal
    // Half a minute of sending is too much: nearer to the centre it goes faster.
    if goal < 0 || view.toSend_bits(index) > view.reachable_bps(index) * 30 { return view.wayToCentre(index) }
    let seen = view.look(at: goal, from: index)
    return (seen.dx_m, seen.dy_m)
  }
}

extension CollectionView {
  /// The way to the middle of the square.
  func wayToCentre(_ index: Int) -> (dx_m: Double, dy_m: Double) {
    let (x, y) = position(index)
    return (side_m / 2 - x, side_m / 2 - y)
  }

  /// The way to the sensor in sight and out of reach with the greatest gain in age; nil if there is none.
  func wayToOldest(_ index: Int) -> (dx_m: Double, dy_m: Double)? {
    var way: (dx_m: Double, dy_m: Double)?
    var greatest = 0.0
    for rank in 0..<ranks {
      guard let sensor = sensor(rank, seenBy: index) else { break }
      let gain = sensor.known_s - sensor.age_s
      if sensor.bits > 0, sensor.distance_m > collectRadius_m, gain > greatest {
        (way, greatest) = ((sensor.dx_m, sensor.dy_m), gain)
      }
    }
    return way
  }
}

/// The rows of a trace in columns, in the order of the file, each with the stay it belongs to.
struct FloatingCarTable {
  private(set) var times: [Double] = []
  private(set) var bounds = FloatingCarTrace.Bounds(
    minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)
  private(set) var vehicles = ByteNames()
  private var types = ByteNames()

  /// For each vehicle the last timestep it was in and its last stay.
  private var lastStep: [Int32] = []
  private var lastStay: [Int32] = []

  /// For each stay its vehicle, its type (-1 for none) and how many rows it has.
  private var stayVehicle: [Int32] = []
  private var stayType: [Int32] = []
  private var stayLength: [Int32] = []

  private var stay: [Int32] = []
  private var step: [Int32] = []
  private var x: [Double] = []
  private var y: [Double] = []
  /// NaN where the row has none.
  private var speed: [Double] = []
  private var angle: [Double] = []

  var rowCount: Int { stay.count }

  mutating func beginTimestep(at time: Double) {
    times.append(time)
  }

  /// Adds a row to the last timestep, or nothing and false if its vehicle is in that timestep already.
  mutating func add(
    id: UnsafePointer<CChar>, type: UnsafePointer<CChar>?, x: Double, y: Double, speed: Double, angle: Double,
  ) -> Bool {
    let now = Int32(times.count - 1)
    let vehicle = unsafe vehicles.number(of: id)
    if vehicle == lastStep.count {
      lastStep.append(-2)
      lastStay.append(-1)
    }
    if lastStep[vehicle] == now { return false }
    if lastStep[vehicle] != now - 1 {
      lastStay[vehicle] = Int32(stayVehicle.count)
      stayVehicle.append(Int32(vehicle))
      stayType.append(unsafe type.map { unsafe Int32(types.number(of: $0)) } ?? -1)
      stayLength.append(0)
    }
    lastStep[vehicle] = now
    stayLength[Int(lastStay[vehicle])] += 1

    stay.append(lastStay[vehicle])
    step.append(now)
    self.x.append(x)
    self.y.append(y)
    self.speed.append(speed)
    self.angle.append(angle)
    bounds.minX = min(bounds.minX, x)
    bounds.minY = min(bounds.minY, y)
    bounds.maxX = max(bounds.maxX, x)
    bounds.maxY = max(bounds.maxY, y)
    return true
  }

  /// The stays of two rows and more, ordered by first time, then by id, and how many have one row.
  func trajectories() -> (kept: [FloatingCarTrace.Trajectory], singles: Int) {
    // The rows of a stay, one stay after the other.
    var starts: [Int] = []
    var total = 0
    for length in stayLength {
      starts.append(total)
      total += Int(length)
    }
    var rows = [Int](repeating: 0, count: total)
    var next = starts
    for row in stay.indices {
      let stay = Int(stay[row])
      rows[next[stay]] = row
      next[stay] += 1
    }
    var kept: [FloatingCarTrace.Trajectory] = []
    for stay in stayLength.indices where stayLength[stay] > 1 {
      let own = rows[starts[stay]..<starts[stay] + Int(stayLength[stay])]
      let speeds = own.map { speed[$0] }
      let angles = own.map { angle[$0] }
      kept.append(
        FloatingCarTrace.Trajectory(
          id: vehicles.name(Int(stayVehicle[stay])),
          type: stayType[stay] < 0 ? nil : types.name(Int(stayType[stay])),
          times: own.map { times[Int(step[$0])] },
          x: own.map { x[$0] },
          y: own.map { y[$0] },
          speed: speeds.contains { $0.isNaN } ? nil : speeds,
          angle: angles.contains { $0.isNaN } ? nil : angles))
    }
    kept.sort { ($0.times[0], $0.id) < ($1.times[0], $1.id) }
    return (kept, stayLength.count { $0 == 1 })
  }
}

import EdgeCloud
import Glibc
import Randomness

/// What changes from period to period: where vehicles are, to whom each sends, and the mean gain of every link that
/// may be read.
///
/// Pairs of vehicles in range are kept once each, the lower number first. Their shadowing is a Gauss–Markov process
/// over the distance that both have driven, begun anew when a pair comes into range. Everything is a function of the
/// seed and the period.
struct SpectrumField: Sendable {
  /// One link, or one vehicle's way to the base station, as a table shows it.
  struct Facts: Sendable, Equatable {
    var x_m = 0.0
    var y_m = 0.0
    var receiver: Int32 = 0
    var distance_m = 0.0
    var isClear = false
    var pathLoss_dB = 0.0
    var shadowing_dB = 0.0
    var baseDistance_m = 0.0
    var basePathLoss_dB = 0.0
    var baseShadowing_dB = 0.0
  }

  /// For each vehicle.
  var facts: [Facts]
  /// The mean gain of each link, antennas included, plain and in dB.
  var ownGain: [Double]
  var ownGain_dB: [Float]
  /// The mean gain of each vehicle to the base station, antennas included, plain and in dB.
  var baseGain: [Double]
  var baseGain_dB: [Float]
  /// Who hears each vehicle: the receivers of links in range.
  var audience = ResourceBlocks.Audience()

  let vehicles: Int
  let laws: SpectrumLaws
  private let range_m: Double
  let base_m: (x: Double, y: Double)
  let v2vAntennas_dB: Double
  let v2iAntennas_dB: Double
  let selfGain: Double
  let correlation: Double

  var x_m: [Double]
  var y_m: [Double]
  var pairs: SpectrumPairs
  private var lastPairs: SpectrumPairs
  /// Unit-variance processes behind the shadowing toward the base station: each vehicle's own, and what all share.
  var baseProcess: [Double]
  var commonProcess = 0.0

  var grid: SpatialGrid
  private var found: [Int32] = []
  private var mark: [Int32]
  var first: [Int32]
  var next: [Int32]

  init(_ parameters: SpectrumParameters) {
    vehicles = parameters.vehicles
    laws = SpectrumLaws(parameters)
    range_m = parameters.radio.range_m
    base_m = parameters.base_m
    v2vAntennas_dB = 2 * parameters.radio.vehicleGain_dB
    v2iAntennas_dB = parameters.radio.vehicleGain_dB + parameters.radio.baseGain_dB
    selfGain = exp((v2vAntennas_dB - parameters.radio.selfIsolation_dB) * (0.1 * M_LN10))
    correlation = parameters.radio.uplinkShadowingCorrelation
    facts = Array(repeating: Facts(), count: vehicles)
    let zeros = [Double](repeating: 0, count: vehicles)
    ownGain = zeros
    ownGain_dB = Array(repeating: 0, count: vehicles)
    baseGain = zeros
    baseGain_dB = ownGain_dB
    x_m = zeros
    y_m = zeros
    baseProcess = zeros
    pairs = SpectrumPairs()
    lastPairs = SpectrumPairs()
    grid = SpatialGrid(range_m: range_m, capacity: vehicles)
    found.reserveCapacity(vehicles)
    mark = Array(repeating: -1, count: vehicles)
    first = mark
    next = mark
    // Up to this many all pairs fit; beyond, room grows when a crowd first needs it.
    if vehicles <= 512 { reserve(pairs: vehicles * (vehicles - 1) / 2) }
  }

  private mutating func reserve(pairs count: Int) {
    pairs.reserve(count, vehicles: vehicles)
    lastPairs.reserve(count, vehicles: vehicles)
    audience.start.reserveCapacity(vehicles + 1)
    audience.receiver.reserveCapacity(2 * count + vehicles)
    audience.antenna.reserveCapacity(2 * count + vehicles)
    audience.gain.reserveCapacity(2 * count + vehicles)
  }

  /// Brings everything to a period, the first of an episode or the one after the last.
  mutating func refresh(period: Int, plan: borrowing MobilityPlan, world: WorldDraws) {
    for vehicle in 0..<vehicles {
      let index = plan.index(instant: period, slot: vehicle)
      (x_m[vehicle], y_m[vehicle]) = (plan.x_m[index], plan.y_m[index])
      facts[vehicle].x_m = x_m[vehicle]
      facts[vehicle].y_m = y_m[vehicle]
    }
    grid.place(x_m: x_m, y_m: y_m)
    for vehicle in 0..<vehicles { facts[vehicle].receiver = nearest(to: vehicle) }
    swap(&pairs, &lastPairs)
    if period == 0 { lastPairs.removeAll() }
    collectPairs(isFirst: period == 0, period: period, plan: plan, world: world)
    for vehicle in 0..<vehicles {
      let driven = driven_m(vehicle, period, plan)
      let kept =
        period == 0
        ? 0 : Shadowing.correlation(moved_m: driven, decorrelation_m: laws.uplink.shadowingDecorrelation_m)
      let normal = world.normal(.spectrumBaseShadowing, entity: UInt64(vehicle), time: UInt64(period))
      baseProcess[vehicle] = Shadowing.step(baseProcess[vehicle], correlation: kept, normal: normal)
    }
    let mean = (0..<vehicles).reduce(0) { $0 + driven_m($1, period, plan) } / Double(vehicles)
    let kept =
      period == 0 ? 0 : Shadowing.correlation(moved_m: mean, decorrelation_m: laws.uplink.shadowingDecorrelation_m)
    commonProcess = Shadowing.step(
      commonProcess, correlation: kept,
      normal: world.normal(.spectrumBaseShadowing, entity: .max, time: UInt64(period)))
    derive()
  }

  private func driven_m(_ vehicle: Int, _ period: Int, _ plan: borrowing MobilityPlan) -> Double {
    plan.speed_mps[plan.index(instant: period, slot: vehicle)] * plan.interval_s
  }

  /// The nearest other vehicle, the lower number of equals.
  mutating func nearest(to vehicle: Int) -> Int32 {
    var best = Int32(-1)
    var least = Double.infinity
    found.removeAll(keepingCapacity: true)
    grid.appendCandidates(x_m: x_m[vehicle], y_m: y_m[vehicle], to: &found)
    for other in found where Int(other) != vehicle { consider(Int(other), from: vehicle, &best, &least) }
    if best >= 0, least <= grid.range_m * grid.range_m { return best }
    for other in 0..<vehicles where other != vehicle { consider(other, from: vehicle, &best, &least) }
    return best
  }

  private func consider(_ other: Int, from vehicle: Int, _ best: inout Int32, _ least: inout Double) {
    let square = squareDistance(vehicle, other)
    if square < least || (square == least && other < Int(best)) { (best, least) = (Int32(other), square) }
  }

  func squareDistance(_ a: Int, _ b: Int) -> Double {
    let (dx, dy) = (x_m[a] - x_m[b], y_m[a] - y_m[b])
    return dx * dx + dy * dy
  }

  /// Finds all pairs in range and those of links, and brings their processes forward.
  private mutating func collectPairs(
    isFirst: Bool, period: Int, plan: borrowing MobilityPlan, world: WorldDraws
  ) {
    pairs.removeAll()
    linkOwnPairs()
    let square = range_m * range_m
    for vehicle in 0..<vehicles {
      if !isFirst {
        for index in Int(lastPairs.start[vehicle])..<Int(lastPairs.start[vehicle + 1]) {
          mark[Int(lastPairs.other[index])] = Int32(index)
        }
      }
      found.removeAll(keepingCapacity: true)
      grid.appendCandidates(x_m: x_m[vehicle], y_m: y_m[vehicle], to: &found)
      for other in found where Int(other) > vehicle && squareDistance(vehicle, Int(other)) <= square {
        pairs.other.append(other)
      }
      var link = first[vehicle]
      while link >= 0 {
        let other = Int(link) == vehicle ? facts[vehicle].receiver : link
        if squareDistance(vehicle, Int(other)) > square { appendOnce(other, from: vehicle) }
        link = next[Int(link)]
      }
      for index in Int(pairs.start[vehicle])..<pairs.other.count {
        let other = Int(pairs.other[index])
        let last = mark[other]
        var process = 0.0
        var kept = 0.0
        if last >= 0 {
          let driven = driven_m(vehicle, period, plan) + driven_m(other, period, plan)
          process = lastPairs.process[Int(last)]
          kept = Shadowing.correlation(moved_m: driven, decorrelation_m: laws.decorrelation_m)
        }
        let normal = world.normal(
          .spectrumShadowing, entity: UInt64(vehicle) << 32 | UInt64(other), time: UInt64(period))
        pairs.process.append(Shadowing.step(process, correlation: kept, normal: normal))
      }
      pairs.start.append(Int32(pairs.other.count))
      if !isFirst {
        for index in Int(lastPairs.start[vehicle])..<Int(lastPairs.start[vehicle + 1]) {
          mark[Int(lastPairs.other[index])] = -1
        }
      }
    }
  }

  /// Lists, for each vehicle, the links whose pair has it as its lower number.
  private mutating func linkOwnPairs() {
    for vehicle in 0..<vehicles { first[vehicle] = -1 }
    for link in 0..<vehicles {
      let lower = min(link, Int(facts[link].receiver))
      // A vehicle's own link stands under its number, another's under the sender's.
      next[link] = first[lower]
      first[lower] = Int32(link)
    }
  }

  private mutating func appendOnce(_ other: Int32, from vehicle: Int) {
    for index in Int(pairs.start[vehicle])..<pairs.other.count where pairs.other[index] == other { return }
    pairs.other.append(other)
  }
}

extension WorldDraws.Purpose {
  /// Shadowing between two vehicles; entity: lower number · 2³² + higher, time: the period.
  static let spectrumShadowing = WorldDraws.Purpose(rawValue: 0x113)
  /// Shadowing toward the base station; entity: the vehicle, or the greatest number for what all share.
  static let spectrumBaseShadowing = WorldDraws.Purpose(rawValue: 0x114)
}

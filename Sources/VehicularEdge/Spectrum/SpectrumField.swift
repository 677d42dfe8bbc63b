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
  private(set) var ownGain: [Double]
  private(set) var ownGain_dB: [Float]
  /// The mean gain of each vehicle to the base station, antennas included, plain and in dB.
  private(set) var baseGain: [Double]
  private(set) var baseGain_dB: [Float]
  /// Who hears each vehicle: the receivers of links in range.
  private(set) var audience = ResourceBlocks.Audience()

  private let vehicles: Int
  private let laws: SpectrumLaws
  private let range_m: Double
  private let base_m: (x: Double, y: Double)
  private let v2vAntennas_dB: Double
  private let v2iAntennas_dB: Double
  private let selfGain: Double
  private let correlation: Double

  private var x_m: [Double]
  private var y_m: [Double]
  private var pairs: Pairs
  private var lastPairs: Pairs
  /// Unit-variance processes behind the shadowing toward the base station: each vehicle's own, and what all share.
  private var baseProcess: [Double]
  private var commonProcess = 0.0

  private var grid: SpatialGrid
  private var found: [Int32] = []
  private var mark: [Int32]
  private var first: [Int32]
  private var next: [Int32]

  /// Pairs in range: for each vehicle those with a higher number.
  struct Pairs: Sendable, Equatable {
    var start: [Int32] = [0]
    var other: [Int32] = []
    var process: [Double] = []
    var isClear: [Bool] = []
    var gain: [Double] = []

    mutating func removeAll() {
      start.removeAll(keepingCapacity: true)
      other.removeAll(keepingCapacity: true)
      process.removeAll(keepingCapacity: true)
      isClear.removeAll(keepingCapacity: true)
      gain.removeAll(keepingCapacity: true)
      start.append(0)
    }

    mutating func reserve(_ pairs: Int, vehicles: Int) {
      start.reserveCapacity(vehicles + 1)
      other.reserveCapacity(pairs)
      process.reserveCapacity(pairs)
      isClear.reserveCapacity(pairs)
      gain.reserveCapacity(pairs)
    }

    mutating func assign(from source: Pairs) {
      removeAll()
      start.removeAll(keepingCapacity: true)
      start.append(contentsOf: source.start)
      other.append(contentsOf: source.other)
      process.append(contentsOf: source.process)
      isClear.append(contentsOf: source.isClear)
      gain.append(contentsOf: source.gain)
    }
  }

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
    pairs = Pairs()
    lastPairs = Pairs()
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
  private mutating func nearest(to vehicle: Int) -> Int32 {
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

  private func squareDistance(_ a: Int, _ b: Int) -> Double {
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

extension SpectrumField {
  /// Computes what follows from positions, receivers and processes.
  private mutating func derive() {
    pairs.isClear.removeAll(keepingCapacity: true)
    pairs.gain.removeAll(keepingCapacity: true)
    for a in 0..<vehicles {
      for index in Int(pairs.start[a])..<Int(pairs.start[a + 1]) {
        let b = Int(pairs.other[index])
        let (from, to) = ((x: x_m[a], y: y_m[a]), (x: x_m[b], y: y_m[b]))
        let isClear = laws.isClear(from, to)
        let loss = laws.pathLoss_dB(from, to, isClear: isClear)
        let shadowing = laws.deviation_dB(isClear: isClear) * pairs.process[index]
        let gain_dB = v2vAntennas_dB - loss - shadowing
        let gain = exp(gain_dB * (0.1 * M_LN10))
        pairs.isClear.append(isClear)
        pairs.gain.append(gain)
        if Int(facts[a].receiver) == b { note(a, gain, gain_dB, isClear, loss, shadowing) }
        if Int(facts[b].receiver) == a { note(b, gain, gain_dB, isClear, loss, shadowing) }
      }
    }
    listAudience()
    let (own, common) = ((1 - correlation).squareRoot(), correlation.squareRoot())
    for vehicle in 0..<vehicles {
      let (dx, dy) = (x_m[vehicle] - base_m.x, y_m[vehicle] - base_m.y)
      let distance = (dx * dx + dy * dy).squareRoot()
      let loss = laws.uplink.pathLoss_dB(groundDistance_m: distance)
      let shadowing =
        laws.uplink.shadowingDeviation_dB * (own * baseProcess[vehicle] + common * commonProcess)
      let gain_dB = v2iAntennas_dB - loss - shadowing
      facts[vehicle].baseDistance_m = distance
      facts[vehicle].basePathLoss_dB = loss
      facts[vehicle].baseShadowing_dB = shadowing
      baseGain[vehicle] = exp(gain_dB * (0.1 * M_LN10))
      baseGain_dB[vehicle] = Float(gain_dB)
    }
  }

  private mutating func note(
    _ link: Int, _ gain: Double, _ gain_dB: Double, _ isClear: Bool, _ loss: Double, _ shadowing: Double
  ) {
    ownGain[link] = gain
    ownGain_dB[link] = Float(gain_dB)
    facts[link].distance_m = squareDistance(link, Int(facts[link].receiver)).squareRoot()
    facts[link].isClear = isClear
    facts[link].pathLoss_dB = loss
    facts[link].shadowing_dB = shadowing
  }

  /// Writes who hears each vehicle: the links whose receiver is in range, or is the vehicle itself.
  private mutating func listAudience() {
    for vehicle in 0..<vehicles { first[vehicle] = -1 }
    for link in stride(from: vehicles - 1, through: 0, by: -1) {
      next[link] = first[Int(facts[link].receiver)]
      first[Int(facts[link].receiver)] = Int32(link)
    }
    // Count, then fill from the back of each list.
    audience.start.removeAll(keepingCapacity: true)
    for _ in 0...vehicles { audience.start.append(0) }
    eachHearing { field, sender, _, _, _ in field.audience.start[sender] += 1 }
    var sum: Int32 = 0
    for vehicle in 0...vehicles {
      sum += audience.start[vehicle]
      audience.start[vehicle] = sum
    }
    audience.receiver.removeAll(keepingCapacity: true)
    audience.antenna.removeAll(keepingCapacity: true)
    audience.gain.removeAll(keepingCapacity: true)
    for _ in 0..<Int(sum) {
      audience.receiver.append(0)
      audience.antenna.append(0)
      audience.gain.append(0)
    }
    eachHearing { field, sender, link, antenna, gain in
      field.audience.start[sender] -= 1
      let entry = Int(field.audience.start[sender])
      field.audience.receiver[entry] = Int32(link)
      field.audience.antenna[entry] = Int32(antenna)
      field.audience.gain[entry] = gain
    }
  }

  /// Calls with every sender, the link that hears it, the vehicle where that link ends, and the gain.
  private mutating func eachHearing(_ body: (inout SpectrumField, Int, Int, Int, Double) -> Void) {
    for a in 0..<vehicles {
      for index in Int(pairs.start[a])..<Int(pairs.start[a + 1]) {
        let b = Int(pairs.other[index])
        let gain = pairs.gain[index]
        hear(from: a, at: b, gain, body)
        hear(from: b, at: a, gain, body)
      }
      hear(from: a, at: a, selfGain, body)
    }
  }

  private mutating func hear(
    from sender: Int, at antenna: Int, _ gain: Double, _ body: (inout SpectrumField, Int, Int, Int, Double) -> Void
  ) {
    var link = first[antenna]
    while link >= 0 {
      body(&self, sender, Int(link), antenna, gain)
      link = next[Int(link)]
    }
  }

  /// What, with the plan, everything else follows from.
  var saved: (pairStart: [Int32], pairOther: [Int32], pairProcess: [Double], base: [Double]) {
    (pairs.start, pairs.other, pairs.process, baseProcess + [commonProcess])
  }

  /// Takes back what ``saved`` gave in a period of a plan; false, with nothing changed that matters, if it cannot be.
  mutating func restore(
    pairStart: [Int32], pairOther: [Int32], pairProcess: [Double], base: [Double], period: Int,
    plan: borrowing MobilityPlan
  ) -> Bool {
    guard pairStart.count == vehicles + 1, pairStart[0] == 0, Int(pairStart[vehicles]) == pairOther.count,
      zip(pairStart, pairStart.dropFirst()).allSatisfy({ $0 <= $1 }), base.count == vehicles + 1,
      pairOther.count == pairProcess.count, pairOther.allSatisfy({ $0 >= 0 && Int($0) < vehicles })
    else { return false }
    for vehicle in 0..<vehicles {
      let index = plan.index(instant: period, slot: vehicle)
      (x_m[vehicle], y_m[vehicle]) = (plan.x_m[index], plan.y_m[index])
      facts[vehicle].x_m = x_m[vehicle]
      facts[vehicle].y_m = y_m[vehicle]
    }
    grid.place(x_m: x_m, y_m: y_m)
    for vehicle in 0..<vehicles { facts[vehicle].receiver = nearest(to: vehicle) }
    pairs.removeAll()
    pairs.start.removeAll(keepingCapacity: true)
    pairs.start.append(contentsOf: pairStart)
    pairs.other.append(contentsOf: pairOther)
    pairs.process.append(contentsOf: pairProcess)
    for vehicle in 0..<vehicles { baseProcess[vehicle] = base[vehicle] }
    commonProcess = base[vehicles]
    derive()
    return true
  }

  /// Becomes a copy of another of the same scenario without allocating where there is room.
  mutating func assign(from other: SpectrumField) {
    for vehicle in 0..<vehicles {
      facts[vehicle] = other.facts[vehicle]
      ownGain[vehicle] = other.ownGain[vehicle]
      ownGain_dB[vehicle] = other.ownGain_dB[vehicle]
      baseGain[vehicle] = other.baseGain[vehicle]
      baseGain_dB[vehicle] = other.baseGain_dB[vehicle]
      x_m[vehicle] = other.x_m[vehicle]
      y_m[vehicle] = other.y_m[vehicle]
      baseProcess[vehicle] = other.baseProcess[vehicle]
    }
    commonProcess = other.commonProcess
    pairs.assign(from: other.pairs)
    audience.start.removeAll(keepingCapacity: true)
    audience.start.append(contentsOf: other.audience.start)
    audience.receiver.removeAll(keepingCapacity: true)
    audience.receiver.append(contentsOf: other.audience.receiver)
    audience.antenna.removeAll(keepingCapacity: true)
    audience.antenna.append(contentsOf: other.audience.antenna)
    audience.gain.removeAll(keepingCapacity: true)
    audience.gain.append(contentsOf: other.audience.gain)
  }
}

extension WorldDraws.Purpose {
  /// Shadowing between two vehicles; entity: lower number · 2³² + higher, time: the period.
  static let spectrumShadowing = WorldDraws.Purpose(rawValue: 0x113)
  /// Shadowing toward the base station; entity: the vehicle, or the greatest number for what all share.
  static let spectrumBaseShadowing = WorldDraws.Purpose(rawValue: 0x114)
}

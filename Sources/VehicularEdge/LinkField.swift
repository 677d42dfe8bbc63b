import EdgeCloud
import Glibc
import Randomness

/// The radio links between all slots and all units at one instant.
///
/// Path loss and line of sight after TR 38.901 UMi street canyon; shadowing and the line-of-sight state are
/// Gauss–Markov processes over the distance moved; Rayleigh fading is drawn anew for every link and slot.
/// Everything is a function of (seed, vehicle, unit, instant) and of the vehicle's own path.
///
/// The processes of every link advance at every instant. What follows from them without memory (path loss, gains, the
/// fading's logarithm) is computed where it is read.
struct LinkField: Sendable {
  /// What a link is at an instant, as far as the instants before have a part in it.
  private struct State: Sendable {
    var groundDistance_m = 0.0
    /// The unit-variance processes behind shadowing and the line-of-sight state.
    var shadow = 0.0
    var clearness = 0.0
    /// The power gain of the fading or, before it was asked for, less the uniform number that it follows from.
    var fading = 0.0
    var isClear = true
  }

  /// Row-major [slots × units].
  private var states: [State]

  let slots: Int
  let units: Int
  private let model: UrbanMicroStreetCanyon
  private let table: LineOfSightTable
  private let positions_m: [(x: Double, y: Double)]
  private let antennaGain_dB: Double

  init(_ parameters: VehicularParameters) {
    slots = parameters.slots
    units = parameters.units.positions_m.count
    let model = UrbanMicroStreetCanyon(
      carrier: Hertz(parameters.radio.carrier_Hz), baseHeight: Metres(parameters.units.height_m),
      terminalHeight: Metres(parameters.radio.vehicleHeight_m))
    self.model = model
    table = LineOfSightTable { model.lineOfSightProbability(distance2D_m: $0) }
    positions_m = parameters.units.positions_m
    antennaGain_dB = parameters.radio.antennaGain_dB
    states = [State](repeating: State(), count: slots * units)
  }

  func groundDistance_m(_ link: Int) -> Double { states[link].groundDistance_m }

  func isClear(_ link: Int) -> Bool { states[link].isClear }

  /// The straight distance between the antennas of a link.
  func distance3D_m(_ link: Int) -> Double {
    let height = model.baseHeight_m - model.terminalHeight_m
    let ground = max(states[link].groundDistance_m, UrbanMicroStreetCanyon.nearestDistance_m)
    return (ground * ground + height * height).squareRoot()
  }

  func pathLoss_dB(_ link: Int) -> Double {
    model.pathLoss_dB(distance2D_m: states[link].groundDistance_m, lineOfSight: states[link].isClear)
  }

  func shadowing_dB(_ link: Int) -> Double {
    model.shadowingDeviation_dB(lineOfSight: states[link].isClear) * states[link].shadow
  }

  /// Antenna gains less path loss and shadowing: what a vehicle can measure of a link.
  func gain_dB(_ link: Int) -> Double { antennaGain_dB - pathLoss_dB(link) - shadowing_dB(link) }

  /// The power gain of antennas, path loss and shadowing.
  func gain(_ link: Int) -> Double { Self.ratio(gain_dB(link)) }

  static func ratio(_ gain_dB: Double) -> Double { exp(gain_dB * (0.1 * M_LN10)) }

  /// The power gain of the fading.
  func fading(_ link: Int) -> Double {
    let value = states[link].fading
    return value < 0 ? -log(-value) : value
  }

  /// A vehicle at an instant.
  struct Arrival: Sendable {
    var slot: Int
    var x_m: Double
    var y_m: Double
    /// The distance since the last instant; negative for a vehicle that was not in this slot then.
    var moved_m: Double
    var vehicle: UInt64
  }

  /// Brings the links of all vehicles to an instant.
  mutating func refresh(_ arrivals: borrowing [Arrival], instant: Int, world: WorldDraws) {
    let model = model
    let table = table
    let positions_m = positions_m
    let places = positions_m.span
    let arrivals = arrivals.span
    var links = states.mutableSpan
    for index in 0..<arrivals.count {
      let arrival = arrivals[index]
      let memory = arrival.moved_m < 0 ? Memory() : Memory(moved_m: arrival.moved_m, model: model)
      for unit in 0..<places.count {
        let link = arrival.slot * places.count + unit
        let words = world.block(.shadowing, entity: arrival.vehicle &* 64 &+ UInt64(unit), time: UInt64(instant))
        let normals = Variate.normals(words.0, words.1)
        var state = links[link]
        state.shadow = (state.isClear ? memory.clearShadow : memory.blockedShadow).step(state.shadow, normals.0)
        state.clearness = memory.lineOfSight.step(state.clearness, normals.1)
        let dx = arrival.x_m - places[unit].x
        let dy = arrival.y_m - places[unit].y
        let distance = (dx * dx + dy * dy).squareRoot()
        state.groundDistance_m = distance
        state.isClear =
          table.known(distance_m: distance, process: state.clearness)
          ?? LineOfSight.isClear(
            probability: model.lineOfSightProbability(distance2D_m: distance), process: state.clearness)
        state.fading = -Variate.positiveUniform(words.2)
        links[link] = state
      }
    }
  }

  /// A unit in reach and the gain of its link; −1 where there is none.
  struct Choice: Sendable, Equatable {
    var unit: Int32 = -1
    var gain_dB = 0.0
  }

  /// Writes the strongest units in reach of every vehicle, the strongest first, `count` for each slot.
  func rank(_ arrivals: borrowing [Arrival], reach_m: Double, count: Int, into choices: inout [Choice]) {
    let arrivals = arrivals.span
    var ranked = choices.mutableSpan
    for index in 0..<arrivals.count {
      let slot = arrivals[index].slot
      let ranks = slot * count..<(slot + 1) * count
      for rank in ranks { ranked[rank] = Choice() }
      for unit in 0..<units where states[slot * units + unit].groundDistance_m <= reach_m {
        var candidate = Choice(unit: Int32(unit), gain_dB: gain_dB(slot * units + unit))
        for rank in ranks {
          let holder = ranked[rank]
          if holder.unit < 0 {
            ranked[rank] = candidate
            break
          }
          if candidate.gain_dB > holder.gain_dB {
            ranked[rank] = candidate
            candidate = holder
          }
        }
      }
    }
  }

  /// A step of a unit-variance process: S' = ρ S + √(1 − ρ²) Z.
  private struct Step {
    var correlation = 0.0
    var renewal = 1.0

    init() {}

    init(moved_m: Double, decorrelation_m: Double) {
      correlation = Shadowing.correlation(moved_m: moved_m, decorrelation_m: decorrelation_m)
      renewal = (1 - correlation * correlation).squareRoot()
    }

    func step(_ previous: Double, _ normal: Double) -> Double { correlation * previous + renewal * normal }
  }

  /// How much of a vehicle's processes outlasts a move; nothing for a vehicle that was not there before.
  private struct Memory {
    var clearShadow = Step()
    var blockedShadow = Step()
    var lineOfSight = Step()

    init() {}

    init(moved_m: Double, model: UrbanMicroStreetCanyon) {
      clearShadow = Step(moved_m: moved_m, decorrelation_m: model.shadowingDecorrelation_m(lineOfSight: true))
      blockedShadow = Step(moved_m: moved_m, decorrelation_m: model.shadowingDecorrelation_m(lineOfSight: false))
      lineOfSight = Step(moved_m: moved_m, decorrelation_m: model.lineOfSightCorrelation_m)
    }
  }

  /// Forgets all links.
  mutating func reset() {
    for link in states.indices { states[link] = State() }
  }

  /// The four arrays from which, with the positions, everything else follows.
  var saved: (shadow: [Double], clear: [Double], distance: [Double], fading: [Double]) {
    (states.map(\.shadow), states.map(\.clearness), states.map(\.groundDistance_m), states.indices.map { fading($0) })
  }

  /// Takes back what ``saved`` gave.
  mutating func restore(shadow: [Double], clear: [Double], distance: [Double], fading: [Double]) {
    for link in states.indices {
      let probability = model.lineOfSightProbability(distance2D_m: distance[link])
      states[link] = State(
        groundDistance_m: distance[link], shadow: shadow[link], clearness: clear[link], fading: fading[link],
        isClear: LineOfSight.isClear(probability: probability, process: clear[link]))
    }
  }

  /// Becomes a copy without allocating.
  mutating func assign(from other: LinkField) {
    for link in states.indices { states[link] = other.states[link] }
  }
}

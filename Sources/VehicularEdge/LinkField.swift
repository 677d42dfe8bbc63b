import EdgeCloud
import Glibc
import Randomness

/// The radio links between all slots and all units at one instant.
///
/// Path loss and line of sight after TR 38.901 UMi street canyon; shadowing and the line-of-sight state are
/// Gauss–Markov processes over the distance moved; Rayleigh fading is drawn anew for every link and slot.
/// Everything is a function of (seed, vehicle, unit, instant) and of the vehicle's own path.
struct LinkField: Sendable {
  /// Row-major [slots × units].
  private(set) var groundDistance_m: [Double]
  private(set) var isClear: [Bool]
  private(set) var pathLoss_dB: [Double]
  private(set) var shadowing_dB: [Double]
  /// Antenna gains less path loss and shadowing: what a vehicle can measure of a link.
  private(set) var gain_dB: [Double]
  private(set) var gain: [Double]
  private(set) var fading: [Double]
  /// The unit-variance processes behind shadowing and the line-of-sight state.
  private(set) var shadowProcess: [Double]
  private(set) var clearProcess: [Double]

  let slots: Int
  let units: Int
  private let model: UrbanMicroStreetCanyon
  private let positions_m: [(x: Double, y: Double)]
  private let antennaGain_dB: Double

  init(_ parameters: VehicularParameters) {
    slots = parameters.slots
    units = parameters.units.positions_m.count
    model = UrbanMicroStreetCanyon(
      carrier: Hertz(parameters.radio.carrier_Hz), baseHeight: Metres(parameters.units.height_m),
      terminalHeight: Metres(parameters.radio.vehicleHeight_m))
    positions_m = parameters.units.positions_m
    antennaGain_dB = parameters.radio.antennaGain_dB
    let zeros = [Double](repeating: 0, count: slots * units)
    groundDistance_m = zeros
    isClear = [Bool](repeating: false, count: slots * units)
    pathLoss_dB = zeros
    shadowing_dB = zeros
    gain_dB = zeros
    gain = zeros
    fading = zeros
    shadowProcess = zeros
    clearProcess = zeros
  }

  /// The straight distance between the antennas of a link.
  func distance3D_m(_ link: Int) -> Double {
    let height = model.baseHeight_m - model.terminalHeight_m
    let ground = max(groundDistance_m[link], UrbanMicroStreetCanyon.nearestDistance_m)
    return (ground * ground + height * height).squareRoot()
  }

  /// Brings a slot's links to an instant.
  ///
  /// - Parameters:
  ///   - moved_m: the distance since the last instant, or nil for a vehicle that was not in this slot then.
  mutating func refresh(
    slot: Int, x_m: Double, y_m: Double, moved_m: Double?, vehicle: UInt64, instant: Int, world: WorldDraws
  ) {
    let memory = moved_m.map { Memory(moved_m: $0, model: model) } ?? Memory()
    for unit in 0..<units {
      let link = slot * units + unit
      let words = world.block(.shadowing, entity: vehicle &* 64 &+ UInt64(unit), time: UInt64(instant))
      let normals = Variate.normals(words.0, words.1)
      let shadow = isClear[link] ? memory.clearShadow : memory.blockedShadow
      shadowProcess[link] = Shadowing.step(shadowProcess[link], correlation: shadow, normal: normals.0)
      clearProcess[link] = Shadowing.step(clearProcess[link], correlation: memory.lineOfSight, normal: normals.1)
      let dx = x_m - positions_m[unit].x
      let dy = y_m - positions_m[unit].y
      groundDistance_m[link] = (dx * dx + dy * dy).squareRoot()
      derive(link)
      fading[link] = RayleighFading.power(words.2)
    }
  }

  /// How much of a vehicle's processes outlasts a move; nothing for a vehicle that was not there before.
  private struct Memory {
    var clearShadow = 0.0
    var blockedShadow = 0.0
    var lineOfSight = 0.0

    init() {}

    init(moved_m: Double, model: UrbanMicroStreetCanyon) {
      clearShadow = Shadowing.correlation(
        moved_m: moved_m, decorrelation_m: model.shadowingDecorrelation_m(lineOfSight: true))
      blockedShadow = Shadowing.correlation(
        moved_m: moved_m, decorrelation_m: model.shadowingDecorrelation_m(lineOfSight: false))
      lineOfSight = Shadowing.correlation(moved_m: moved_m, decorrelation_m: model.lineOfSightCorrelation_m)
    }
  }

  /// Forgets all links.
  mutating func reset() {
    for link in 0..<slots * units {
      groundDistance_m[link] = 0
      shadowProcess[link] = 0
      clearProcess[link] = 0
      fading[link] = 0
      derive(link)
    }
  }

  /// Computes what follows from distance and processes.
  private mutating func derive(_ link: Int) {
    let distance = groundDistance_m[link]
    let clear = LineOfSight.isClear(
      probability: model.lineOfSightProbability(distance2D_m: distance), process: clearProcess[link])
    isClear[link] = clear
    pathLoss_dB[link] = model.pathLoss_dB(distance2D_m: distance, lineOfSight: clear)
    shadowing_dB[link] = model.shadowingDeviation_dB(lineOfSight: clear) * shadowProcess[link]
    gain_dB[link] = antennaGain_dB - pathLoss_dB[link] - shadowing_dB[link]
    gain[link] = exp(gain_dB[link] * (0.1 * M_LN10))
  }

  /// The four arrays from which, with the positions, everything else follows.
  var saved: (shadow: [Double], clear: [Double], distance: [Double], fading: [Double]) {
    (shadowProcess, clearProcess, groundDistance_m, fading)
  }

  /// Takes back what ``saved`` gave.
  mutating func restore(shadow: [Double], clear: [Double], distance: [Double], fading: [Double]) {
    shadowProcess = shadow
    clearProcess = clear
    groundDistance_m = distance
    self.fading = fading
    for link in 0..<slots * units { derive(link) }
  }

  /// Becomes a copy without allocating.
  mutating func assign(from other: LinkField) {
    for link in 0..<slots * units {
      groundDistance_m[link] = other.groundDistance_m[link]
      isClear[link] = other.isClear[link]
      pathLoss_dB[link] = other.pathLoss_dB[link]
      shadowing_dB[link] = other.shadowing_dB[link]
      gain_dB[link] = other.gain_dB[link]
      gain[link] = other.gain[link]
      fading[link] = other.fading[link]
      shadowProcess[link] = other.shadowProcess[link]
      clearProcess[link] = other.clearProcess[link]
    }
  }
}

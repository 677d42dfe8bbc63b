import AerialEdge
import Configuration
import ReinforcementLearning
import Snapshots

/// The constants of a scenario of collectors, from which both its YAML text and the tests' own formulas are made.
struct CollectionScene {
  var dynamics = "corrected"
  var actions = "multi-discrete"
  var side_m = 200.0
  var step_s = 1.0
  var steps = 200
  var collectors = 4
  var height_m = 5.0
  var speed_mps = 6.0
  var observeRadius_m = 60.0
  var collectRadius_m = 40.0
  var buffer = 5
  var processing_bps = 2e4
  var transmit_dBm = 23.0103
  var seenSensors = 8
  var sensors = 30
  var packetBits = 1000.0
  var packetChance = 0.3
  var rate_bps = 8000.0
  var layoutSeed: Int?
  var carrier_Hz = 2.5e9
  var bandwidth_Hz = 1e6
  var noise_dBmPerHz = -100.0
  var sharing = "centre"
  var ageWeight = 1.0
  var ageReference_s = 100.0
  var energyWeight = 0.5
  var energyReference_J = 0.2

  var text: String {
    """
    id: aerial/test
    environment: aerial-collection
    dynamics: \(dynamics)
    actions: \(actions)
    side_m: \(side_m)
    time: {step_s: \(step_s), steps: \(steps)}
    collectors: {count: \(collectors), height_m: \(height_m), speed_mps: \(speed_mps), \
    observe_radius_m: \(observeRadius_m), collect_radius_m: \(collectRadius_m), buffer: \(buffer), \
    processing_bps: \(processing_bps), transmit_dbm: \(transmit_dBm), seen_sensors: \(seenSensors)}
    sensors: {count: \(sensors), packet_bits: \(packetBits), packet_chance: \(packetChance), rate_bps: \(rate_bps)\
    \(layoutSeed.map { ", layout_seed: \($0)" } ?? "")}
    uplink: {carrier_hz: \(carrier_Hz), bandwidth_hz: \(bandwidth_Hz), noise_dbm_per_hz: \(noise_dBmPerHz), \
    surroundings: urban, sharing: \(sharing)}
    reward: {age_weight: \(ageWeight), age_reference_s: \(ageReference_s), energy_weight: \(energyWeight), \
    energy_reference_j: \(energyReference_J)}

    """
  }

  /// The parameters, read as the command reads them.
  func parameters(_ overrides: [(String, String)] = []) throws -> CollectionParameters {
    var document = try ConfigurationDocument(text: text, name: "test.yaml", directory: "/")
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try CollectionParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0) throws -> AerialCollection {
    var world = AerialCollection(try parameters())
    world.reset(seed: seed)
    return world
  }
}

/// An episode of collectors, played to its end.
struct CollectionEpisode {
  /// One step as it was played.
  struct Moment {
    let action: JointAction
    let outcome: StepOutcome
    let rows: [[String: RecordValue]]
    /// Everything exogenous: where sensors are and what waited, made anew, in bits of doubles.
    let made: Int
  }

  var world: AerialCollection
  var moments: [Moment] = []
  var brokenInvariants: [String] = []
  /// Σ over steps of the mean reward over agents.
  var gain = 0.0

  init<Chooser: Controller<AerialCollection>>(_ start: AerialCollection, seed: UInt64, _ controller: Chooser) {
    var controller = controller
    world = start
    world.reset(seed: seed)
    controller.begin(seed: seed)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    let columns = world.recordColumns
    repeat {
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      gain += outcome.rewards.reduce(0, +) / Double(world.agentCount)
      let rows = world.records().map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
      moments.append(Moment(action: action, outcome: outcome, rows: rows, made: made))
      brokenInvariants += world.brokenInvariants()
    } while !outcome.episodeOver
  }

  /// The number of packets made so far.
  private var made: Int { (try? world.snapshot().integers("counts")[0]) ?? -1 }
}

extension [String: RecordValue] {
  /// A number; not a number where the cell is empty.
  func number(_ name: String) -> Double {
    switch self[name] {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: .nan
    }
  }
}

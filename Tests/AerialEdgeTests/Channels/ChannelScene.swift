import AerialEdge
import Configuration
import ReinforcementLearning

/// The constants of a scenario of channels, from which both its YAML text and the tests' own formulas are made.
struct ChannelScene {
  var actions = "discrete"
  var side_m = 1000.0
  var step_s = 0.1
  var steps = 200
  var devices = 50
  var clusters = 0
  var busy_s = 2.0
  var quiet_s = 2.0
  var columns = 3
  var rows = 3
  var height_m = 100.0
  var orbit_m = 40.0
  var speed_mps = 15.0
  var channels = 4
  var bandwidth_Hz = 180e3
  var transmit_dBm = 23.0
  var least_dBm = -7.0
  var threshold_dB = 5.0
  var conflictWeight = 0.5
  var efficiencyWeight = 0.0
  var energyWeight = 0.0

  var text: String {
    """
    id: aerial/test
    environment: aerial-channels
    actions: \(actions)
    side_m: \(side_m)
    time: {step_s: \(step_s), steps: \(steps)}
    devices: {count: \(devices), busy_s: \(busy_s), quiet_s: \(quiet_s)\
    \(clusters > 0 ? ", clusters: \(clusters), cluster_radius_m: 100" : "")}
    relays: {columns: \(columns), rows: \(rows), height_m: \(height_m), orbit_m: \(orbit_m), speed_mps: \(speed_mps)}
    radio: {surroundings: urban, carrier_hz: 2.0e9, channels: \(channels), bandwidth_hz: \(bandwidth_Hz), \
    transmit_dbm: \(transmit_dBm)\(actions == "hybrid" ? ", least_transmit_dbm: \(least_dBm)" : ""), \
    noise_figure_db: 5, threshold_db: \(threshold_dB)}
    reward: {served_weight: 1, conflict_weight: \(conflictWeight), efficiency_weight: \(efficiencyWeight), \
    energy_weight: \(energyWeight), energy_reference_j: 0.02}

    """
  }

  /// The parameters, read as the command reads them.
  func parameters(_ overrides: [(String, String)] = []) throws -> ChannelParameters {
    var document = try ConfigurationDocument(text: text, name: "test.yaml", directory: "/")
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try ChannelParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0) throws -> AerialChannels {
    var world = AerialChannels(try parameters())
    world.reset(seed: seed)
    return world
  }
}

/// An episode of channels, played to its end.
struct ChannelEpisode {
  var world: AerialChannels
  var rows: [[[String: RecordValue]]] = []
  var outcomes: [StepOutcome] = []
  var brokenInvariants: [String] = []
  /// Σ over steps of the mean reward over devices.
  var gain = 0.0

  init<Chooser: Controller<AerialChannels>>(_ start: AerialChannels, seed: UInt64, _ controller: Chooser) {
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
      rows.append(world.records().map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) })
      outcomes.append(outcome)
      brokenInvariants += world.brokenInvariants()
    } while !outcome.episodeOver
  }
}

extension AerialChannels {
  /// What a device sees in a field.
  func seen(_ field: String, by device: Int) -> Double {
    let fields = groups[0].observation.fields
    guard let index = fields.firstIndex(where: { $0.name == field }) else { return .nan }
    var values = [Float](repeating: .nan, count: agentCount * fields.count)
    var span = values.mutableSpan
    observe(group: 0, into: &span)
    return Double(values[device * fields.count + index])
  }
}

extension [String: RecordValue] {
  /// A word.
  func word(_ name: String) -> String {
    if case .text(let value) = self[name] { value } else { "" }
  }
}

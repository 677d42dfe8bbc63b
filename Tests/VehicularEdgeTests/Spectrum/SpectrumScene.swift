import Configuration
import EdgeCloud
import Glibc
import Randomness
import ReinforcementLearning
import Snapshots
import VehicularEdge

/// The constants of a spectrum scenario, from which both its YAML text and the tests' own formulas are made.
struct SpectrumScene {
  var channel = "tr36885"
  var actions = "discrete"
  var periodSlots = 100
  var periods = 1
  var mobility = "model: manhattan, columns: 1, rows: 1"
  var vehicles = 4
  var blocks = 4
  var powers_dBm = [-100.0, 5, 15, 23]
  var extra = ""
  var base = ""
  var payload_bits = 16960.0
  var uplinkWeight = 0.1
  var linkWeight = 0.9
  var energyWeight = 0.0
  var isShared = true

  /// The published world.
  static var compat: SpectrumScene {
    var scene = SpectrumScene()
    scene.channel = "liang2019-compat"
    scene.mobility = "model: liang2019"
    scene.uplinkWeight = 0
    scene.linkWeight = 1
    return scene
  }

  var text: String {
    """
    id: vehicular/test
    environment: vehicular-spectrum
    channel: \(channel)
    actions: \(actions)
    time: {slot_s: 0.001, period_slots: \(periodSlots), periods: \(periods)}
    mobility: {vehicles: \(vehicles), \(mobility)}
    radio: {carrier_hz: 2.0e9, blocks: \(blocks), block_bandwidth_hz: 1.0e6, v2v_powers_dbm: \(powers_dBm), \
    v2i_power_dbm: 23, vehicle_gain_db: 3, base_gain_db: 8, vehicle_noise_figure_db: 9, \
    base_noise_figure_db: 5\(extra)}
    \(base)
    payload_bits: \(payload_bits)
    reward: {v2i_weight: \(uplinkWeight), v2v_weight: \(linkWeight), energy_weight: \(energyWeight), \
    shared: \(isShared)}

    """
  }

  func parameters(_ overrides: [(String, String)] = []) throws -> SpectrumParameters {
    var document = try ConfigurationDocument(text: text, name: "test.yaml", directory: "/")
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try SpectrumParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0) throws -> SpectrumSharing {
    var world = SpectrumSharing(try parameters())
    world.reset(seed: seed)
    return world
  }
}

extension SpectrumSharing {
  /// The last slot's rows.
  var rows: [Row] { records().map { Row(recordColumns, $0) } }

  /// The observation of every link.
  var seen: [[Float]] {
    let width = groups[0].observation.count
    var values = [Float](repeating: .nan, count: agentCount * width)
    var span = values.mutableSpan
    observe(group: 0, into: &span)
    return (0..<agentCount).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// What a link sees in a field.
  func seen(_ name: String, by link: Int) -> Double {
    guard let index = groups[0].observation.fields.firstIndex(where: { $0.name == name }) else { return .nan }
    return Double(seen[link][index])
  }

  /// Steps with an integer for each link.
  @discardableResult
  mutating func play(_ options: [Int32], reals: [Float] = []) -> StepOutcome {
    var action = JointAction(for: groups)
    for index in options.indices { action.discrete[index] = options[index] }
    for index in reals.indices { action.continuous[index] = reals[index] }
    var outcome = StepOutcome(agents: agentCount)
    step(action, outcome: &outcome)
    return outcome
  }

  /// Plays an episode from a seed; what stands in the rows of every slot, and the return.
  func episode<Chooser: Controller<SpectrumSharing>>(
    seed: UInt64, _ controller: Chooser, rows keep: Bool = false
  ) -> (world: SpectrumSharing, gain: Double, rows: [[Row]]) {
    var world = self
    var controller = controller
    world.reset(seed: seed)
    controller.begin(seed: seed)
    var action = JointAction(for: groups)
    var outcome = StepOutcome(agents: agentCount)
    var gain = 0.0
    var rows: [[Row]] = []
    repeat {
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      gain += outcome.rewards.reduce(0, +) / Double(agentCount)
      if keep { rows.append(world.rows) }
    } while !outcome.episodeOver
    return (world, gain, rows)
  }

  /// A metric's value.
  func metric(_ name: String) -> Double { metrics().first { $0.name == name }?.value ?? .nan }
}

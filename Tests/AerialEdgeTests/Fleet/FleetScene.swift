import AerialEdge
import Configuration
import EdgeCloud
import ReinforcementLearning
import TestSupport

/// The constants of a scenario, from which both its YAML text and the tests' own formulas are made.
struct FleetScene {
  var actions = "continuous"
  var channel = "al-hourani-urban"
  var steps = 100
  var step_s = 1.0
  var width_m = 1000.0
  var users = "count: 12"
  var userPower_dBm = 20.0
  var uavs = 2
  var altitude_m = 50.0...300.0
  var fleet = "start_altitude_m: 100"
  var separation_m = 10.0
  var avoidance = "held"
  var speed_mps = 20.0
  var climb_mps = 5.0
  var acceleration_mps2 = 5.0
  var energy = "propulsion: zeng2019, avionics_w: 5"
  var capacity_J = 266_400.0
  var radio = "line_of_sight: mean"
  var carrier_Hz = 2e9
  var band_Hz = 2e6
  var spectrum = "orthogonal"
  var split = "equal"
  var noiseFigure_dB = 9.0
  var cap = 7.40625
  var leastSNR_dB = 0.0
  var boardClock_Hz = 0.6e9...6e9
  var servers = 1
  var discipline = "fifo"
  var policy = "earliest"
  var rate_Hz = 0.5
  var deadline_s = 0.1...0.9
  var weights = [1.0, 2, 1, 0.5, 0.2, 0.01, 0.2, 0.01, 1]

  static let weightNames = [
    "latency", "miss", "user_energy", "throughput", "fairness", "age", "propulsion", "computing", "separation",
  ]

  var text: String {
    """
    id: aerial/test
    environment: aerial-fleet
    channel: \(channel)
    actions: \(actions)
    observed_users: 5
    time: {step_s: \(step_s), steps: \(steps)}
    area: {width_m: \(width_m), depth_m: \(width_m)}
    users: {\(users), cpu_min_hz: 0.4e9, cpu_max_hz: 1.5e9, switched_capacitance: 1.0e-27, power_dbm: \(userPower_dBm)}
    fleet: {count: \(uavs), altitude_min_m: \(altitude_m.lowerBound), altitude_max_m: \(altitude_m.upperBound), \(fleet), \
    speed_mps: \(speed_mps), climb_mps: \(climb_mps), acceleration_mps2: \(acceleration_mps2), \
    separation_m: \(separation_m), avoidance: \(avoidance)}
    energy: {\(energy), capacity_j: \(capacity_J)}
    radio: {carrier_hz: \(carrier_Hz), \(radio), bandwidth_hz: \(band_Hz), spectrum: \(spectrum), split: \(split), \
    noise_figure_db: \(noiseFigure_dB), spectral_efficiency_cap: \(cap), least_snr_db: \(leastSNR_dB)}
    onboard: {cpu_min_hz: \(boardClock_Hz.lowerBound), cpu_max_hz: \(boardClock_Hz.upperBound), \
    switched_capacitance: 1.0e-28, servers: \(servers), discipline: \(discipline), policy: \(policy)}
    cloud: {cpu_hz: 10.0e9, relay_bps: 20.0e6, round_trip_s: 0.06}
    tasks: {rate_hz: \(rate_Hz), bits_min: 8192, bits_max: 409600, cycles_per_bit_min: 300, cycles_per_bit_max: 737.5, \
    deadline_min_s: \(deadline_s.lowerBound), deadline_max_s: \(deadline_s.upperBound)}
    reward: {\(zip(Self.weightNames, weights).map { "\($0)_weight: \($1)" }.joined(separator: ", "))}

    """
  }

  /// The world, read as the command reads it, with values put over the text.
  func world(_ overrides: [(String, String)] = [], in directory: String = "/", seed: UInt64 = 0) throws -> AerialFleet {
    try Self.world(
      of: try ConfigurationDocument(text: text, name: "test.yaml", directory: directory), overrides, seed: seed)
  }

  /// The world of a scenario that ships.
  static func shipped(
    _ name: String, _ overrides: [(String, String)] = [], seed: UInt64 = 0
  ) throws -> AerialFleet {
    try world(
      of: try ConfigurationDocument(contentsOf: project + "/Environments/aerial/\(name).yaml"), overrides, seed: seed)
  }

  private static func world(
    of document: ConfigurationDocument, _ overrides: [(String, String)], seed: UInt64
  ) throws -> AerialFleet {
    var document = document
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    var world = AerialFleet(try FleetParameters(id: id, from: &root))
    try root.finish()
    world.reset(seed: seed)
    return world
  }

  /// The scenarios that ship.
  static let shippedNames = [
    "al-hourani-suburban", "al-hourani-urban", "al-hourani-dense", "al-hourani-highrise", "tr36777-uma", "tr36777-umi",
    "tr36777-rma",
  ]
}

/// A row of the rollout's table by the names of its columns.
struct FleetRow {
  private let values: [String: RecordValue]

  init(_ columns: [String], _ row: [RecordValue]) {
    precondition(columns.count == row.count, "\(row.count) cells for \(columns.count) columns")
    values = Dictionary(uniqueKeysWithValues: zip(columns, row))
  }

  /// A number; not a number where the cell is empty.
  subscript(name: String) -> Double {
    switch values[name] {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: .nan
    }
  }

  /// A word.
  func text(_ name: String) -> String {
    if case .text(let value) = values[name] { value } else { "" }
  }
}

extension AerialFleet {
  /// The last step's rows of a kind.
  func rows(_ kind: String) -> [FleetRow] {
    records().map { FleetRow(recordColumns, $0) }.filter { $0.text("kind") == kind }
  }

  /// What an aircraft sees in a field.
  func seen(_ field: String, by aircraft: Int) -> Double {
    let fields = groups[0].observation.fields
    var values = [Float](repeating: .nan, count: agentCount * fields.count)
    var span = values.mutableSpan
    observe(group: 0, into: &span)
    guard let index = fields.firstIndex(where: { $0.name == field }) else { return .nan }
    return Double(values[aircraft * fields.count + index])
  }

  /// Steps with the given numbers for every aircraft: east, north, up, then the defaults of the rest.
  @discardableResult
  mutating func fly(_ velocities: [[Float]]) -> StepOutcome {
    var action = JointAction(for: groups)
    let width = groups[0].action.continuousCount
    for aircraft in 0..<agentCount {
      let idle = idleAction(for: aircraft)
      for index in 0..<width { action.continuous[aircraft * width + index] = idle.continuous[index] }
      for index in 0..<velocities[aircraft].count {
        action.continuous[aircraft * width + index] = velocities[aircraft][index]
      }
      if let choice = idle.discrete.first { action.discrete[aircraft] = choice }
    }
    var outcome = StepOutcome(agents: agentCount)
    step(action, outcome: &outcome)
    return outcome
  }

  /// Plays an episode under a controller; what is looked at after every step is the world and the outcome.
  mutating func play<Chooser: Controller<AerialFleet>>(
    seed: UInt64, _ controller: Chooser, _ look: (AerialFleet, StepOutcome) -> Void = { _, _ in }
  ) -> Double {
    var controller = controller
    reset(seed: seed)
    controller.begin(seed: seed)
    var action = JointAction(for: groups)
    var outcome = StepOutcome(agents: agentCount)
    var gain = 0.0
    repeat {
      controller.act(in: self, &action)
      step(action, outcome: &outcome)
      gain += outcome.rewards.reduce(0, +) / Double(agentCount)
      look(self, outcome)
    } while !outcome.episodeOver
    return gain
  }

  /// Plays an episode under each rule and under chance.
  func playAll(seed: UInt64, _ look: (String, AerialFleet, StepOutcome) -> Void) -> [(name: String, gain: Double)] {
    var gains: [(String, Double)] = []
    func play<Chooser: Controller<AerialFleet>>(_ name: String, _ chooser: Chooser) {
      var world = self
      gains.append((name, world.play(seed: seed, chooser) { look(name, $0, $1) }))
    }
    play("random", RandomController(for: self))
    play(StayRule.name, StayRule(for: self))
    play(HoverRule.name, HoverRule(for: self))
    play(CircleRule.name, CircleRule(for: self))
    play(NearestUserRule.name, NearestUserRule(for: self))
    play(GreedyAgeRule.name, GreedyAgeRule(for: self))
    play(GreedyRateRule.name, GreedyRateRule(for: self))
    play(AltitudeSearchRule.name, AltitudeSearchRule(for: self))
    return gains
  }
}

/// Whether two numbers agree to a part in 10⁹, or both are missing.
func near(_ a: Double, _ b: Double, within relative: Double = 1e-9) -> Bool {
  if a.isNaN && b.isNaN { return true }
  return (a - b).magnitude <= relative * max(a.magnitude, b.magnitude, 1e-12)
}

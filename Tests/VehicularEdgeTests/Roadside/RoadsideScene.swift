import Configuration
import ReinforcementLearning
import TestSupport
import VehicularEdge

/// The constants of a road-side scenario, from which both its YAML text and the tests' own formulas are made.
struct RoadsideScene {
  var form = RoadsideParameters.Actions.discrete
  var steps = 60
  var vehicles = 12
  var blocks = 8
  var nodeColumns = 2
  var nodeRows = 2
  var seats = 3
  var radius_m = 500.0
  var clock_Hz = 3e9...10e9
  var band_Hz = 20e6
  var power_W = 1.0
  var noise_dBm = -90.0
  var exponent = 3.0
  var nearest_m = 10.0
  var fadingMean = 2.0
  var fadingDeviation = 0.4
  var wire_bps = 50e6
  var reference_m = 1500.0
  var cloudClock_Hz = 5e9
  var cloudServers = 2
  var backhaul_bps = 100e6
  var roundTrip_s = 0.04
  var probability = 0.4
  var bits = 0.08e6...40e6
  var cyclesPerBit = 400.0...600
  var deadline_s = 5.0...10.0
  var timeout_s = 30.0
  var inTimeWeight = 1.0
  var latencyWeight = 0.5

  /// Places of a task: none, every node, the cloud.
  var options: Int { nodeColumns * nodeRows + 2 }

  var text: String {
    """
    id: vehicular/test
    environment: roadside-offloading
    actions: \(form.rawValue)
    time: {step_s: 1, steps: \(steps)}
    mobility: {vehicles: \(vehicles), columns: \(blocks), rows: \(blocks), block_width_m: 250, block_height_m: 250, \
    speed_mps: 13.9}
    nodes: {columns: \(nodeColumns), rows: \(nodeRows), radius_m: \(radius_m), vehicles: \(seats), \
    cpu_min_hz: \(clock_Hz.lowerBound), cpu_max_hz: \(clock_Hz.upperBound)}
    radio: {bandwidth_hz: \(band_Hz), power_w: \(power_W), noise_dbm: \(noise_dBm), path_loss_exponent: \(exponent), \
    nearest_m: \(nearest_m), fading_mean: \(fadingMean), fading_deviation: \(fadingDeviation)}
    wire: {rate_bps: \(wire_bps), reference_m: \(reference_m)}
    cloud: {cpu_hz: \(cloudClock_Hz), servers: \(cloudServers), backhaul_bps: \(backhaul_bps), \
    round_trip_s: \(roundTrip_s)}
    tasks: {request_probability: \(probability), bits_min: \(bits.lowerBound), bits_max: \(bits.upperBound), \
    cycles_per_bit_min: \(cyclesPerBit.lowerBound), cycles_per_bit_max: \(cyclesPerBit.upperBound), \
    deadline_min_s: \(deadline_s.lowerBound), deadline_max_s: \(deadline_s.upperBound), timeout_s: \(timeout_s)}
    reward: {in_time_weight: \(inTimeWeight), latency_weight: \(latencyWeight)}

    """
  }

  func parameters(_ overrides: [(String, String)] = []) throws -> RoadsideParameters {
    var document = try ConfigurationDocument(text: text, name: "test.yaml", directory: "/")
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try RoadsideParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0) throws -> RoadsideOffloading {
    var world = RoadsideOffloading(try parameters())
    world.reset(seed: seed)
    return world
  }
}

/// An episode of road-side nodes, played to its end.
struct RoadsideEpisode {
  var world: RoadsideOffloading
  /// The rows of each step.
  var steps: [[Row]] = []
  var outcomes: [StepOutcome] = []
  var terms: [[Double]] = []
  var brokenInvariants: [String] = []
  /// Σ over steps of the mean reward over nodes.
  var gain = 0.0

  var rows: [Row] { steps.flatMap { $0 } }

  init<Chooser: Controller<RoadsideOffloading>>(_ start: RoadsideOffloading, seed: UInt64, _ controller: Chooser) {
    var controller = controller
    controller.begin(seed: seed)
    self.init(start, seed: seed) { world, action in controller.act(in: world, &action) }
  }

  /// Chance that also withdraws a tenth of the tasks.
  init(carelessly start: RoadsideOffloading, seed: UInt64) {
    var chance = RandomController(for: start)
    chance.begin(seed: seed)
    var turn = 0
    self.init(start, seed: seed) { world, action in
      chance.act(in: world, &action)
      for index in action.discrete.indices {
        turn += 1
        if turn % 10 == 0 { action.discrete[index] = 0 }
      }
    }
  }

  init(_ start: RoadsideOffloading, seed: UInt64, decide: (RoadsideOffloading, inout JointAction) -> Void) {
    world = start
    world.reset(seed: seed)
    let columns = world.recordColumns
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    repeat {
      decide(world, &action)
      world.step(action, outcome: &outcome)
      steps.append(world.records().map { Row(columns, $0) })
      outcomes.append(outcome)
      var values = [Double](repeating: .nan, count: world.agentCount * world.rewardTerms.count)
      var span = values.mutableSpan
      world.writeRewardTerms(into: &span)
      terms.append(values)
      gain += outcome.rewards.reduce(0, +) / Double(outcome.rewards.count)
      brokenInvariants += world.brokenInvariants()
    } while !outcome.episodeOver
  }
}

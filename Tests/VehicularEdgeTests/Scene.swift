import TestSupport
import EdgeCloud
import Snapshots
import ReinforcementLearning
import Configuration
import VehicularEdge

/// The constants of a scenario, from which both its YAML text and the tests' own formulas are made.
struct Scene {
  static let highway =
    "model: highway, slots: 40, length_m: 2000, lanes_per_direction: 3, lane_width_m: 4, speed_mps: 38.9, "
    + "speed_spread_mps: 3, flow_per_lane_hz: 0.4"

  /// The form of actions; of discrete ones the text does not speak.
  var form = VehicularParameters.Actions.discrete
  /// Whether the power is a number of its own beside a choice.
  var isHybrid: Bool {
    get { form == .hybrid }
    set { form = newValue ? .hybrid : .discrete }
  }
  var step_s = 0.1
  var steps = 200
  var mobility = Scene.highway
  var placement = "columns: 6, rows: 1"
  var unitHeight_m = 10.0
  var reach_m = 500.0
  var choices = 3
  var unitClock_Hz = 8.0e9
  var unitServers = 1
  var carrier_Hz = 5.9e9
  var band_Hz = 10.0e6
  var powers_dBm = [5.0, 15, 23]
  var vehicleGain_dB = 3.0
  var unitGain_dB = 8.0
  var vehicleHeight_m = 1.5
  var noiseFigure_dB = 5.0
  var cap = 7.40625
  var deviceClock_Hz = 0.4e9...1.5e9
  var slowest_Hz = 0.2e9
  var capacitance = 1e-27
  var cloudClock_Hz = 5.0e9
  var cloudServers = 16
  var backhaul_bps = 1.0e9
  var roundTrip_s = 0.04
  var rate_Hz = 5.0
  var bits = 8192.0...409_600.0
  var cyclesPerBit = 300.0...737.5
  var deadline_s = 0.1...0.9
  var latencyWeight = 0.5
  var energyWeight = 0.25
  var missWeight = 1.0
  var energyReference_J = 0.1

  /// How many integers a place has: one for each power, or one.
  private var levels: Int { form == .discrete ? powers_dBm.count : 1 }

  /// The number of an action's integers: none, two on the device, and per unit two places at every power.
  var options: Int { 3 + choices * 2 * levels }

  /// The integer that uploads to the unit of a rank.
  func upload(rank: Int = 0, toCloud: Bool = false, power: Int? = nil) -> Int32 {
    Int32(3 + rank * 2 * levels + (toCloud ? levels : 0) + (power ?? levels - 1))
  }

  /// What an integer means, read off the order that the card promises.
  func meaning(of option: Int) -> (place: String, rank: Int, power: Int) {
    switch option {
    case 0: return ("none", -1, -1)
    case 1, 2: return (option == 1 ? "full" : "economical", -1, -1)
    default:
      let upload = option - 3
      let toCloud = upload / levels % 2 == 1
      return (toCloud ? "cloud" : "edge", upload / (2 * levels), upload % levels)
    }
  }

  /// The power that an agent's action asks for, in dBm.
  func power_dBm(of agent: Int, in action: JointAction) -> Double {
    if form == .discrete { return powers_dBm[meaning(of: Int(action.discrete[agent])).power] }
    let asked = action.continuous[form == .hybrid ? agent : agent * options + options - 1]
    return min(max(Double(asked), powers_dBm[0]), powers_dBm[powers_dBm.count - 1])
  }

  var text: String {
    """
    id: vehicular/test
    environment: vehicular-offloading
    \(form == .discrete ? "" : "actions: \(form.rawValue)")
    time: {step_s: \(step_s), steps: \(steps)}
    mobility: {\(mobility)}
    units: {\(placement), height_m: \(unitHeight_m), reach_m: \(reach_m), choices: \(choices), \
    cpu_hz: \(unitClock_Hz), servers: \(unitServers)}
    radio: {carrier_hz: \(carrier_Hz), bandwidth_hz: \(band_Hz), powers_dbm: \(powers_dBm), \
    vehicle_gain_db: \(vehicleGain_dB), unit_gain_db: \(unitGain_dB), vehicle_height_m: \(vehicleHeight_m), \
    noise_figure_db: \(noiseFigure_dB), spectral_efficiency_cap: \(cap)}
    device: {cpu_min_hz: \(deviceClock_Hz.lowerBound), cpu_max_hz: \(deviceClock_Hz.upperBound), \
    slowest_hz: \(slowest_Hz), switched_capacitance: \(capacitance)}
    cloud: {cpu_hz: \(cloudClock_Hz), servers: \(cloudServers), backhaul_bps: \(backhaul_bps), \
    round_trip_s: \(roundTrip_s)}
    tasks: {rate_hz: \(rate_Hz), bits_min: \(bits.lowerBound), bits_max: \(bits.upperBound), \
    cycles_per_bit_min: \(cyclesPerBit.lowerBound), cycles_per_bit_max: \(cyclesPerBit.upperBound), \
    deadline_min_s: \(deadline_s.lowerBound), deadline_max_s: \(deadline_s.upperBound)}
    reward: {latency_weight: \(latencyWeight), energy_weight: \(energyWeight), miss_weight: \(missWeight), \
    energy_reference_j: \(energyReference_J)}

    """
  }

  /// The parameters, read as the command reads them, with values put over the text.
  func parameters(_ overrides: [(String, String)] = [], in directory: String = "/") throws -> VehicularParameters {
    var document = try ConfigurationDocument(text: text, name: "test.yaml", directory: directory)
    for (path, value) in overrides { try document.override(path, with: value) }
    var root = document.root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let parameters = try VehicularParameters(id: id, from: &root)
    try root.finish()
    return parameters
  }

  func world(seed: UInt64 = 0, in directory: String = "/") throws -> VehicularOffloading {
    var world = VehicularOffloading(try parameters(in: directory))
    world.reset(seed: seed)
    return world
  }
}

/// A row of a trace: who is where.
struct Place {
  let id: String
  let x_m: Double
  let y_m: Double

  init(_ id: String, _ x_m: Double, _ y_m: Double) {
    self.id = id
    self.x_m = x_m
    self.y_m = y_m
  }
}

extension TemporaryFolder {
  /// Writes a trace of timesteps and returns its path.
  func writeTrace(_ timesteps: [(time_s: Double, places: [Place])], to name: String = "trace.xml") throws -> String {
    var text = "<fcd-export>\n"
    for (time_s, places) in timesteps {
      text += "<timestep time=\"\(time_s)\">\n"
      for place in places {
        text += "<vehicle id=\"\(place.id)\" x=\"\(place.x_m)\" y=\"\(place.y_m)\" angle=\"90\" speed=\"1\"/>\n"
      }
      text += "</timestep>\n"
    }
    return try write(text + "</fcd-export>\n", to: name)
  }

  /// A trace of twelve seconds and ten vehicles that enter, leave and return along a street of 200 m.
  func writeTraffic() throws -> String {
    let timesteps = (0...12).map { second in
      let places = (0..<10).compactMap { vehicle -> Place? in
        let phase = (second + vehicle) % 7
        guard phase < 5 || vehicle == 0 else { return nil }
        return Place("v\(vehicle)", Double(15 * second % 200) + 3 * Double(vehicle), Double(vehicle) - 4.5)
      }
      return (Double(second), places)
    }
    return try writeTrace(timesteps)
  }
}

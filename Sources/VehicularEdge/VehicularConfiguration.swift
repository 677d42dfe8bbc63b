public import Configuration
import EdgeCloud
public import Traces

/// Why a scenario cannot be made: its text, or a trace that it names.
public enum ScenarioError: Error, CustomStringConvertible {
  /// Something in the scenario file or an override.
  case configuration(ConfigurationError)
  /// Something in the trace.
  case trace(TraceError)

  public var description: String {
    switch self {
    case .configuration(let error): error.description
    case .trace(let error): error.description
    }
  }

  /// Whether a file is missing, rather than wrong.
  public var isMissingFile: Bool {
    switch self {
    case .configuration(let error): error.isMissingFile
    case .trace(let error): error.isMissingFile
    }
  }
}

extension VehicularParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ScenarioError) {
    self.id = id
    do throws(ConfigurationError) {
      actions = try root.choice("actions", default: .discrete)
      time = try Time(from: try root.mapping("time"))
      radio = try Radio(from: try root.mapping("radio"))
      guard actions == .discrete || radio.powers_dBm.count > 1 else {
        throw root.error(
          "actions",
          "\(actions.rawValue) actions choose between the lowest and the highest of radio.powers_dbm, which has one power"
        )
      }
      device = try Device(from: try root.mapping("device"))
      cloud = try Cloud(from: try root.mapping("cloud"))
      reward = try Reward(from: try root.mapping("reward"))
    } catch {
      throw .configuration(error)
    }
    tasks = try TaskProcess(from: &root, interval_s: time.step_s)
    let area: FloatingCarTrace.Bounds
    do {
      var mobility = try root.mapping("mobility")
      slots = try mobility.integer("slots", in: 1...4096)
      let model = try mobility.choice("model", among: ["trace", "highway", "manhattan"])
      if model == "manhattan" {
        let fleet = mobility.has("vehicles") ? try mobility.integer("vehicles", in: 1...100_000) : nil
        let traffic = try ManhattanTraffic(from: &mobility, fleet: fleet)
        area = FloatingCarTrace.Bounds(minX: 0, minY: 0, maxX: traffic.width_m, maxY: traffic.height_m)
        self.mobility = .manhattan(traffic)
      } else if model == "highway" {
        let traffic = try HighwayTraffic(from: &mobility)
        let halfWidth = Double(traffic.lanesPerDirection) * traffic.laneWidth_m
        area = FloatingCarTrace.Bounds(minX: 0, minY: -halfWidth, maxX: traffic.length_m, maxY: halfWidth)
        self.mobility = .highway(traffic)
      } else {
        let replay = try Self.replay(&mobility, time: time)
        area = replay.bounds
        self.mobility = .trace(replay)
      }
      try mobility.finish()
      let instants = Double(time.steps) + (tasks.deadline_s.upperBound / time.step_s).rounded(.up) + 2
      guard instants * Double(slots) <= Self.mostPlaces else {
        throw root.error(
          "time",
          "\(Int(instants)) steps, those after the end until the longest deadline included, of \(slots) slots are "
            + "more than the \(Int(Self.mostPlaces)) places that an episode may have")
      }
      units = try Units(from: try root.mapping("units"), area: area)
    } catch let error as ConfigurationError {
      throw .configuration(error)
    } catch let error as TraceError {
      throw .trace(error)
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
  }

  /// Steps times slots; a place takes about 40 bytes.
  private static let mostPlaces = 2e7

  private static func replay(_ mobility: inout ConfigurationMapping, time: Time) throws -> TraceReplay {
    let setback = try mobility.number("antenna_setback_m", in: .nonNegative, default: 2.5)
    let path = try mobility.filePath("fcd_file")
    let hasBegin = mobility.has("begin_s")
    let hasEnd = mobility.has("end_s")
    let begin = hasBegin ? try mobility.number("begin_s") : -Double.infinity
    let end = hasEnd ? try mobility.number("end_s") : Double.infinity
    guard begin < end else {
      throw mobility.error("end_s", "the window ends at \(end) s, not after its begin at \(begin) s")
    }
    let trace = try FloatingCarTrace(contentsOf: path)
    guard let replay = TraceReplay(trace, begin_s: begin, end_s: end, setback_m: setback, step_s: time.step_s) else {
      let span = "\(trace.timesteps.first ?? 0) to \(trace.timesteps.last ?? 0) s"
      throw mobility.error(
        hasBegin ? "begin_s" : hasEnd ? "end_s" : "fcd_file",
        "the window leaves less than one step of \(time.step_s) s of the trace, which covers \(span)")
    }
    return replay
  }
}

extension VehicularParameters.Time {
  init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    step_s = try mapping.number("step_s", in: .between(1e-4, 10))
    steps = try mapping.integer("steps", in: 1...100_000)
    try mapping.finish()
  }
}

extension VehicularParameters.Units {
  fileprivate init(from mapping: ConfigurationMapping, area: FloatingCarTrace.Bounds) throws(ConfigurationError) {
    var mapping = mapping
    height_m = try mapping.number("height_m", in: .above(1).to(100), default: 10)
    reach_m = try mapping.number("reach_m", in: .positive)
    choices = try mapping.integer("choices", in: 1...8)
    cpu_Hz = try mapping.number("cpu_hz", in: .clock)
    servers = try mapping.integer("servers", in: 1...1024, default: 1)
    positions_m = []
    if mapping.has("positions") {
      for position in try mapping.list("positions", count: 1...64) {
        var position = position
        positions_m.append((try position.number("x_m"), try position.number("y_m")))
        try position.finish()
      }
    } else {
      let columns = try mapping.integer("columns", in: 1...64)
      let rows = try mapping.integer("rows", in: 1...64)
      guard columns * rows <= 64 else {
        throw mapping.error("rows", "\(columns) columns of \(rows) rows are more than 64 units")
      }
      for row in 0..<rows {
        for column in 0..<columns {
          let across = (Double(column) + 0.5) / Double(columns)
          let along = (Double(row) + 0.5) / Double(rows)
          positions_m.append(
            (area.minX + across * (area.maxX - area.minX), area.minY + along * (area.maxY - area.minY)))
        }
      }
    }
    try mapping.finish()
  }
}

extension VehicularParameters.Radio {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    carrier_Hz = try mapping.number("carrier_hz", in: .between(0.5e9, 100e9))
    bandwidth_Hz = try mapping.number("bandwidth_hz", in: .between(1, 1e12))
    powers_dBm = try mapping.numbers("powers_dbm", count: 1...8, in: .between(-100, 60))
    antennaGain_dB =
      try mapping.number("vehicle_gain_db", in: .between(-30, 60))
      + mapping.number("unit_gain_db", in: .between(-30, 60))
    vehicleHeight_m = try mapping.number("vehicle_height_m", in: .above(1).to(22.5), default: 1.5)
    noiseFigure_dB = try mapping.number("noise_figure_db", in: .between(0, 30))
    spectralEfficiencyCap = try mapping.number(
      "spectral_efficiency_cap", in: .positive, default: Link.bestSpectralEfficiency)
    for (index, power) in powers_dBm.enumerated() where index > 0 && power <= powers_dBm[index - 1] {
      throw mapping.error("powers_dbm", "the powers must rise, but \(power) follows \(powers_dBm[index - 1])")
    }
    try mapping.finish()
  }
}

extension VehicularParameters.Device {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    cpu_Hz = try mapping.range("cpu_min_hz", "cpu_max_hz", in: .clock)
    slowest_Hz = try mapping.number("slowest_hz", in: .clock)
    switchedCapacitance = try mapping.number("switched_capacitance", in: .above(0).to(1e-15))
    guard slowest_Hz <= cpu_Hz.lowerBound else {
      throw mapping.error("slowest_hz", "the slowest setting exceeds cpu_min_hz, \(cpu_Hz.lowerBound)")
    }
    try mapping.finish()
  }
}

extension VehicularParameters.Cloud {
  init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    cpu_Hz = try mapping.number("cpu_hz", in: .clock)
    servers = try mapping.integer("servers", in: 1...4096)
    backhaul_bps = try mapping.number("backhaul_bps", in: .between(1, 1e15))
    roundTrip_s = try mapping.number("round_trip_s", in: .between(0, 3600))
    try mapping.finish()
  }
}

extension VehicularParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    latencyWeight = try mapping.number("latency_weight", in: .between(0, 1e6))
    energyWeight = try mapping.number("energy_weight", in: .between(0, 1e6))
    missWeight = try mapping.number("miss_weight", in: .between(0, 1e6))
    energyReference_J = try mapping.number("energy_reference_j", in: .between(1e-12, 1e12))
    try mapping.finish()
  }
}

extension HighwayTraffic {
  fileprivate init(from mobility: inout ConfigurationMapping) throws(ConfigurationError) {
    let length = try mobility.number("length_m", in: .between(100, 100_000))
    let lanes = try mobility.integer("lanes_per_direction", in: 1...16)
    let width = try mobility.number("lane_width_m", in: .positive, default: 4)
    let speed = try mobility.number("speed_mps", in: .above(0).to(200))
    let spread = try mobility.number("speed_spread_mps", in: .nonNegative, default: 0)
    guard speed > 2 * spread else {
      throw mobility.error("speed_spread_mps", "the spread must be less than half of speed_mps, \(speed)")
    }
    let vehicleLength = try mobility.number("vehicle_length_m", in: .between(1, 30), default: 5)
    let flow = try mobility.number("flow_per_lane_hz", in: .between(0, 2))
    var driver = IntelligentDriver.treiber2000
    if var mapping = try mobility.optionalMapping("driver") {
      driver = IntelligentDriver(
        acceleration_mps2: try mapping.number("acceleration_mps2", in: .between(0.01, 20)),
        deceleration_mps2: try mapping.number("deceleration_mps2", in: .between(0.01, 20)),
        standstillGap_m: try mapping.number("standstill_gap_m", in: .between(0.1, 100)),
        headway_s: try mapping.number("headway_s", in: .between(0, 60)))
      try mapping.finish()
    }
    self.init(
      length: Metres(length), lanesPerDirection: lanes, laneWidth: Metres(width),
      vehicleLength: Metres(vehicleLength), desiredSpeed: MetresPerSecond(speed), speedSpread: MetresPerSecond(spread),
      entryFlow: Hertz(flow),
      driver: driver)
  }
}

extension NumberRange {
  /// Clock speeds with which no time or energy overflows.
  static let clock = NumberRange.between(1e3, 1e15)
}

extension ConfigurationMapping {
  /// Two keys that are the ends of a range.
  mutating func range(
    _ low: String, _ high: String, in allowed: NumberRange
  ) throws(ConfigurationError) -> ClosedRange<Double> {
    let from = try number(low, in: allowed)
    let to = try number(high, in: allowed)
    guard from <= to else { throw error(high, "\(to) is less than \(low), \(from)") }
    return from...to
  }
}

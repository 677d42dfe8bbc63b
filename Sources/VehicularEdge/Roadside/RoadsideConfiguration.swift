public import Configuration
import EdgeCloud

extension RoadsideParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ConfigurationError) {
    self.id = id
    actions = try root.choice("actions", default: .discrete)
    time = try VehicularParameters.Time(from: try root.mapping("time"))
    var streets = try root.mapping("mobility")
    vehicles = try streets.integer("vehicles", in: 1...4096)
    mobility = try ManhattanTraffic(from: &streets, fleet: vehicles)
    try streets.finish()
    guard Double(time.steps + 1) * Double(vehicles) <= 2e7 else {
      throw root.error("time", "\(time.steps) steps of \(vehicles) vehicles are more than the 20000000 places allowed")
    }
    nodes = try Nodes(from: try root.mapping("nodes"), over: mobility)
    radio = try Radio(from: try root.mapping("radio"))
    wire = try Wire(from: try root.mapping("wire"))
    cloud = try VehicularParameters.Cloud(from: try root.mapping("cloud"))
    var work = try root.mapping("tasks")
    timeout_s = try work.number("timeout_s", in: .above(0).to(3600))
    let probability = try work.number("request_probability", in: .fraction)
    let bits = try work.range("bits_min", "bits_max", in: .between(1, 1e12))
    let cycles = try work.range("cycles_per_bit_min", "cycles_per_bit_max", in: .between(1e-6, 1e9))
    let deadline = try work.range("deadline_min_s", "deadline_max_s", in: .above(0).to(3600))
    guard deadline.upperBound <= timeout_s else {
      throw work.error("deadline_max_s", "\(deadline.upperBound) s is after the timeout, \(timeout_s) s")
    }
    try work.finish()
    tasks = TaskProcess(
      arrivalProbability: probability, bits: Bits(bits.lowerBound)...Bits(bits.upperBound), cyclesPerBit: cycles,
      deadline: Seconds(deadline.lowerBound)...Seconds(deadline.upperBound))
    reward = try Reward(from: try root.mapping("reward"))
  }
}

extension RoadsideParameters.Nodes {
  fileprivate init(from mapping: ConfigurationMapping, over streets: ManhattanTraffic) throws(ConfigurationError) {
    var mapping = mapping
    radius_m = try mapping.number("radius_m", in: .positive)
    vehicles = try mapping.integer("vehicles", in: 1...16)
    cpu_Hz = try mapping.range("cpu_min_hz", "cpu_max_hz", in: .clock)
    let columns = try mapping.integer("columns", in: 1...16)
    let rows = try mapping.integer("rows", in: 1...16)
    guard columns * rows <= 64 else {
      throw mapping.error("rows", "\(columns) columns of \(rows) rows are more than 64 nodes")
    }
    positions_m = []
    for row in 0..<rows {
      for column in 0..<columns {
        positions_m.append(
          (
            (Double(column) + 0.5) / Double(columns) * streets.width_m,
            (Double(row) + 0.5) / Double(rows) * streets.height_m
          ))
      }
    }
    try mapping.finish()
  }
}

extension RoadsideParameters.Radio {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    bandwidth_Hz = try mapping.number("bandwidth_hz", in: .between(1, 1e12))
    power_W = try mapping.number("power_w", in: .between(1e-9, 1e6))
    noise_W = Watts(DecibelMilliwatts(try mapping.number("noise_dbm", in: .between(-200, 60)))).value
    pathLossExponent = try mapping.number("path_loss_exponent", in: .between(1, 8))
    nearest_m = try mapping.number("nearest_m", in: .between(0.1, 1e4), default: 10)
    fadingMean = try mapping.number("fading_mean", in: .between(1e-6, 1e6))
    fadingDeviation = try mapping.number("fading_deviation", in: .between(0, 1e6))
    try mapping.finish()
  }
}

extension RoadsideParameters.Wire {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    rate_bps = try mapping.number("rate_bps", in: .between(1, 1e15))
    reference_m = try mapping.number("reference_m", in: .between(1e-3, 1e9))
    try mapping.finish()
  }
}

extension RoadsideParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    inTimeWeight = try mapping.number("in_time_weight", in: .between(0, 1e6))
    latencyWeight = try mapping.number("latency_weight", in: .between(0, 1e6))
    try mapping.finish()
  }
}

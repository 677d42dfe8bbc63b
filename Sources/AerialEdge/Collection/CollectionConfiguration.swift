public import Configuration
import EdgeCloud

extension CollectionParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ConfigurationError) {
    self.id = id
    dynamics = try root.choice("dynamics", default: .corrected)
    actions = try root.choice("actions", default: .discrete)
    side_m = try root.number("side_m", in: .between(10, 100_000))
    time = try Time(from: try root.mapping("time"))
    collectors = try Collectors(from: try root.mapping("collectors"))
    sensors = try Sensors(from: try root.mapping("sensors"))
    uplink = try Uplink(from: try root.mapping("uplink"))
    reward = try Reward(from: try root.mapping("reward"))
    guard collectors.count * time.steps <= 4_000_000 else {
      throw root.error(
        "time",
        "\(time.steps) steps of \(collectors.count) collectors are more than the 4000000 that an episode may have")
    }
    let work = collectors.count * sensors.count
    guard work <= 1 << 18 else {
      throw root.error(
        "sensors", "\(collectors.count) collectors of \(sensors.count) sensors are more than 262144 pairs")
    }
  }
}

extension CollectionParameters.Time {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    step_s = try mapping.number("step_s", in: .between(1e-3, 3600))
    steps = try mapping.integer("steps", in: 1...100_000)
    try mapping.finish()
  }
}

extension CollectionParameters.Collectors {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: 1...256)
    height_m = try mapping.number("height_m", in: .between(0.1, 10_000))
    speed_mps = try mapping.number("speed_mps", in: .between(0, 1000))
    observeRadius_m = try mapping.number("observe_radius_m", in: .between(0, 200_000))
    collectRadius_m = try mapping.number("collect_radius_m", in: .between(0, 200_000))
    buffer = try mapping.integer("buffer", in: 1...16)
    processing_bps = try mapping.number("processing_bps", in: .between(1, 1e15))
    transmit_dBm = try mapping.number("transmit_dbm", in: .between(-50, 60))
    seenSensors = try mapping.integer("seen_sensors", in: 1...32, default: 8)
    seenCollectors = try mapping.integer("seen_collectors", in: 0...16, default: 3)
    try mapping.finish()
  }
}

extension CollectionParameters.Sensors {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: 1...4096)
    packetBits = try mapping.number("packet_bits", in: .between(1, PoissonQuantile.largestMean))
    packetChance = try mapping.number("packet_chance", in: .fraction)
    largestPacket_bits = try mapping.number("largest_packet_bits", in: .positive, default: 2 * packetBits)
    rate_bps = try mapping.number("rate_bps", in: .between(1, 1e15))
    layoutSeed = nil
    if mapping.has("layout_seed") { layoutSeed = UInt64(try mapping.integer("layout_seed", in: 0...Int.max)) }
    try mapping.finish()
  }
}

extension CollectionParameters.Uplink {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    carrier_Hz = try mapping.number("carrier_hz", in: .between(1e8, 1e11))
    bandwidth_Hz = try mapping.number("bandwidth_hz", in: .between(1, 1e12))
    noise_dBmPerHz = try mapping.number("noise_dbm_per_hz", in: .between(-200, 0))
    surroundings = try mapping.choice("surroundings")
    spectralEfficiencyCap = try mapping.number(
      "spectral_efficiency_cap", in: .between(0.01, 100), default: Link.bestSpectralEfficiency)
    sharing = try mapping.choice("sharing", default: .equal)
    try mapping.finish()
  }
}

extension CollectionParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    ageWeight = try mapping.number("age_weight", in: .between(0, 1e6))
    ageReference_s = try mapping.number("age_reference_s", in: .between(1e-6, 1e9))
    energyWeight = try mapping.number("energy_weight", in: .between(0, 1e6))
    energyReference_J = try mapping.number("energy_reference_j", in: .between(1e-12, 1e12))
    try mapping.finish()
  }
}

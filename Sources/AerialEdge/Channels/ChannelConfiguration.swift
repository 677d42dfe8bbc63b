public import Configuration
import EdgeCloud

extension ChannelParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ConfigurationError) {
    self.id = id
    actions = try root.choice("actions", default: .discrete)
    side_m = try root.number("side_m", in: .between(10, 100_000))
    time = try Time(from: try root.mapping("time"))
    devices = try Devices(from: try root.mapping("devices"), side_m: side_m, step_s: time.step_s)
    relays = try Relays(from: try root.mapping("relays"))
    radio = try Radio(from: try root.mapping("radio"), isHybrid: actions == .hybrid)
    reward = try Reward(from: try root.mapping("reward"))
  }
}

extension ChannelParameters.Time {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    step_s = try mapping.number("step_s", in: .between(1e-4, 3600))
    steps = try mapping.integer("steps", in: 1...100_000)
    try mapping.finish()
  }
}

extension ChannelParameters.Devices {
  fileprivate init(
    from mapping: ConfigurationMapping, side_m: Double, step_s: Double
  ) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: 1...1024)
    clusters = try mapping.integer("clusters", in: 0...1024, default: 0)
    clusterRadius_m = try mapping.number(
      "cluster_radius_m", in: .between(0, side_m / 2), default: clusters > 0 ? nil : 0)
    busy_s = try mapping.number("busy_s", in: .atLeast(step_s).to(1e9))
    quiet_s = try mapping.number("quiet_s", in: .atLeast(step_s).to(1e9))
    try mapping.finish()
  }
}

extension ChannelParameters.Relays {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    columns = try mapping.integer("columns", in: 1...16)
    rows = try mapping.integer("rows", in: 1...16)
    height_m = try mapping.number("height_m", in: .between(1, 10_000))
    orbit_m = try mapping.number("orbit_m", in: .between(0, 10_000))
    speed_mps = try mapping.number("speed_mps", in: .between(0, 200))
    guard orbit_m > 0 || speed_mps == 0 else {
      throw mapping.error("orbit_m", "a relay that flies at \(speed_mps) m/s needs a circle; write more than 0")
    }
    try mapping.finish()
  }
}

extension ChannelParameters.Radio {
  fileprivate init(from mapping: ConfigurationMapping, isHybrid: Bool) throws(ConfigurationError) {
    var mapping = mapping
    surroundings = try mapping.choice("surroundings")
    carrier_Hz = try mapping.number("carrier_hz", in: .between(1e8, 1e11))
    channels = try mapping.integer("channels", in: 1...32)
    bandwidth_Hz = try mapping.number("bandwidth_hz", in: .between(1, 1e12))
    let greatest = try mapping.number("transmit_dbm", in: .between(-50, 60))
    let least = try mapping.number("least_transmit_dbm", in: .between(-100, 60), default: isHybrid ? nil : greatest)
    guard isHybrid ? least < greatest : least <= greatest else {
      throw mapping.error("least_transmit_dbm", "\(least) dBm must lie below transmit_dbm, \(greatest)")
    }
    transmit_dBm = least...greatest
    noiseFigure_dB = try mapping.number("noise_figure_db", in: .between(0, 30))
    threshold_dB = try mapping.number("threshold_db", in: .between(-30, 40))
    spectralEfficiencyCap = try mapping.number(
      "spectral_efficiency_cap", in: .between(0.01, 100), default: Link.bestSpectralEfficiency)
    try mapping.finish()
  }
}

extension ChannelParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    servedWeight = try mapping.number("served_weight", in: .between(0, 1e6))
    conflictWeight = try mapping.number("conflict_weight", in: .between(0, 1e6))
    efficiencyWeight = try mapping.number("efficiency_weight", in: .between(0, 1e6))
    energyWeight = try mapping.number("energy_weight", in: .between(0, 1e6))
    energyReference_J = try mapping.number("energy_reference_j", in: .between(1e-12, 1e12))
    try mapping.finish()
  }
}

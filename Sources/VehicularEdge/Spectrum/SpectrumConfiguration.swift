public import Configuration
import EdgeCloud

extension SpectrumParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ConfigurationError) {
    self.id = id
    channel = try root.choice("channel")
    actions = try root.choice("actions", default: .discrete)
    time = try Time(from: try root.mapping("time"))
    let traffic = try root.mapping("mobility")
    (mobility, vehicles) = try Self.mobility(traffic)
    radio = try Radio(from: try root.mapping("radio"), channel: channel)
    payload_bits = try root.number("payload_bits", in: .between(1, 1e12))
    reward = try Reward(from: try root.mapping("reward"))
    base_m = (0, 0)
    if var base = try root.optionalMapping("base") {
      base_m = (
        try base.number("x_m", in: .between(-1e6, 1e6)), try base.number("y_m", in: .between(-1e6, 1e6))
      )
      try base.finish()
    } else {
      let area = area_m
      switch (channel, mobility) {
      // Defect: the middle of the full grid, a corner of the halved one; of another grid the same corner.
      case (.liang2019Compat, .liang2019): base_m = (375, 649.5)
      case (.liang2019Compat, .manhattan): base_m = (area.width, area.height)
      case (.tr36885, _): base_m = (area.width / 2, area.height / 2)
      }
    }
    let audible = audiblePowers_dBm
    guard let lowest = audible.first, let highest = audible.last else {
      throw root.error("radio", "v2v_powers_dbm has no power above \(Int(Self.silence_dBm)) dBm, which is silence")
    }
    guard actions == .discrete || lowest < highest else {
      throw root.error(
        "actions",
        "\(actions.rawValue) actions choose between the lowest and the highest of radio.v2v_powers_dbm above "
          + "\(Int(Self.silence_dBm)) dBm, and there is one only")
    }
    let places = Double(vehicles) * Double(radio.blocks)
    guard places * Double(radio.powers_dBm.count) <= 4e6 else {
      throw root.error(
        "mobility",
        "\(vehicles) vehicles times \(radio.blocks) blocks times \(radio.powers_dBm.count) powers "
          + "are more than the 4000000 that a world may have")
    }
    guard radio.range_m.isFinite || vehicles <= 2048 else {
      throw root.error("radio", "\(vehicles) vehicles need radio.range_m; up to 2048 may do without")
    }
    guard Double(vehicles) * Double(time.periods + 1) <= 2e7 else {
      throw root.error("time", "\(time.periods) periods of \(vehicles) vehicles are more than 20000000 places")
    }
  }

  private static func mobility(_ mapping: ConfigurationMapping) throws(ConfigurationError) -> (Mobility, Int) {
    var mapping = mapping
    let vehicles = try mapping.integer("vehicles", in: 2...20_000)
    let model = try mapping.choice("model", among: ["liang2019", "manhattan"])
    if model == "liang2019" {
      try mapping.finish()
      return (.liang2019(Liang2019Traffic()), vehicles)
    }
    let traffic = try ManhattanTraffic(from: &mapping, fleet: vehicles)
    try mapping.finish()
    return (.manhattan(traffic), vehicles)
  }
}

extension ManhattanTraffic {
  /// Reads the keys of the grid; the numbers of TR 36.885 where they are left out.
  init(from mapping: inout ConfigurationMapping, fleet: Int?) throws(ConfigurationError) {
    let columns = try mapping.integer("columns", in: 1...100, default: 3)
    let rows = try mapping.integer("rows", in: 1...100, default: 3)
    let lanes = try mapping.integer("lanes_per_direction", in: 1...8, default: 2)
    let laneWidth = try mapping.number("lane_width_m", in: .between(2, 10), default: 3.5)
    let shortest = 2 * Self.crossingRadius_m(lanesPerDirection: lanes, laneWidth_m: laneWidth)
    let width = try mapping.number("block_width_m", in: .above(shortest).to(10_000), default: 250)
    let height = try mapping.number("block_height_m", in: .above(shortest).to(10_000), default: 433)
    let speed = try mapping.number("speed_mps", in: .between(0.1, 100), default: 60 / 3.6)
    // A fleet has its number; a headway would mean nothing.
    let headway = fleet == nil ? try mapping.number("headway_s", in: .between(0.1, 10_000), default: 2.5) : 2.5
    let left = try mapping.number("left_turn", in: .fraction, default: 0.25)
    let right = try mapping.number("right_turn", in: .fraction, default: 0.25)
    guard left + right <= 1 else {
      throw mapping.error("right_turn", "left_turn \(left) and right_turn \(right) are more than 1 together")
    }
    func make(_ fleet: Int?) -> ManhattanTraffic {
      ManhattanTraffic(
        columns: columns, rows: rows, blockWidth: Metres(width), blockHeight: Metres(height),
        lanesPerDirection: lanes, laneWidth: Metres(laneWidth), speed: MetresPerSecond(speed),
        headway: Seconds(headway), left: left, right: right, fleet: fleet)
    }
    let capacity = make(nil).capacity
    guard (fleet ?? 0) <= capacity else {
      throw mapping.error("vehicles", "the streets hold \(capacity) vehicles at most, not \(fleet ?? 0)")
    }
    self = make(fleet)
  }
}

extension SpectrumParameters.Time {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    slot_s = try mapping.number("slot_s", in: .between(1e-5, 10))
    periodSlots = try mapping.integer("period_slots", in: 1...100_000)
    periods = try mapping.integer("periods", in: 1...100_000, default: 1)
    guard periodSlots * periods <= 10_000_000 else {
      throw mapping.error("periods", "\(periods) periods of \(periodSlots) slots are more than 10000000 slots")
    }
    try mapping.finish()
  }
}

extension SpectrumParameters.Radio {
  fileprivate init(
    from mapping: ConfigurationMapping, channel: SpectrumParameters.Channel
  ) throws(ConfigurationError) {
    var mapping = mapping
    carrier_Hz = try mapping.number("carrier_hz", in: .between(0.5e9, 100e9))
    blocks = try mapping.integer("blocks", in: 1...1000)
    blockBandwidth_Hz = try mapping.number("block_bandwidth_hz", in: .between(1, 1e12))
    powers_dBm = try mapping.numbers("v2v_powers_dbm", count: 1...16, in: .between(-200, 60))
    uplinkPower_dBm = try mapping.number("v2i_power_dbm", in: .between(-100, 60))
    vehicleGain_dB = try mapping.number("vehicle_gain_db", in: .between(-30, 60))
    baseGain_dB = try mapping.number("base_gain_db", in: .between(-30, 60))
    vehicleNoiseFigure_dB = try mapping.number("vehicle_noise_figure_db", in: .between(0, 30))
    baseNoiseFigure_dB = try mapping.number("base_noise_figure_db", in: .between(0, 30))
    vehicleHeight_m = try mapping.number("vehicle_height_m", in: .above(1).to(10), default: 1.5)
    baseHeight_m = try mapping.number("base_height_m", in: .above(10).to(1000), default: 25)
    let isCompat = channel == .liang2019Compat
    spectralEfficiencyCap = try mapping.number(
      "spectral_efficiency_cap", in: .positive, default: isCompat ? .infinity : Link.bestSpectralEfficiency)
    selfIsolation_dB = try mapping.number("self_isolation_db", in: .between(0, 300), default: 50)
    range_m = try mapping.number("range_m", in: .between(1, 1e6), default: .infinity)
    // Defect of the compatible preset: a correlation of 0.5 is computed there and never applied.
    uplinkShadowingCorrelation = try mapping.number(
      "v2i_shadowing_correlation", in: .fraction, default: isCompat ? 0 : 0.5)
    for (index, power) in powers_dBm.enumerated() where index > 0 && power <= powers_dBm[index - 1] {
      throw mapping.error("v2v_powers_dbm", "the powers must rise, but \(power) follows \(powers_dBm[index - 1])")
    }
    try mapping.finish()
  }
}

extension SpectrumParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    uplinkWeight = try mapping.number("v2i_weight", in: .between(0, 1e6))
    linkWeight = try mapping.number("v2v_weight", in: .between(0, 1e6))
    energyWeight = try mapping.number("energy_weight", in: .between(0, 1e6), default: 0)
    isShared = try mapping.boolean("shared", default: true)
    try mapping.finish()
  }
}

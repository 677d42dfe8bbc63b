import Configuration
import EdgeCloud

/// What of a scenario is in the air: radio, aircraft and energy.
extension FleetParameters.Radio {
  /// The channels that can be named.
  private static let channels = [
    "al-hourani-suburban", "al-hourani-urban", "al-hourani-dense", "al-hourani-highrise", "tr36777-uma", "tr36777-umi",
    "tr36777-rma",
  ]

  init(from root: inout ConfigurationMapping) throws(ConfigurationError) {
    let channel = try root.choice("channel", among: Self.channels)
    var mapping = try root.mapping("radio")
    let carrier = Hertz(try mapping.number("carrier_hz", in: .between(0.5e9, 100e9), default: 2e9))
    law = Self.law(channel, carrier: carrier)
    sight = try mapping.choice("line_of_sight", default: .mean)
    let knowsDeviations = if case .aerialUser = law { true } else { false }
    hasShadowing = try mapping.boolean("shadowing", default: knowsDeviations && sight == .drawn)
    if hasShadowing, !(knowsDeviations && sight == .drawn) {
      throw mapping.error(
        "shadowing",
        "needs a channel tr36777-… and line_of_sight: drawn; Al-Hourani's law has no deviations, and a mean "
          + "of states has none")
    }
    fieldCell_m = try mapping.number("correlation_m", in: .between(1, 1e4), default: 50)
    switch try mapping.choice("fading", among: ["none", "rayleigh", "rician"], default: "none") {
    case "rayleigh": fading = RicianFading(steadyOverScattered: 0)
    case "rician": fading = RicianFading(k: Decibels(try mapping.number("rician_k_db", in: .between(-30, 60))))
    default: fading = nil
    }
    bandwidth_Hz = try mapping.number("bandwidth_hz", in: .between(1, 1e12))
    spectrum = try mapping.choice("spectrum", default: .orthogonal)
    split = try mapping.choice("split", default: .equal)
    antennaGain_dB =
      try mapping.number("user_gain_db", in: .between(-30, 60), default: 0)
      + mapping.number("uav_gain_db", in: .between(-30, 60), default: 0)
    noiseFigure_dB = try mapping.number("noise_figure_db", in: .between(0, 30))
    spectralEfficiencyCap = try mapping.number(
      "spectral_efficiency_cap", in: .positive, default: Link.bestSpectralEfficiency)
    leastSNR_dB = try mapping.number("least_snr_db", in: .between(-60, 60))
    bias_dB = try mapping.number("bias_db", in: .between(0, 60), default: 10)
    try mapping.finish()
  }

  private static func law(_ channel: String, carrier: Hertz) -> FleetChannel.Law {
    switch channel {
    case "al-hourani-suburban": .airToGround(AirToGround(carrier: carrier, over: .suburban))
    case "al-hourani-urban": .airToGround(AirToGround(carrier: carrier, over: .urban))
    case "al-hourani-dense": .airToGround(AirToGround(carrier: carrier, over: .denseUrban))
    case "al-hourani-highrise": .airToGround(AirToGround(carrier: carrier, over: .highRise))
    case "tr36777-uma": .aerialUser(AerialUser(.urbanMacro, carrier: carrier))
    case "tr36777-umi": .aerialUser(AerialUser(.urbanMicro, carrier: carrier))
    default: .aerialUser(AerialUser(.ruralMacro, carrier: carrier))
    }
  }
}

extension FleetParameters.Fleet {
  init(
    from mapping: ConfigurationMapping, area: GroundArea, law: FleetChannel.Law, users: FleetParameters.Users
  ) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: 1...8)
    altitude_m = try mapping.fleetRange("altitude_min_m", "altitude_max_m", in: .between(1, 10_000))
    if let lowest = law.lowest_m, altitude_m.lowerBound <= lowest || altitude_m.upperBound > 300 {
      throw mapping.error(
        altitude_m.upperBound > 300 ? "altitude_max_m" : "altitude_min_m",
        "the channel's law holds above \(lowest) m and up to 300 m, not at \(altitude_m.lowerBound) to "
          + "\(altitude_m.upperBound) m")
    }
    guard altitude_m.lowerBound > users.height_m else {
      throw mapping.error("altitude_min_m", "must be above the users' antennas, users.height_m = \(users.height_m)")
    }
    startAltitude_m = try mapping.number(
      "start_altitude_m", in: .between(altitude_m.lowerBound, altitude_m.upperBound),
      default: (altitude_m.lowerBound + altitude_m.upperBound) / 2)
    speed_mps = try mapping.number("speed_mps", in: .between(0, 200))
    climb_mps = try mapping.number("climb_mps", in: .between(0, 100))
    acceleration_mps2 = try mapping.number("acceleration_mps2", in: .between(1e-3, 1e6))
    speeds_mps = try mapping.numbers(
      "speeds_mps", count: 1...8, in: .between(0, speed_mps), default: speed_mps > 0 ? [speed_mps / 2, speed_mps] : [0])
    separation_m = try mapping.number("separation_m", in: .between(0, 1e4), default: 0)
    avoidance = try mapping.choice("avoidance", default: .penalised)
    isStartDrawn = false
    positions_m = []
    if mapping.has("positions") {
      for position in try mapping.list("positions", count: count...count) {
        var position = position
        positions_m.append(
          SIMD2(
            try position.number("x_m", in: .between(area.x_m.lowerBound, area.x_m.upperBound)),
            try position.number("y_m", in: .between(area.y_m.lowerBound, area.y_m.upperBound))))
        try position.finish()
      }
      try Self.refuseNear(positions_m, separation_m, mapping)
    } else {
      isStartDrawn = try mapping.choice("start", among: ["grid", "drawn"], default: "grid") == "drawn"
      let grid = AerialFleet.grid(count)
      let across = grid.columns > 1 ? area.width_m / Double(grid.columns) : .infinity
      let along = grid.rows > 1 ? area.depth_m / Double(grid.rows) : .infinity
      let room = min(across, along) * (isStartDrawn ? 0.5 : 1)
      guard room >= separation_m else {
        throw mapping.error(
          "separation_m", "\(count) aircraft start as near as \(room) m in this area, which is less")
      }
    }
    try mapping.finish()
  }

  private static func refuseNear(
    _ places: [SIMD2<Double>], _ separation_m: Double, _ mapping: ConfigurationMapping
  ) throws(ConfigurationError) {
    for (index, place) in places.enumerated() {
      for other in places[..<index] {
        let apart = place - other
        let distance = (apart * apart).sum().squareRoot()
        guard distance < separation_m else { continue }
        throw mapping.error("positions", "two aircraft start \(distance) m apart, nearer than separation_m")
      }
    }
  }
}

extension FleetParameters.Energy {
  init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    model = try mapping.choice("propulsion", default: .level)
    var airframe = RotaryWing.Airframe.zeng2019
    var induced: MetresPerSecond?
    if var frame = try mapping.optionalMapping("airframe") {
      func part(_ key: String, _ most: Double, _ value: Double) throws(ConfigurationError) -> Double {
        try frame.number(key, in: .above(0).to(most), default: value)
      }
      airframe.weight_N = try part("weight_n", 1e5, airframe.weight_N)
      airframe.airDensity_kgPerM3 = try part("air_density_kg_per_m3", 10, airframe.airDensity_kgPerM3)
      airframe.rotorRadius_m = try part("rotor_radius_m", 100, airframe.rotorRadius_m)
      airframe.discArea_m2 = try part("disc_area_m2", 1e5, airframe.discArea_m2)
      airframe.bladeSpeed_radPerS = try part("blade_speed_rad_per_s", 1e5, airframe.bladeSpeed_radPerS)
      airframe.solidity = try part("solidity", 1, airframe.solidity)
      airframe.profileDrag = try part("profile_drag", 1, airframe.profileDrag)
      airframe.fuselageDragRatio = try frame.number(
        "fuselage_drag_ratio", in: .between(0, 100), default: airframe.fuselageDragRatio)
      airframe.inducedCorrection = try frame.number(
        "induced_correction", in: .between(0, 10), default: airframe.inducedCorrection)
      if frame.has("tip_speed_mps") {
        let tip = try frame.number("tip_speed_mps", in: .positive)
        let product = airframe.bladeSpeed_radPerS * airframe.rotorRadius_m
        guard (tip - product).magnitude <= 1e-9 * product else {
          throw frame.error(
            "tip_speed_mps", "the tips move at blade_speed_rad_per_s · rotor_radius_m = \(product) m/s, not at \(tip)")
        }
      }
      if frame.has("induced_speed_mps") {
        induced = MetresPerSecond(try frame.number("induced_speed_mps", in: .between(0.01, 1000)))
      }
      try frame.finish()
    }
    wing = RotaryWing(airframe, inducedSpeed: induced)
    avionics_W = try mapping.number("avionics_w", in: .between(0, 1e5), default: 0)
    capacity_J = try mapping.number("capacity_j", in: .between(1, 1e12))
    charge =
      mapping.has("charge_min") || mapping.has("charge_max")
      ? try mapping.fleetRange("charge_min", "charge_max", in: .above(0).to(1)) : 1...1
    try mapping.finish()
  }
}

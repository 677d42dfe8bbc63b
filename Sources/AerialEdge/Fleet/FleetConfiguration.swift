public import Configuration
import EdgeCloud
import Traces

extension FleetParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ConfigurationError) {
    self.id = id
    actions = try root.choice("actions", default: .discrete)
    time = try Time(from: try root.mapping("time"))
    var ground = try root.mapping("area")
    area = GroundArea(
      width: Metres(try ground.number("width_m", in: .between(1, 1e6))),
      depth: Metres(try ground.number("depth_m", in: .between(1, 1e6))))
    try ground.finish()
    radio = try Radio(from: &root)
    let base_m: Double =
      if case .aerialUser(let law) = radio.law { law.scenario.baseHeight_m } else { 1.5 }
    users = try Users(from: try root.mapping("users"), area: area, height_m: base_m)
    fleet = try Fleet(from: try root.mapping("fleet"), area: area, law: radio.law, users: users)
    energy = try Energy(from: try root.mapping("energy"))
    computers = try Computers(from: try root.mapping("onboard"))
    cloud = try Cloud(from: try root.mapping("cloud"))
    tasks = try TaskProcess(from: try root.mapping("tasks"), interval_s: time.step_s)
    observedUsers = try root.integer("observed_users", in: 1...64, default: 6)
    reward = try Reward(from: try root.mapping("reward"))
    guard Double(time.steps) * Double(users.count) <= 5e7 else {
      throw root.error(
        "time", "\(time.steps) steps of \(users.count) users are more than the 50000000 tasks that an episode may have")
    }
  }
}

extension FleetParameters.Time {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    step_s = try mapping.number("step_s", in: .between(1e-3, 60))
    steps = try mapping.integer("steps", in: 1...1_000_000)
    try mapping.finish()
  }
}

extension FleetParameters.Users {
  fileprivate init(
    from mapping: ConfigurationMapping, area: GroundArea, height_m base_m: Double
  ) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: 1...4096)
    height_m = try mapping.number("height_m", in: .between(0, 100), default: base_m)
    let movement = try mapping.choice("movement", among: ["none", "gauss-markov", "random-waypoint"], default: "none")
    let placement = try mapping.choice("placement", among: ["poisson", "clusters", "file"], default: "poisson")
    if movement == "random-waypoint", placement != "poisson" {
      throw mapping.error(
        "placement", "users that go from place to place start anywhere: with random-waypoint leave it out")
    }
    if placement != "clusters" {
      // Known, so that `null` takes back what a scenario says.
      for key in ["clusters", "cluster_radius_m"] { _ = mapping.has(key) }
    }
    switch placement {
    case "poisson": self.placement = .process(.poisson)
    case "clusters":
      let most = min(area.width_m, area.depth_m) / 2
      self.placement = .process(
        .clusters(
          count: try mapping.integer("clusters", in: 1...1024),
          radius_m: try mapping.number("cluster_radius_m", in: .between(0, most))))
    default: self.placement = try Self.places(from: &mapping, count: count, area: area)
    }
    self.movement = try Self.movement(movement, from: &mapping, area: area)
    cpu_Hz = try mapping.fleetRange("cpu_min_hz", "cpu_max_hz", in: .clock)
    switchedCapacitance = try mapping.number("switched_capacitance", in: .between(0, 1e-15))
    power_dBm = try mapping.number("power_dbm", in: .between(-60, 60))
    try mapping.finish()
  }

  private static func movement(
    _ name: String, from mapping: inout ConfigurationMapping, area: GroundArea
  ) throws(ConfigurationError) -> FleetParameters.Movement {
    switch name {
    case "none": return .none
    case "gauss-markov":
      return .gaussMarkov(
        GaussMarkovMobility(
          area: area, meanSpeed: MetresPerSecond(try mapping.number("speed_mps", in: .between(0, 100))),
          deviation: MetresPerSecond(try mapping.number("speed_deviation_mps", in: .between(0, 100))),
          memory: Seconds(try mapping.number("memory_s", in: .between(1e-3, 1e6)))))
    default:
      let speed = try mapping.fleetRange("speed_min_mps", "speed_max_mps", in: .between(0.01, 100))
      let pause = try mapping.fleetRange("pause_min_s", "pause_max_s", in: .between(0, 1e5))
      return .randomWaypoint(
        RandomWaypoint(
          area: area, speed: MetresPerSecond(speed.lowerBound)...MetresPerSecond(speed.upperBound),
          pause: Seconds(pause.lowerBound)...Seconds(pause.upperBound)))
    }
  }

  /// Places of a table in the middle of the area.
  private static func places(
    from mapping: inout ConfigurationMapping, count: Int, area: GroundArea
  ) throws(ConfigurationError) -> FleetParameters.Placement {
    let path = try mapping.filePath("file")
    let table: PlaceTable
    do throws(TraceError) {
      table = try PlaceTable(contentsOf: path)
    } catch {
      let place = mapping.error("file", error.description)
      throw ConfigurationError(
        file: place.file, line: place.line, override: place.override, key: place.key, message: place.message,
        kind: error.isMissingFile ? .missingFile : .content)
    }
    guard count <= table.count else {
      throw mapping.error("count", "\(count) users are more than the \(table.count) places in \(path)")
    }
    let places = table.local()
    let (width, depth) = (places.map(\.x_m).max() ?? 0, places.map(\.y_m).max() ?? 0)
    guard width <= area.width_m, depth <= area.depth_m else {
      throw mapping.error(
        "file",
        "the places cover \(Int(width.rounded(.up))) m by \(Int(depth.rounded(.up))) m, more than area.width_m and "
          + "area.depth_m, \(area.width_m) m by \(area.depth_m) m")
    }
    let (left, below) = ((area.width_m - width) / 2, (area.depth_m - depth) / 2)
    return .places(x_m: places.map { $0.x_m + left }, y_m: places.map { $0.y_m + below })
  }
}

extension FleetParameters.Computers {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    let clock = try mapping.fleetRange("cpu_min_hz", "cpu_max_hz", in: .clock)
    processor = ScalableProcessor(
      switchedCapacitance: try mapping.number("switched_capacitance", in: .between(0, 1e-15)),
      minimumClock: Hertz(clock.lowerBound), maximumClock: Hertz(clock.upperBound))
    servers = try mapping.integer("servers", in: 1...1024, default: 1)
    discipline = try mapping.choice("discipline", default: .fifo)
    policy = try mapping.choice("policy", default: .earliest)
    guard discipline == .fifo || servers == 1 else {
      throw mapping.error("servers", "tasks that share a processor need one server, not \(servers)")
    }
    try mapping.finish()
  }
}

extension FleetParameters.Cloud {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    cpu_Hz = try mapping.number("cpu_hz", in: .clock)
    relay = Backhaul(
      rate: BitsPerSecond(try mapping.number("relay_bps", in: .between(1, 1e15))),
      roundTripDelay: Seconds(try mapping.number("round_trip_s", in: .between(0, 3600))))
    try mapping.finish()
  }
}

extension FleetParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    let weights = NumberRange.between(0, 1e6)
    latency = try mapping.number("latency_weight", in: weights)
    miss = try mapping.number("miss_weight", in: weights)
    userEnergy = try mapping.number("user_energy_weight", in: weights)
    throughput = try mapping.number("throughput_weight", in: weights)
    fairness = try mapping.number("fairness_weight", in: weights)
    age = try mapping.number("age_weight", in: weights)
    propulsion = try mapping.number("propulsion_weight", in: weights)
    computing = try mapping.number("computing_weight", in: weights)
    separation = try mapping.number("separation_weight", in: weights)
    try mapping.finish()
  }
}

extension TaskProcess {
  fileprivate init(from mapping: ConfigurationMapping, interval_s: Double) throws(ConfigurationError) {
    var mapping = mapping
    let rate = try mapping.number("rate_hz", in: .nonNegative)
    let bits = try mapping.fleetRange("bits_min", "bits_max", in: .between(1, 1e12))
    let cycles = try mapping.fleetRange("cycles_per_bit_min", "cycles_per_bit_max", in: .between(1e-6, 1e9))
    let deadline = try mapping.fleetRange("deadline_min_s", "deadline_max_s", in: .above(0).to(3600))
    try mapping.finish()
    self.init(
      arrivalProbability: Self.arrivalProbability(rate: Hertz(rate), interval: Seconds(interval_s)),
      bits: Bits(bits.lowerBound)...Bits(bits.upperBound), cyclesPerBit: cycles,
      deadline: Seconds(deadline.lowerBound)...Seconds(deadline.upperBound))
  }
}

extension NumberRange {
  /// Clock speeds with which no time or energy overflows.
  fileprivate static let clock = NumberRange.between(1e3, 1e15)
}

extension ConfigurationMapping {
  /// Two keys that are the ends of a range.
  mutating func fleetRange(
    _ low: String, _ high: String, in allowed: NumberRange
  ) throws(ConfigurationError) -> ClosedRange<Double> {
    let from = try number(low, in: allowed)
    let to = try number(high, in: allowed)
    guard from <= to else { throw error(high, "\(to) is less than \(low), \(from)") }
    return from...to
  }
}

public import Configuration
import EdgeCloud
import Glibc

extension HallParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's.
  public init(id: String, from root: inout ConfigurationMapping) throws(ConfigurationError) {
    self.id = id
    actions = try root.choice("actions", default: .discrete)
    time = try Time(from: try root.mapping("time"))
    hall = try FactoryHall(from: try root.mapping("hall"))
    radio = try Radio(from: try root.mapping("radio"), hall: hall)
    robustness = try Robustness(from: try root.mapping("robustness"))
    guard actions == .discrete || robustness.powers_dBm.count > 1 else {
      throw root.error(
        "actions",
        "\(actions.rawValue) actions choose between the lowest and the highest of robustness.powers_dbm, which has one "
          + "power")
    }
    let slots = time.step_s / radio.slot_s
    guard slots > 0.5, (slots - slots.rounded()).magnitude < 1e-6 else {
      throw root.error(
        "time", "a step of \(time.step_s) s is not a whole number of slots of \(radio.slot_s) s (radio)")
    }
    edge = try Edge(from: try root.mapping("edge"))
    cloud = try Cloud(from: try root.mapping("cloud"))
    loops = []
    if root.has("loops") {
      for mapping in try root.list("loops", count: 0...64) {
        loops.append(try LoopKind(from: mapping, step_s: time.step_s))
      }
    }
    robots = .none
    robotLoop = .none
    if let mapping = try root.optionalMapping("robots") {
      var mapping = mapping
      let count = try mapping.integer("count", in: 1...2048)
      let speed = try mapping.number("speed_mps", in: .above(0).to(50))
      robotLoop = try LoopKind(from: try mapping.mapping("loop"), step_s: time.step_s, robots: count)
      let device = try Device(from: try mapping.mapping("device"))
      let boards = HallParameters.Boards(device: device, edge: edge, cloud: cloud)
      let job = try Job(from: try mapping.mapping("job"), on: boards)
      robots = Robots(count: count, speed_mps: speed, job: job, device: device)
      try mapping.finish()
    }
    inspectors = .none
    if let mapping = try root.optionalMapping("inspectors") {
      var mapping = mapping
      let count = try mapping.integer("count", in: 1...2048)
      let device = try Device(from: try mapping.mapping("device"))
      let boards = HallParameters.Boards(device: device, edge: edge, cloud: cloud)
      let job = try Job(from: try mapping.mapping("job"), on: boards)
      inspectors = Inspectors(
        count: count, job: job, device: device, machines: try Breakdowns(from: &mapping))
      try mapping.finish()
    }
    let agents = loops.reduce(0) { $0 + $1.count } + robots.count + inspectors.count
    guard (1...4096).contains(agents) else {
      throw root.error("loops", "loops, robots and inspectors are \(agents) agents; 1 to 4096 are allowed")
    }
    monitoring = .none(step_s: time.step_s)
    if let mapping = try root.optionalMapping("monitoring") {
      monitoring = try MonitoringTraffic(from: mapping, step_s: time.step_s)
    }
    reward = try Reward(from: try root.mapping("reward"))
  }
}

extension HallParameters.Time {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    step_s = try mapping.number("step_s", in: .between(1e-3, 10))
    steps = try mapping.integer("steps", in: 1...100_000)
    try mapping.finish()
  }
}

extension FactoryHall {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    let length = try mapping.number("length_m", in: .between(1, 600))
    let width = try mapping.number("width_m", in: .between(1, 600))
    let height = try mapping.number("height_m", in: .between(1, 100), default: 10)
    let columns = try mapping.integer("columns", in: 1...64)
    let rows = try mapping.integer("rows", in: 1...64)
    try mapping.finish()
    self.init(length: Metres(length), width: Metres(width), height: Metres(height), columns: columns, rows: rows)
  }
}

extension HallParameters.Radio {
  fileprivate init(from mapping: ConfigurationMapping, hall: FactoryHall) throws(ConfigurationError) {
    var mapping = mapping
    let clutter = try mapping.choice("clutter", of: IndoorFactory.Clutter.self)
    let carrier = try mapping.number("carrier_hz", in: .between(0.5e9, 100e9))
    let node = try mapping.number("node_height_m", in: .between(0.1, 100))
    let device = try mapping.number("device_height_m", in: .between(0.1, 100), default: 1.5)
    let size = try mapping.number("clutter_size_m", in: .between(0.1, 100))
    let density = try mapping.number("clutter_density", in: .between(0.01, 0.99))
    let isHigh = clutter == .sparseHigh || clutter == .denseHigh
    var height = 0.0
    if isHigh {
      height = try mapping.number("clutter_height_m", in: .between(0.1, 100))
    } else if mapping.has("clutter_height_m") {
      throw mapping.error("clutter_height_m", "counts for high nodes (sh, dh) only; leave it out")
    }
    guard node <= hall.height_m, device <= hall.height_m else {
      throw mapping.error("node_height_m", "antennas hang below the ceiling at \(hall.height_m) m")
    }
    if isHigh, !(device < height && height <= node) {
      throw mapping.error(
        "clutter_height_m",
        "the clutter of a hall with high nodes ends above the devices at \(device) m and not above the nodes at "
          + "\(node) m")
    }
    model = IndoorFactory(
      clutter: clutter, carrier: Hertz(carrier), nodeHeight: Metres(node), deviceHeight: Metres(device),
      clutterSize: Metres(size), density: density, clutterHeight: Metres(height))
    resourceBlocks = try mapping.integer("resource_blocks", in: 1...275)
    subcarrierSpacing_Hz = try mapping.number("subcarrier_spacing_hz", in: .between(15e3, 120e3))
    guard [15e3, 30e3, 60e3, 120e3].contains(subcarrierSpacing_Hz) else {
      throw mapping.error("subcarrier_spacing_hz", "15e3, 30e3, 60e3 and 120e3 Hz are allowed")
    }
    noiseFigure_dB = try mapping.number("noise_figure_db", in: .between(0, 30))
    noiseRise_dB = try mapping.number("noise_rise_db", in: .between(0, 60), default: 0)
    antennaGain_dB = try mapping.number("antenna_gain_db", in: .between(-30, 60), default: 0)
    spectralEfficiencyCap = try mapping.number(
      "spectral_efficiency_cap", in: .between(0.01, 100), default: Link.bestSpectralEfficiency)
    ricianFactor_dB = try mapping.number(
      "rician_factor_db", in: .between(-20, 20), default: IndoorFactory.ricianMean_dB)
    uploadPower_dBm = try mapping.number("upload_power_dbm", in: .between(-60, 40))
    downlink_s = try mapping.number("downlink_s", in: .between(0, 1))
    try mapping.finish()
  }
}

extension HallParameters.Robustness {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    copies = try mapping.integers("copies", count: 1...8, in: 1...32)
    powers_dBm = try mapping.numbers("powers_dbm", count: 1...8, in: .between(-60, 40))
    for (index, count) in copies.enumerated() where index > 0 && count <= copies[index - 1] {
      throw mapping.error("copies", "the copies must rise, but \(count) follows \(copies[index - 1])")
    }
    for (index, power) in powers_dBm.enumerated() where index > 0 && power <= powers_dBm[index - 1] {
      throw mapping.error("powers_dbm", "the powers must rise, but \(power) follows \(powers_dBm[index - 1])")
    }
    try mapping.finish()
  }
}

extension HallParameters.LoopKind {
  fileprivate static let none = HallParameters.LoopKind(
    name: "robot", count: 0, traffic: .mobileRobot, blocks: 1, messagesPerStep: 1, stepsPerMessage: 0)

  /// A kind of its own, or that of so many robots.
  fileprivate init(
    from mapping: ConfigurationMapping, step_s: Double, robots: Int? = nil
  ) throws(ConfigurationError) {
    var mapping = mapping
    if let robots {
      (name, count) = ("robot", robots)
    } else {
      name = try mapping.text("name")
      count = try mapping.integer("count", in: 1...4096)
    }
    let flow =
      mapping.has("flow") ? try mapping.choice("flow", of: PeriodicTraffic.Preset.self).traffic : nil
    let interval = try mapping.number("interval_s", in: .between(1e-4, 100), default: flow?.interval_s)
    let bits = try mapping.number("message_bits", in: .between(1, 1e6), default: flow?.bits)
    let survival = try mapping.integer("survival_intervals", in: 0...1000, default: flow?.survival.intervals)
    blocks = try mapping.integer("blocks", in: 1...275)
    traffic = PeriodicTraffic(interval: Seconds(interval), message: Bits(bits), survivalIntervals: survival)
    guard let rhythm = traffic.rhythm(step: Seconds(step_s)), rhythm.messagesPerStep <= 256 else {
      throw mapping.error(
        flow == nil ? "interval_s" : "flow",
        "an interval is a whole number of steps of \(step_s) s, or such a step is 1 to 256 intervals; \(interval) s "
          + "is neither")
    }
    (messagesPerStep, stepsPerMessage) = rhythm
    try mapping.finish()
  }
}

extension HallParameters.Device {
  fileprivate static let none = HallParameters.Device(
    cpu_Hz: 1e9...1e9, board: nil, switchedCapacitance: 0, clocks: [1])

  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    let low = try mapping.number("cpu_min_hz", in: .between(1e3, 1e15))
    let high = try mapping.number("cpu_max_hz", in: .between(1e3, 1e15))
    guard low <= high else { throw mapping.error("cpu_max_hz", "\(high) is less than cpu_min_hz, \(low)") }
    cpu_Hz = low...high
    board = mapping.has("board") ? try mapping.choice("board", of: InferenceLatency.Board.self) : nil
    switchedCapacitance = try mapping.number("switched_capacitance", in: .above(0).to(1e-15))
    clocks = try mapping.numbers("clock_shares", count: 1...8, in: .above(0).to(1))
    for (index, clock) in clocks.enumerated() where index > 0 && clock <= clocks[index - 1] {
      throw mapping.error("clock_shares", "the shares must rise, but \(clock) follows \(clocks[index - 1])")
    }
    guard clocks[clocks.count - 1] == 1 else {
      throw mapping.error("clock_shares", "the last share is the full speed, 1, not \(clocks[clocks.count - 1])")
    }
    try mapping.finish()
  }
}

extension HallParameters.Robots {
  fileprivate static let none = HallParameters.Robots(count: 0, speed_mps: 1, job: .none, device: .none)
}

extension HallParameters.Inspectors {
  fileprivate static let none = HallParameters.Inspectors(count: 0, job: .none, device: .none, machines: .none)
}

extension HallParameters.Edge {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: 1...16)
    servers = try mapping.integer("processors", in: 1...1024, default: 1)
    cpu_Hz = try mapping.number("cpu_hz", in: .between(1e3, 1e15))
    board = mapping.has("board") ? try mapping.choice("board", of: InferenceLatency.Board.self) : nil
    let most = try mapping.number("maximum_w", in: .between(0, 1e6), default: 0)
    let idle = try mapping.number("idle_w", in: .between(0, 1e6), default: 0)
    guard idle <= most else { throw mapping.error("idle_w", "\(idle) W idle are more than maximum_w, \(most)") }
    power = PowerProfile(maximum: Watts(most), idle: Watts(idle))
    let rate = try mapping.number("network_bps", in: .between(1, 1e15))
    let delay = try mapping.number("network_delay_s", in: .between(0, 10))
    network = Backhaul(rate: BitsPerSecond(rate), oneWayDelay: Seconds(delay))
    breakdowns = try Breakdowns(from: &mapping)
    try mapping.finish()
  }
}

extension HallParameters.Cloud {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    servers = try mapping.integer("processors", in: 1...4096)
    cpu_Hz = try mapping.number("cpu_hz", in: .between(1e3, 1e15))
    board = mapping.has("board") ? try mapping.choice("board", of: InferenceLatency.Board.self) : nil
    let rate = try mapping.number("backhaul_bps", in: .between(1, 1e15))
    let delay = try mapping.number("round_trip_s", in: .between(0, 3600))
    backhaul = Backhaul(rate: BitsPerSecond(rate), roundTripDelay: Seconds(delay))
    try mapping.finish()
  }
}

extension Breakdowns {
  /// The keys `mttf_s` and `mttr_s`; without them there are no breakdowns.
  fileprivate init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    guard mapping.has("mttf_s") else {
      if mapping.has("mttr_s") {
        throw mapping.error("mttr_s", "repairs come after breakdowns: write mttf_s too, or leave both out")
      }
      self = .none
      return
    }
    let up = try mapping.number("mttf_s", in: .between(1e-2, 1e9))
    let down = try mapping.number("mttr_s", in: .between(0, 1e9))
    self.init(meanTimeToFailure: Seconds(up), meanTimeToRepair: Seconds(down))
  }
}

extension MonitoringTraffic {
  /// No messages at all.
  fileprivate static func none(step_s: Double) -> MonitoringTraffic {
    MonitoringTraffic(
      stream: MarkovModulated(
        quiet: Hertz(0), burst: Hertz(0), meanQuiet: Seconds(1e6), meanBurst: Seconds(1e6), slot: Seconds(step_s)),
      blocks: 1)
  }

  fileprivate init(from mapping: ConfigurationMapping, step_s: Double) throws(ConfigurationError) {
    var mapping = mapping
    let quiet = try mapping.number("quiet_rate_hz", in: .between(0, 1e6))
    let burst = try mapping.number("burst_rate_hz", in: .between(0, 1e6))
    let meanQuiet = try mapping.number("mean_quiet_s", in: .between(1e-3, 1e6))
    let meanBurst = try mapping.number("mean_burst_s", in: .between(1e-3, 1e6))
    stream = MarkovModulated(
      quiet: Hertz(quiet), burst: Hertz(burst), meanQuiet: Seconds(meanQuiet), meanBurst: Seconds(meanBurst),
      slot: Seconds(step_s))
    blocks = try mapping.integer("blocks", in: 1...1000)
    try mapping.finish()
  }
}

extension HallParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    outageWeight = try mapping.number("outage_weight", in: .between(0, 1e6))
    latencyWeight = try mapping.number("latency_weight", in: .between(0, 1e6))
    missWeight = try mapping.number("miss_weight", in: .between(0, 1e6))
    energyWeight = try mapping.number("energy_weight", in: .between(0, 1e6))
    energyReference_J = try mapping.number("energy_reference_j", in: .between(1e-12, 1e12))
    try mapping.finish()
  }
}

import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning

/// Vehicles that send to each other on the resource blocks of uplinks: who uses which block at which power?
///
/// Each vehicle has one link, to the vehicle that is nearest, and a payload that must be there before the period ends.
/// In every slot each link with a payload left sends on blocks of its choice; on each block one vehicle's uplink to
/// the base station is always on. All that use a block disturb each other. Positions, path loss and shadowing change
/// from period to period, Rayleigh fading from slot to slot. The card is `Environments/vehicular/spectrum.md`.
///
/// After L. Liang, H. Ye, G. Y. Li, "Spectrum sharing in vehicular networks based on multi-agent reinforcement
/// learning", IEEE JSAC 37 (2019) 2282.
public struct SpectrumSharing: Environment {
  /// The constants.
  public let parameters: SpectrumParameters
  public let groups: [AgentGroup]

  let actions: SpectrumActions
  let vehicleReceiver: Link
  let baseReceiver: Link
  /// Noise in a block.
  let vehicleNoise_W: Double
  let baseNoise_W: Double
  let uplinkPower_W: Double

  var world = WorldDraws(seed: 0)
  var plan: MobilityPlan
  var step = 0
  var field: SpectrumField
  /// The present slot's fading: each vehicle's key, and that of its own link on every block.
  var keys: [UInt64]
  var ownFading: [Float]
  /// What each link has left to deliver in this period.
  var left_bits: [Double]
  /// What was measured in the last slot of this period; nothing before its second slot.
  var air: ResourceBlocks
  var sent = Transmissions()
  var uplink: Uplinks
  /// The parts of each agent's reward in the last step; [agents × 3].
  var terms: [Double]
  var latencies_s: [Double] = []
  var tally = Tally()
  /// What the last step's table shows of the links, where the period has ended since.
  var settledFacts: [SpectrumField.Facts]
  var settledStep = -1

  /// What is sent in a slot, transmission after transmission.
  struct Transmissions: Sendable, Equatable {
    var link: [Int32] = []
    var block: [Int32] = []
    var power_W: [Double] = []
    var fading: [Float] = []
    var interference_W: [Double] = []
    var sinr: [Double] = []
    /// Bit/s/Hz.
    var efficiency: [Double] = []

    mutating func reserve(_ count: Int) {
      link.reserveCapacity(count)
      block.reserveCapacity(count)
      power_W.reserveCapacity(count)
      fading.reserveCapacity(count)
      interference_W.reserveCapacity(count)
      sinr.reserveCapacity(count)
      efficiency.reserveCapacity(count)
    }

    mutating func removeAll() {
      link.removeAll(keepingCapacity: true)
      block.removeAll(keepingCapacity: true)
      power_W.removeAll(keepingCapacity: true)
      fading.removeAll(keepingCapacity: true)
      interference_W.removeAll(keepingCapacity: true)
      sinr.removeAll(keepingCapacity: true)
      efficiency.removeAll(keepingCapacity: true)
    }

    mutating func append(link number: Int, block place: Int, power_W power: Double) {
      link.append(Int32(number))
      block.append(Int32(place))
      power_W.append(power)
    }

    mutating func assign(from other: Transmissions) {
      removeAll()
      link.append(contentsOf: other.link)
      block.append(contentsOf: other.block)
      power_W.append(contentsOf: other.power_W)
      fading.append(contentsOf: other.fading)
      interference_W.append(contentsOf: other.interference_W)
      sinr.append(contentsOf: other.sinr)
      efficiency.append(contentsOf: other.efficiency)
    }
  }

  /// The uplinks in the last slot.
  struct Uplinks: Sendable, Equatable {
    var interference_W: [Double]
    var fading: [Float]
    var sinr: [Double]
    /// Bit/s/Hz.
    var efficiency: [Double]

    init(count: Int) {
      interference_W = Array(repeating: 0, count: count)
      fading = Array(repeating: 0, count: count)
      sinr = interference_W
      efficiency = interference_W
    }

    mutating func assign(from other: Uplinks) {
      for index in interference_W.indices {
        interference_W[index] = other.interference_W[index]
        fading[index] = other.fading[index]
        sinr[index] = other.sinr[index]
        efficiency[index] = other.efficiency[index]
      }
    }
  }

  /// What an episode adds up.
  struct Tally: Sendable, Equatable {
    var payloads = 0.0
    var delivered = 0.0
    var energy_J = 0.0
    /// Σ over slots of the uplinks' sum, bit/s/Hz.
    var uplinkEfficiency = 0.0
    /// Σ over slots and sending links of the link's, bit/s/Hz.
    var linkEfficiency = 0.0
    var sendingSlots = 0.0
    /// Σ over periods and links of what they were made of.
    var distance_m = 0.0
    var pathLoss_dB = 0.0
    var clear = 0.0
  }

  /// A world of the given constants, at the start of the episode of seed 0.
  public init(_ parameters: SpectrumParameters) {
    self.parameters = parameters
    let radio = parameters.radio
    let count = parameters.vehicles
    actions = SpectrumActions(parameters)
    vehicleReceiver = Link(
      noiseFigure: Decibels(radio.vehicleNoiseFigure_dB), spectralEfficiencyCap: radio.spectralEfficiencyCap)
    baseReceiver = Link(
      noiseFigure: Decibels(radio.baseNoiseFigure_dB), spectralEfficiencyCap: radio.spectralEfficiencyCap)
    vehicleNoise_W = vehicleReceiver.noise_W(bandwidth_Hz: radio.blockBandwidth_Hz)
    baseNoise_W = baseReceiver.noise_W(bandwidth_Hz: radio.blockBandwidth_Hz)
    uplinkPower_W = Watts(DecibelMilliwatts(radio.uplinkPower_dBm)).value
    plan = MobilityPlan.Builder(slots: count, interval_s: parameters.time.period_s).finish()
    field = SpectrumField(parameters)
    keys = Array(repeating: 0, count: count)
    ownFading = Array(repeating: 0, count: count * radio.blocks)
    left_bits = Array(repeating: parameters.payload_bits, count: count)
    air = ResourceBlocks(receivers: count, blocks: radio.blocks)
    uplink = Uplinks(count: parameters.uplinks)
    terms = Array(repeating: 0, count: count * 3)
    settledFacts = Array(repeating: SpectrumField.Facts(), count: count)
    groups = [
      AgentGroup(
        name: "link", count: count, observation: Self.observationSpace(parameters), action: actions.space)
    ]
    sent.reserve(parameters.actions == .continuous ? count * radio.blocks : count)
    latencies_s.reserveCapacity(count * parameters.time.periods)
    reset(seed: 0)
  }

  /// The present moment since the episode began.
  public var now_s: Double { Double(step) * parameters.time.slot_s }
  /// The slot within the period.
  var slot: Int { step % parameters.time.periodSlots }
  /// The period.
  var period: Int { step / parameters.time.periodSlots }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    makePlan()
    step = 0
    settledStep = -1
    latencies_s.removeAll(keepingCapacity: true)
    tally = Tally()
    sent.removeAll()
    for index in terms.indices { terms[index] = 0 }
    for index in 0..<parameters.uplinks {
      uplink.interference_W[index] = 0
      uplink.fading[index] = 0
      uplink.sinr[index] = 0
      uplink.efficiency[index] = 0
    }
    beginPeriod()
    drawFading()
  }

  /// Computes the movements of the episode from the seed.
  mutating func makePlan() {
    let (count, periods, interval) = (parameters.vehicles, parameters.time.periods, parameters.time.period_s)
    switch parameters.mobility {
    case .liang2019(let traffic):
      plan = traffic.plan(world: world, slots: count, steps: periods, interval_s: interval)
    case .manhattan(let traffic):
      plan = traffic.plan(world: world, slots: count, steps: periods, interval_s: interval)
    }
  }

  /// New positions, links and payloads.
  mutating func beginPeriod() {
    field.refresh(period: period, plan: plan, world: world)
    for link in left_bits.indices { left_bits[link] = parameters.payload_bits }
    air.clear()
  }

  /// Draws what is read of the present slot's fading before anybody decides.
  mutating func drawFading() {
    let blocks = parameters.radio.blocks
    for vehicle in 0..<parameters.vehicles {
      let fading = BlockFading(world: world, transmitter: UInt64(vehicle), slot: UInt64(step))
      keys[vehicle] = fading.key
      let address = Int(field.facts[vehicle].receiver) * blocks
      for block in 0..<blocks { ownFading[vehicle * blocks + block] = fading.power(address + block) }
    }
  }

  /// Goes on by one slot; true at the end of a period.
  mutating func advance() -> Bool {
    step += 1
    let ends = slot == 0
    if ends {
      swap(&settledFacts, &field.facts)
      beginPeriod()
    }
    drawFading()
    return ends
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    transmit(actions)
    settle()
    reward(&outcome)
    settledStep = step
    if advance() {
      tally.payloads += Double(parameters.vehicles)
      for link in 0..<parameters.vehicles {
        outcome.terminated[link] = true
        tally.distance_m += settledFacts[link].distance_m
        tally.pathLoss_dB += settledFacts[link].pathLoss_dB
        tally.clear += settledFacts[link].isClear ? 1 : 0
      }
    }
    outcome.episodeOver = step >= parameters.steps
  }

  /// Whether a link has something left to deliver.
  public func isSending(_ link: Int) -> Bool { left_bits[link] > 0 }

  public func metrics() -> [Metric] {
    let width = parameters.radio.blockBandwidth_Hz
    let slots = Double(step)
    return [
      Metric("latency_mean_s", .ratio(latencies_s.reduce(0, +), Double(latencies_s.count))),
      Metric("latency_p95_s", .quantile(0.95, latencies_s)),
      Metric("deadline_miss_ratio", .ratio(tally.payloads - deliveredInTime, tally.payloads)),
      Metric("energy_per_task_j", .ratio(tally.energy_J, tally.payloads)),
      Metric("payload_success_ratio", .ratio(deliveredInTime, tally.payloads)),
      Metric("v2i_sum_rate_bps", .ratio(tally.uplinkEfficiency * width, slots)),
      Metric("v2v_rate_bps", .ratio(tally.linkEfficiency * width, tally.sendingSlots)),
      Metric("v2v_distance_mean_m", .ratio(tally.distance_m, tally.payloads)),
      Metric("v2v_path_loss_mean_db", .ratio(tally.pathLoss_dB, tally.payloads)),
      Metric("v2v_los_ratio", .ratio(tally.clear, tally.payloads)),
    ]
  }

  /// Payloads delivered in the periods that have ended.
  private var deliveredInTime: Double {
    slot == 0 ? tally.delivered : tally.delivered - Double(left_bits.count { $0 <= 0 })
  }

  public func brokenInvariants() -> [String] {
    let pending = slot == 0 ? 0 : Double(left_bits.count { $0 <= 0 })
    if Double(latencies_s.count) == tally.delivered, tally.delivered - pending <= tally.payloads,
      left_bits.allSatisfy({ $0 >= 0 && $0 <= parameters.payload_bits })
    {
      return []
    }
    return [
      "payloads: \(tally.payloads) ended, \(tally.delivered) delivered of which \(pending) in this period, "
        + "\(latencies_s.count) latencies"
    ]
  }
}

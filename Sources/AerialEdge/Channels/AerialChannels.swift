import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning

/// Dense devices on the ground that choose the channels on which they send to relays in the air.
///
/// In a slot every device that has a packet keeps silent or sends on one channel to the nearest relay. It is served if
/// its SINR, with the interference of all others on that channel, reaches a threshold. Two devices of one relay disturb
/// one another at once, two of neighbouring relays perhaps, and many far ones together: the conflict hypergraph. Relays
/// fly in circles and devices come and go, so that no colouring lasts. The card (`Environments/aerial/channels.md`) has
/// observations, actions, reward, bound, sources and what is simplified.
///
/// Places, movements and packets are functions of (seed, entity, slot), the same under every policy.
public struct AerialChannels: Environment {
  /// The constants of the scenario.
  public let parameters: ChannelParameters
  public let groups: [AgentGroup]

  let air: MeanAirGain
  let receiver: Link
  let noise_W: Double
  let threshold: Double
  let leastPower_W: Double
  let greatestPower_W: Double

  var world = WorldDraws(seed: 0)
  var step = 0
  /// Devices.
  var x_m: [Double]
  var y_m: [Double]
  var isBusy: [Bool]
  var relay: [Int32]
  /// The power gain to every relay, of busy devices; [devices × relays].
  var gain: [Double]
  /// Other busy devices with which a device cannot share a channel.
  var degree: [Int32]
  /// Relays.
  var relayX_m: [Double]
  var relayY_m: [Double]
  var phase: [Double]
  /// Busy devices at each relay.
  var requests: [Int32]
  /// What became of the last slot.
  var transmissions: [Transmission]
  /// Of the last slot, for each relay and channel: its own devices that sent, and the power that arrived.
  var senders: [Int32]
  var arrived_W: [Double]
  var arrived_dBm: [Double]
  /// Of the last slot, what arrived from a sender at each relay; [devices × relays].
  var ownArrival_W: [Double]
  var tally = Tally()
  var servedSlots: [Double]
  var busySlots: [Double]
  private var order: [Int32]
  private var channelStart: [Int]

  /// What a device did in a slot and what came of it.
  struct Transmission: Sendable, Equatable {
    /// −1 when silent.
    var channel: Int32 = -1
    var hadPacket = false
    /// The relay that it was sent to.
    var relay: Int32 = 0
    var relayX_m = 0.0
    var relayY_m = 0.0
    var ground_m = 0.0
    var gain = 0.0
    var degree: Int32 = 0
    var isServed = false
    var power_W = 0.0
    var interference_W = 0.0
    var sinr = 0.0
    /// bit/s/Hz, of a device that is served.
    var efficiency = 0.0
    var energy_J = 0.0
    var reward = 0.0

    var isConflict: Bool { channel >= 0 && !isServed }
  }

  /// What an episode adds up.
  struct Tally: Sendable, Equatable {
    var packets = 0.0
    var sent = 0.0
    var served = 0.0
    var energy_J = 0.0
    var efficiency = 0.0
    var degrees = 0.0
  }

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: ChannelParameters) {
    self.parameters = parameters
    let radio = parameters.radio
    air = MeanAirGain(
      AirToGround(carrier: Hertz(radio.carrier_Hz), over: radio.surroundings.constants),
      height_m: parameters.relays.height_m)
    receiver = Link(
      noiseFigure: Decibels(radio.noiseFigure_dB), spectralEfficiencyCap: radio.spectralEfficiencyCap)
    noise_W = receiver.noise_W(bandwidth_Hz: radio.bandwidth_Hz)
    threshold = Decibels(radio.threshold_dB).ratio
    leastPower_W = Watts(DecibelMilliwatts(radio.transmit_dBm.lowerBound)).value
    greatestPower_W = Watts(DecibelMilliwatts(radio.transmit_dBm.upperBound)).value
    let count = parameters.devices.count
    let relays = parameters.relays.columns * parameters.relays.rows
    let none = [Double](repeating: 0, count: count)
    (x_m, y_m, servedSlots, busySlots) = (none, none, none, none)
    isBusy = [Bool](repeating: false, count: count)
    relay = [Int32](repeating: 0, count: count)
    degree = relay
    order = relay
    gain = [Double](repeating: 0, count: count * relays)
    ownArrival_W = gain
    let bare = [Double](repeating: 0, count: relays)
    (relayX_m, relayY_m, phase) = (bare, bare, bare)
    requests = [Int32](repeating: 0, count: relays)
    transmissions = [Transmission](repeating: Transmission(), count: count)
    senders = [Int32](repeating: 0, count: relays * radio.channels)
    arrived_W = [Double](repeating: 0, count: relays * radio.channels)
    arrived_dBm = [Double](repeating: Self.level_dBm.lowerBound, count: relays * radio.channels)
    channelStart = [Int](repeating: 0, count: radio.channels + 1)
    groups = [
      AgentGroup(
        name: "device", count: count, observation: Self.observationSpace(parameters),
        action: Self.actionSpace(parameters))
    ]
    reset(seed: 0)
  }

  var deviceCount: Int { parameters.devices.count }
  var relayCount: Int { relayX_m.count }
  var channelCount: Int { parameters.radio.channels }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    step = 0
    tally = Tally()
    let users: GroundUsers =
      parameters.devices.clusters > 0
      ? .clusters(count: parameters.devices.clusters, radius_m: parameters.devices.clusterRadius_m) : .poisson
    let area = GroundArea(x_m: 0...parameters.side_m, y_m: 0...parameters.side_m)
    for device in 0..<deviceCount {
      let place = users.position(of: UInt64(device), in: world, area: area)
      (x_m[device], y_m[device]) = (place.x_m, place.y_m)
      transmissions[device] = Transmission()
      (servedSlots[device], busySlots[device]) = (0, 0)
      isBusy[device] = world.uniform(.deviceActivity, entity: UInt64(device)) < busyShare
    }
    for index in 0..<relayCount {
      phase[index] = 2 * Double.pi * world.uniform(.relayPhase, entity: UInt64(index))
    }
    for place in senders.indices {
      (senders[place], arrived_W[place], arrived_dBm[place]) = (0, 0, Self.level_dBm.lowerBound)
    }
    for place in ownArrival_W.indices { ownArrival_W[place] = 0 }
    survey()
  }

  /// The share of time for which a device is busy.
  var busyShare: Double {
    parameters.devices.busy_s / (parameters.devices.busy_s + parameters.devices.quiet_s)
  }

  /// Lets a slot go by for all that no decision changes.
  mutating func pass() {
    step += 1
    let stop = parameters.time.step_s / parameters.devices.busy_s
    let start = parameters.time.step_s / parameters.devices.quiet_s
    for device in 0..<deviceCount {
      let u = world.uniform(.deviceActivity, entity: UInt64(device), time: UInt64(step))
      isBusy[device] = isBusy[device] ? u >= stop : u < start
    }
    survey()
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    collect(actions)
    settle()
    report()
    for device in 0..<deviceCount { outcome.rewards[device] = transmissions[device].reward }
    pass()
    let isOver = step >= parameters.time.steps
    for device in outcome.truncated.indices { outcome.truncated[device] = isOver }
    outcome.episodeOver = isOver
  }

  /// Reads the decisions and sorts the senders by channel, each channel's by number.
  private mutating func collect(_ actions: borrowing JointAction) {
    for channel in channelStart.indices { channelStart[channel] = 0 }
    for device in 0..<deviceCount {
      var transmission = Transmission()
      transmission.hadPacket = isBusy[device]
      transmission.relay = relay[device]
      if isBusy[device] {
        transmission.relayX_m = relayX_m[Int(relay[device])]
        transmission.relayY_m = relayY_m[Int(relay[device])]
        transmission.ground_m = groundDistance_m(device, Int(relay[device]))
        transmission.gain = gain[device * relayCount + Int(relay[device])]
        transmission.degree = degree[device]
        let channel = actions.discrete[device] - 1
        let power = power_W(of: device, in: actions)
        if channel >= 0, channel < Int32(channelCount), power > 0 {
          transmission.channel = channel
          transmission.power_W = power
          channelStart[Int(channel) + 1] += 1
        }
      }
      transmissions[device] = transmission
    }
    for channel in 0..<channelCount { channelStart[channel + 1] += channelStart[channel] }
    for device in stride(from: deviceCount - 1, through: 0, by: -1) where transmissions[device].channel >= 0 {
      let place = Int(transmissions[device].channel) + 1
      channelStart[place] -= 1
      order[channelStart[place]] = Int32(device)
    }
    // Each start now stands one place too far: channel c begins at channelStart[c + 1].
  }

  /// The senders of a channel: their places in `order`.
  private func sendersOf(_ channel: Int, total: Int) -> Range<Int> {
    channelStart[channel + 1]..<(channel + 1 < channelCount ? channelStart[channel + 2] : total)
  }

  /// Finds who is served, and rewards.
  private mutating func settle() {
    var total = 0
    for device in 0..<deviceCount where transmissions[device].channel >= 0 { total += 1 }
    let relays = relayCount
    for channel in 0..<channelCount {
      let places = sendersOf(channel, total: total)
      for place in places {
        let device = Int(order[place])
        let own = Int(relay[device])
        var interference = 0.0
        for other in places where other != place {
          let disturber = Int(order[other])
          interference += transmissions[disturber].power_W * gain[disturber * relays + own]
        }
        let signal = transmissions[device].power_W * gain[device * relays + own]
        let sinr = Link.sinr(signal_W: signal, interference_W: interference, noise_W: noise_W)
        transmissions[device].interference_W = interference
        transmissions[device].sinr = sinr
        transmissions[device].isServed = sinr >= threshold
        if transmissions[device].isServed {
          transmissions[device].efficiency = receiver.rate_bps(bandwidth_Hz: 1, sinr: sinr)
        }
        transmissions[device].energy_J = transmissions[device].power_W * parameters.time.step_s
      }
    }
    for device in 0..<deviceCount where isBusy[device] { conclude(device) }
  }

  private mutating func conclude(_ device: Int) {
    let weights = parameters.reward
    let done = transmissions[device]
    transmissions[device].reward =
      weights.servedWeight * (done.isServed ? 1 : 0) - weights.conflictWeight * (done.isConflict ? 1 : 0)
      + weights.efficiencyWeight * done.efficiency
      - weights.energyWeight / weights.energyReference_J * done.energy_J
    tally.packets += 1
    tally.sent += done.channel >= 0 ? 1 : 0
    tally.served += done.isServed ? 1 : 0
    tally.energy_J += done.energy_J
    tally.efficiency += done.efficiency
    tally.degrees += Double(degree[device])
    busySlots[device] += 1
    servedSlots[device] += done.isServed ? 1 : 0
  }

  /// What relays tell their devices of the slot.
  private mutating func report() {
    let channels = channelCount
    for place in senders.indices { (senders[place], arrived_W[place]) = (0, 0) }
    for device in 0..<deviceCount {
      let sent = transmissions[device]
      guard sent.channel >= 0 else { continue }
      senders[Int(relay[device]) * channels + Int(sent.channel)] += 1
      for index in 0..<relayCount {
        let arrived = sent.power_W * gain[device * relayCount + index]
        ownArrival_W[device * relayCount + index] = arrived
        arrived_W[index * channels + Int(sent.channel)] += arrived
      }
    }
    for place in arrived_W.indices { arrived_dBm[place] = Self.shownLevel_dBm(arrived_W[place]) }
  }
}

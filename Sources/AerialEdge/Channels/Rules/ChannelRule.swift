public import EdgeCloud
public import ReinforcementLearning

/// A rule that chooses every device's channel; all send at the greatest power.
///
/// Adding a rule is one file that conforms, its test, and one line where rules are registered.
public protocol ChannelRule: Sendable {
  /// The rule's name on the command line.
  static var name: String { get }
  /// Whether the rule sees more than a device observes.
  static var seesMore: Bool { get }
  /// A rule for worlds with so many devices and channels.
  init(devices: Int, channels: Int)
  /// Forgets everything before an episode; all chance follows from the seed.
  mutating func begin(seed: UInt64)
  /// Writes a channel in 0 ..< channels for every device, −1 to keep silent; devices without a packet are ignored.
  mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int])
}

extension ChannelRule {
  public static var seesMore: Bool { false }
  public mutating func begin(seed: UInt64) {}
}

/// What devices see, and what rules that see more do.
public struct ChannelView: Sendable {
  let world: AerialChannels

  /// A view of a world.
  public init(_ world: AerialChannels) { self.world = world }

  /// The number of devices.
  public var devices: Int { world.deviceCount }
  /// The number of channels.
  public var channels: Int { world.channelCount }
  /// The present slot.
  public var step: Int { world.step }
  /// Whether a device has a packet.
  public func isBusy(_ device: Int) -> Bool { world.isBusy[device] }
  /// Devices of its relay that have a packet.
  public func requests(_ device: Int) -> Int { Int(world.requests[Int(world.relay[device])]) }
  /// The channel of the last slot, −1 if it was silent.
  public func lastChannel(_ device: Int) -> Int { Int(world.transmissions[device].channel) }
  /// Whether it was served in the last slot.
  public func wasServed(_ device: Int) -> Bool { world.transmissions[device].isServed }
  /// Others of its relay that sent on a channel in the last slot.
  public func othersOfRelay(_ device: Int, on channel: Int) -> Int { Int(world.othersOfRelay(device, channel)) }
  /// The power of all others on a channel at its relay in the last slot.
  public func others_dBm(_ device: Int, on channel: Int) -> Double { world.othersLevel_dBm(device, channel) }

  /// Whether two busy devices cannot share a channel; for rules that see more.
  public func areInConflict(_ a: Int, _ b: Int) -> Bool { world.cannotShare(a, b) }
  /// The present conflicts of some busy devices, with sets up to a size; for rules that see more.
  public func hypergraph(of devices: [Int], largest: Int) -> ConflictHypergraph {
    ConflictHypergraph(
      affectance: ConflictHypergraph.affectance(
        received_W: world.received_W(among: devices), count: devices.count, noise_W: world.noise_W,
        threshold: world.threshold),
      count: devices.count, largest: largest)
  }
  /// What arrives at a busy device's relay from another, or from itself; for rules that see more.
  public func received_W(at device: Int, from source: Int) -> Double {
    world.greatestPower_W * world.gain[source * world.relayCount + Int(world.relay[device])]
  }
  /// The noise on a channel.
  public var noise_W: Double { world.noise_W }
  /// The SINR from which a device is served.
  public var threshold: Double { world.threshold }
}

/// A rule that chooses for every device of a world.
public struct ChannelController<Rule: ChannelRule>: Controller {
  private var rule: Rule
  private var channels: [Int]

  /// The rule for worlds like the given one.
  public init(_ rule: Rule.Type, for world: AerialChannels) {
    self.rule = Rule(devices: world.deviceCount, channels: world.channelCount)
    channels = [Int](repeating: -1, count: world.deviceCount)
  }

  public mutating func begin(seed: UInt64) { rule.begin(seed: seed) }

  public mutating func act(in world: borrowing AerialChannels, _ action: inout JointAction) {
    let view = ChannelView(copy world)
    for device in channels.indices { channels[device] = -1 }
    rule.choose(in: view, &channels)
    for device in channels.indices {
      action.discrete[device] = view.isBusy(device) ? Int32(channels[device] + 1) : 0
      if view.world.parameters.actions == .hybrid {
        action.continuous[device] = Float(view.world.parameters.radio.transmit_dBm.upperBound)
      }
    }
  }
}

/// Nobody sends.
public struct SilentDeviceRule: ChannelRule {
  public static let name = "silent"

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {}
}

/// Every device on a channel of its own number, modulo the channels, for ever.
public struct FixedChannelRule: ChannelRule {
  public static let name = "fixed"

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    for device in channels.indices { channels[device] = device % view.channels }
  }
}

/// Devices take turns: of n devices of a relay that have packets, each sends in one slot of ⌈n/k⌉ on one of the k
/// channels, by its number.
public struct RoundRobinChannelRule: ChannelRule {
  public static let name = "round-robin"

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    for device in channels.indices where view.isBusy(device) {
      let turns = (view.requests(device) + view.channels - 1) / view.channels
      if (device / view.channels + view.step) % turns == 0 { channels[device] = device % view.channels }
    }
  }
}

/// Nobody sends.
public struct SilentRule: ChannelRule {
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

/// Every device on one channel after another, each beginning with its own number.
public struct RoundRobinChannelRule: ChannelRule {
  public static let name = "round-robin"

  public init(devices: Int, channels: Int) {}

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    for device in channels.indices { channels[device] = (device + view.step) % view.channels }
  }
}

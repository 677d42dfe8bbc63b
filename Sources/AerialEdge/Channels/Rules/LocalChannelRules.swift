import Randomness

/// Slotted ALOHA over channels: of n devices of a relay that have packets, each sends with probability min(1, k/n) on a
/// uniform one of the k channels, which makes one sender a channel the mean.
///
/// Source: N. Abramson, AFIPS 1970; L. G. Roberts, ACM SIGCOMM CCR 5 (1975) 28.
public struct AlohaRule: ChannelRule {
  public static let name = "aloha"

  private var stream = RandomStream(seed: 0)

  public init(devices: Int, channels: Int) {}

  public mutating func begin(seed: UInt64) { stream = RandomStream(seed: seed).split(0x616C_6F68) }

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    for device in channels.indices where view.isBusy(device) {
      let sends = stream.uniform() * Double(view.requests(device)) < Double(view.channels)
      let channel = stream.integer(below: view.channels)
      channels[device] = sends ? channel : -1
    }
  }
}

/// Stays on a channel while it is served there; else, in half of all slots, it moves to a channel of least power from
/// others in the last slot, and in the other half it keeps silent.
///
/// Min-conflicts with the damping that keeps neighbours from moving at once (S. Minton and others, Artificial
/// Intelligence 58 (1992) 161).
public struct MinimumConflictRule: ChannelRule {
  public static let name = "min-conflict"

  private var stream = RandomStream(seed: 0)

  public init(devices: Int, channels: Int) {}

  public mutating func begin(seed: UInt64) { stream = RandomStream(seed: seed).split(0x6D63_6F6E) }

  public mutating func choose(in view: borrowing ChannelView, _ channels: inout [Int]) {
    for device in channels.indices where view.isBusy(device) {
      if view.wasServed(device), view.lastChannel(device) >= 0 {
        channels[device] = view.lastChannel(device)
        continue
      }
      if stream.uniform() < 0.5 { continue }
      // From a random channel on, so that equals are not always decided the same way.
      let start = stream.integer(below: view.channels)
      var best = start
      for offset in 1..<max(view.channels, 1) {
        let channel = (start + offset) % view.channels
        if view.others_dBm(device, on: channel) < view.others_dBm(device, on: best) { best = channel }
      }
      channels[device] = best
    }
  }
}

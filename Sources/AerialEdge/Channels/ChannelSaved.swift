import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, who is busy, and what came of the last slot and of the episode.
extension AerialChannels {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    snapshot.set("busy", isBusy)
    snapshot.set("served_slots", servedSlots)
    snapshot.set("busy_slots", busySlots)
    snapshot.set("channel", transmissions.map(\.channel))
    snapshot.set("relay", transmissions.map(\.relay))
    snapshot.set("degree", transmissions.map(\.degree))
    snapshot.set("had_packet", transmissions.map(\.hadPacket))
    snapshot.set("served", transmissions.map(\.isServed))
    snapshot.set("link", transmissions.flatMap(\.numbers), shape: [deviceCount, Transmission.numberCount])
    snapshot.set("senders", senders)
    snapshot.set("arrived_w", arrived_W)
    snapshot.set("own_arrival_w", ownArrival_W)
    snapshot.set(
      "tally", [tally.packets, tally.sent, tally.served, tally.energy_J, tally.efficiency, tally.degrees])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let step = try snapshot.integer("step")
    guard (0...parameters.time.steps).contains(step) else {
      throw snapshot.mismatch("step", expected: "a step of an episode of \(parameters.time.steps)", found: "\(step)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    copy.step = step
    let count = deviceCount
    copy.isBusy = try snapshot.bools("busy", count: count)
    copy.servedSlots = try snapshot.doubles("served_slots", count: count)
    copy.busySlots = try snapshot.doubles("busy_slots", count: count)
    let channels = try snapshot.int32s("channel", count: count)
    let relays = try snapshot.int32s("relay", count: count)
    let degrees = try snapshot.int32s("degree", count: count)
    let packets = try snapshot.bools("had_packet", count: count)
    let served = try snapshot.bools("served", count: count)
    let width = Transmission.numberCount
    let numbers = try snapshot.doubles("link", count: count * width)
    for device in 0..<count {
      guard (-1..<Int32(channelCount)).contains(channels[device]) else {
        throw snapshot.mismatch("channel", expected: "-1 ..< \(channelCount)", found: "\(channels[device])")
      }
      var transmission = Transmission(numbers: numbers[device * width..<(device + 1) * width])
      transmission.channel = channels[device]
      transmission.relay = relays[device]
      transmission.degree = degrees[device]
      transmission.hadPacket = packets[device]
      transmission.isServed = served[device]
      copy.transmissions[device] = transmission
    }
    copy.senders = try snapshot.int32s("senders", count: senders.count)
    if let wrong = copy.senders.first(where: { !(0...Int32(count)).contains($0) }) {
      throw snapshot.mismatch("senders", expected: "0 ... \(count) devices", found: "\(wrong)")
    }
    copy.arrived_W = try snapshot.doubles("arrived_w", count: arrived_W.count)
    copy.ownArrival_W = try snapshot.doubles("own_arrival_w", count: ownArrival_W.count)
    for place in arrived_W.indices { copy.arrived_dBm[place] = Self.shownLevel_dBm(copy.arrived_W[place]) }
    let sums = try snapshot.doubles("tally", count: 6)
    (copy.tally.packets, copy.tally.sent, copy.tally.served) = (sums[0], sums[1], sums[2])
    (copy.tally.energy_J, copy.tally.efficiency, copy.tally.degrees) = (sums[3], sums[4], sums[5])
    copy.survey()
    self = copy
  }

  /// Becomes a copy of a world of the same scenario, without asking for memory.
  public mutating func assign(from other: AerialChannels) {
    precondition(
      deviceCount == other.deviceCount && relayCount == other.relayCount && channelCount == other.channelCount,
      "a world of \(deviceCount) devices, \(relayCount) relays and \(channelCount) channels cannot become a copy of one "
        + "of \(other.deviceCount), \(other.relayCount) and \(other.channelCount)")
    (world, step, tally) = (other.world, other.step, other.tally)
    for device in 0..<deviceCount {
      (x_m[device], y_m[device]) = (other.x_m[device], other.y_m[device])
      (isBusy[device], relay[device], degree[device]) = (
        other.isBusy[device], other.relay[device], other.degree[device]
      )
      transmissions[device] = other.transmissions[device]
      (servedSlots[device], busySlots[device]) = (other.servedSlots[device], other.busySlots[device])
    }
    for place in gain.indices {
      (gain[place], ownArrival_W[place]) = (other.gain[place], other.ownArrival_W[place])
    }
    for index in 0..<relayCount {
      (relayX_m[index], relayY_m[index]) = (other.relayX_m[index], other.relayY_m[index])
      (phase[index], requests[index]) = (other.phase[index], other.requests[index])
    }
    for place in senders.indices {
      senders[place] = other.senders[place]
      (arrived_W[place], arrived_dBm[place]) = (other.arrived_W[place], other.arrived_dBm[place])
    }
  }
}

extension AerialChannels.Transmission {
  static let numberCount = 10

  var numbers: [Double] {
    [ground_m, gain, power_W, interference_W, sinr, efficiency, energy_J, reward, relayX_m, relayY_m]
  }

  init(numbers: ArraySlice<Double>) {
    let values = Array(numbers)
    (ground_m, gain, power_W, interference_W) = (values[0], values[1], values[2], values[3])
    (sinr, efficiency, energy_J, reward) = (values[4], values[5], values[6], values[7])
    (relayX_m, relayY_m) = (values[8], values[9])
  }
}

import EdgeCloud
import Glibc
public import ReinforcementLearning

/// What devices may do, and what they see. Values beyond a field's range are shown as its end.
extension AerialChannels {
  static let level_dBm: ClosedRange<Double> = -140 ... -30
  private static let snr_dB: ClosedRange<Double> = -30...80
  private static let ownFields = 7
  private static let fieldsPerChannel = 3

  static func actionSpace(_ parameters: ChannelParameters) -> ActionSpace {
    let labels = ["silent"] + (1...parameters.radio.channels).map { "channel \($0)" }
    switch parameters.actions {
    case .discrete: return .discrete(labels: labels)
    case .hybrid:
      let range = parameters.radio.transmit_dBm
      return .hybrid(labels: labels, box: [Float(range.lowerBound)...Float(range.upperBound)])
    }
  }

  /// The power that an action asks for: beyond the range its nearer end, 0 for what is not a number.
  func power_W(of device: Int, in actions: borrowing JointAction) -> Double {
    if parameters.actions == .discrete { return greatestPower_W }
    let level = Double(actions.continuous[device])
    if level.isNaN { return 0 }
    let range = parameters.radio.transmit_dBm
    if level >= range.upperBound { return greatestPower_W }
    return level <= range.lowerBound ? leastPower_W : Watts(DecibelMilliwatts(level)).value
  }

  /// Without a packet only silence is permitted.
  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    let options = channelCount + 1
    for device in 0..<deviceCount {
      for option in 0..<options { mask[device * options + option] = option == 0 || isBusy[device] }
    }
  }

  /// Silence.
  public func idleAction(for agent: Int) -> AgentAction {
    parameters.actions == .discrete
      ? AgentAction(discrete: [0])
      : AgentAction(discrete: [0], continuous: [Float(parameters.radio.transmit_dBm.lowerBound)])
  }

  static func observationSpace(_ parameters: ChannelParameters) -> ObservationSpace {
    let count = Double(parameters.devices.count)
    func field(_ name: String, _ unit: String, _ range: ClosedRange<Double>, _ meaning: String) -> ObservationField {
      ObservationField(name, unit: unit, in: Float(range.lowerBound)...Float(range.upperBound), meaning)
    }
    var fields = [
      field("has_packet", "1", 0...1, "whether there is a packet to send"),
      field("relay_distance_m", "m", 0...2 * parameters.side_m, "ground distance to the nearest relay"),
      field("snr_db", "dB", snr_dB, "SNR at that relay alone and at the greatest power; least without a packet"),
      field("relay_requests", "1", 0...count, "devices of that relay that have a packet now"),
      field("degree", "1", 0...count, "devices with a packet now that cannot share a channel with this one"),
      field("was_served", "1", 0...1, "whether it was served in the last slot"),
      field("was_in_conflict", "1", 0...1, "whether it sent in vain in the last slot"),
    ]
    for channel in 1...parameters.radio.channels {
      fields.append(field("channel_\(channel)_own", "1", 0...1, "whether it sent there in the last slot"))
      fields.append(
        field(
          "channel_\(channel)_senders", "1", 0...count, "other devices of its relay that sent there in the last slot"))
      fields.append(
        field(
          "channel_\(channel)_interference_dbm", "dBm", level_dBm, "power of all others there at its relay, last slot"))
    }
    return ObservationSpace(fields)
  }

  static func shownLevel_dBm(_ power_W: Double) -> Double {
    clamp(10 * log10(max(power_W, 1e-30)) + 30, level_dBm)
  }

  private static func clamp(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let channels = channelCount
    let width = Self.ownFields + channels * Self.fieldsPerChannel
    for device in 0..<deviceCount {
      let base = device * width
      let own = Int(relay[device])
      let last = transmissions[device]
      values[base] = isBusy[device] ? 1 : 0
      values[base + 1] = Float(min(groundDistance_m(device, own), 2 * parameters.side_m))
      values[base + 2] = Float(
        isBusy[device] ? Self.clamp(10 * log10(snr(device)), Self.snr_dB) : Self.snr_dB.lowerBound)
      values[base + 3] = Float(requests[own])
      values[base + 4] = Float(degree[device])
      values[base + 5] = last.isServed ? 1 : 0
      values[base + 6] = last.isConflict ? 1 : 0
      for channel in 0..<channels {
        let first = base + Self.ownFields + channel * Self.fieldsPerChannel
        values[first] = Int(last.channel) == channel ? 1 : 0
        values[first + 1] = Float(othersOfRelay(device, channel))
        values[first + 2] = Float(othersLevel_dBm(device, channel))
      }
    }
  }

  /// Other devices of a device's present relay that sent on a channel in the last slot.
  func othersOfRelay(_ device: Int, _ channel: Int) -> Int32 {
    let own = Int(relay[device])
    let wasHere = Int(transmissions[device].channel) == channel && Int(transmissions[device].relay) == own
    return senders[own * channelCount + channel] - (wasHere ? 1 : 0)
  }

  /// The power of all others on a channel at a device's present relay in the last slot.
  func othersLevel_dBm(_ device: Int, _ channel: Int) -> Double {
    let place = Int(relay[device]) * channelCount + channel
    guard Int(transmissions[device].channel) == channel else { return arrived_dBm[place] }
    return Self.shownLevel_dBm(arrived_W[place] - ownArrival_W[device * relayCount + Int(relay[device])])
  }
}

public import EdgeCloud
public import ReinforcementLearning

/// What rules see and say.
extension SpectrumSharing: SpectrumView {
  public var linkCount: Int { parameters.vehicles }
  public var blockCount: Int { parameters.radio.blocks }
  public var powers_dBm: [Double] { actions.powers_dBm }
  public var powers_W: [Double] { actions.powers_W }

  public func observedInterference_W(link: Int, block: Int) -> Double {
    air.interference_W[link * parameters.radio.blocks + block] + vehicleNoise_W
  }

  public func observedGain(link: Int, block: Int) -> Double {
    field.ownGain[link] * Double(ownFading[link * parameters.radio.blocks + block])
  }

  public func hearers(of sender: Int) -> Int {
    Int(field.audience.start[sender + 1] - field.audience.start[sender])
  }

  public func hearer(_ index: Int, of sender: Int) -> Int {
    Int(field.audience.receiver[Int(field.audience.start[sender]) + index])
  }

  public func trueGain(from sender: Int, toHearer index: Int, block: Int) -> Double {
    let entry = Int(field.audience.start[sender]) + index
    let address = Int(field.audience.antenna[entry]) * parameters.radio.blocks + block
    return field.audience.gain[entry] * Double(BlockFading(key: keys[sender]).power(address))
  }

  /// The true gain from a link's sender to another link's receiver on a block now; 0 out of range. O(hearers).
  public func trueGain(from sender: Int, to link: Int, block: Int) -> Double {
    for index in 0..<hearers(of: sender) where hearer(index, of: sender) == link {
      return trueGain(from: sender, toHearer: index, block: block)
    }
    return 0
  }

  public func trueFloor_W(link: Int, block: Int) -> Double {
    guard block < parameters.uplinks else { return vehicleNoise_W }
    return vehicleNoise_W + uplinkPower_W * trueGain(from: block, to: link, block: block)
  }

  /// How many links hear how many senders, the own one of each included: what a slot may cost.
  public var hearingPairs: Int { field.audience.gain.count }

  public func efficiency(sinr: Double) -> Double { vehicleReceiver.rate_bps(bandwidth_Hz: 1, sinr: sinr) }

  public func write(block: Int, power: Int, for link: Int, into action: inout JointAction) {
    actions.write(block: block, power: power, link: link, into: &action)
  }
}

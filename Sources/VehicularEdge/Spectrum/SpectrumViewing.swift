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

  public func trueGain(from sender: Int, to link: Int, block: Int) -> Double {
    let blocks = parameters.radio.blocks
    if sender == link { return observedGain(link: link, block: block) }
    let audience = field.audience
    for entry in Int(audience.start[sender])..<Int(audience.start[sender + 1])
    where Int(audience.receiver[entry]) == link {
      let fading = BlockFading(key: keys[sender]).power(Int(audience.antenna[entry]) * blocks + block)
      return audience.gain[entry] * Double(fading)
    }
    return 0
  }

  public func trueFloor_W(link: Int, block: Int) -> Double {
    guard block < parameters.uplinks else { return vehicleNoise_W }
    guard block != link else {
      return vehicleNoise_W + uplinkPower_W * observedGain(link: link, block: block)
    }
    return vehicleNoise_W + uplinkPower_W * trueGain(from: block, to: link, block: block)
  }

  public func efficiency(sinr: Double) -> Double { vehicleReceiver.rate_bps(bandwidth_Hz: 1, sinr: sinr) }

  public func write(block: Int, power: Int, for link: Int, into action: inout JointAction) {
    actions.write(block: block, power: power, link: link, into: &action)
  }
}

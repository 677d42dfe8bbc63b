import EdgeCloud
import Glibc
public import ReinforcementLearning

/// What a slot brings: interference, rates, payloads and rewards.
extension SpectrumSharing {
  /// The parts of a reward, in their order.
  enum Term {
    static let uplink = 0
    static let link = 1
    static let energy = 2
    static let count = 3
  }

  public var rewardTerms: [RewardTerm] {
    [
      RewardTerm(
        "v2i_rate", weight: parameters.reward.uplinkWeight,
        "mean spectral efficiency of the uplinks in tens of bit/s/Hz"),
      RewardTerm(
        "v2v_rate_or_done", weight: parameters.reward.linkWeight,
        "spectral efficiency of the link in tens of bit/s/Hz, 1 once its payload is there"),
      RewardTerm("energy_j", weight: -parameters.reward.energyWeight, "energy radiated by the link"),
    ]
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for index in 0..<values.count { values[index] = terms[index] }
  }

  /// Fills in what is received of everything that is sent.
  mutating func settle() {
    let blocks = parameters.radio.blocks
    air.clear()
    addUplinks()
    for index in 0..<uplink.interference_W.count { uplink.interference_W[index] = 0 }
    for index in 0..<sent.link.count {
      let link = Int(sent.link[index])
      let block = Int(sent.block[index])
      let fading = BlockFading(key: keys[link])
      air.add(
        transmitter: link, block: block, power_W: sent.power_W[index], fading: fading, to: field.audience,
        except: link)
      if block < uplink.interference_W.count {
        uplink.interference_W[block] +=
          sent.power_W[index] * field.baseGain[link] * Double(fading.power(parameters.vehicles * blocks + block))
      }
    }
    for index in 0..<sent.link.count {
      let link = Int(sent.link[index])
      let place = link * blocks + Int(sent.block[index])
      let fading = ownFading[place]
      let sinr = Link.sinr(
        signal_W: sent.power_W[index] * field.ownGain[link] * Double(fading),
        interference_W: air.interference_W[place], noise_W: vehicleNoise_W)
      sent.fading.append(fading)
      sent.interference_W.append(air.interference_W[place])
      sent.sinr.append(sinr)
      sent.efficiency.append(vehicleReceiver.rate_bps(bandwidth_Hz: 1, sinr: sinr))
    }
    for block in 0..<uplink.interference_W.count {
      let fading = BlockFading(key: keys[block]).power(parameters.vehicles * blocks + block)
      let sinr = Link.sinr(
        signal_W: uplinkPower_W * field.baseGain[block] * Double(fading),
        interference_W: uplink.interference_W[block], noise_W: baseNoise_W)
      uplink.fading[block] = fading
      uplink.sinr[block] = sinr
      uplink.efficiency[block] = baseReceiver.rate_bps(bandwidth_Hz: 1, sinr: sinr)
    }
  }

  /// Adds what the uplinks bring to everybody who hears them; it does not depend on what is decided.
  mutating func addUplinks() {
    for block in 0..<parameters.uplinks {
      air.add(
        transmitter: block, block: block, power_W: uplinkPower_W, fading: BlockFading(key: keys[block]),
        to: field.audience, except: -1)
    }
  }

  /// Delivers bits and pays.
  mutating func reward(_ outcome: inout StepOutcome) {
    let count = parameters.vehicles
    let slot_s = parameters.time.slot_s
    for index in terms.indices { terms[index] = 0 }
    let bitsPerEfficiency = parameters.radio.blockBandwidth_Hz * slot_s
    for link in 0..<count where isSending(link) { tally.sendingSlots += 1 }
    var first = 0
    while first < sent.link.count {
      // A link's transmissions stand together.
      let link = Int(sent.link[first])
      var efficiency = 0.0
      var power_W = 0.0
      while first < sent.link.count, Int(sent.link[first]) == link {
        efficiency += sent.efficiency[first]
        power_W += sent.power_W[first]
        first += 1
      }
      terms[link * Term.count + Term.link] = efficiency / 10
      terms[link * Term.count + Term.energy] = power_W * slot_s
      tally.linkEfficiency += efficiency
      tally.energy_J += power_W * slot_s
      left_bits[link] = max(0, left_bits[link] - efficiency * bitsPerEfficiency)
      if left_bits[link] <= 0 {
        tally.delivered += 1
        latencies_s.append(Double(slot + 1) * slot_s)
      }
    }
    var uplinks = 0.0
    for block in 0..<uplink.efficiency.count { uplinks += uplink.efficiency[block] }
    tally.uplinkEfficiency += uplinks
    let uplinkTerm = uplinks / (10 * Double(uplink.efficiency.count))
    var (linkSum, energySum) = (0.0, 0.0)
    for link in 0..<count {
      terms[link * Term.count + Term.uplink] = uplinkTerm
      if left_bits[link] <= 0 { terms[link * Term.count + Term.link] = 1 }
      linkSum += terms[link * Term.count + Term.link]
      energySum += terms[link * Term.count + Term.energy]
    }
    let weights = parameters.reward
    for link in 0..<count {
      if weights.isShared {
        terms[link * Term.count + Term.link] = linkSum / Double(count)
        terms[link * Term.count + Term.energy] = energySum / Double(count)
      }
      outcome.rewards[link] =
        weights.uplinkWeight * terms[link * Term.count + Term.uplink]
        + weights.linkWeight * terms[link * Term.count + Term.link]
        - weights.energyWeight * terms[link * Term.count + Term.energy]
    }
  }
}

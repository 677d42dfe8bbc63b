import EdgeCloud
import Glibc

/// What no policy can exceed in an episode: every link alone with the uplinks, every uplink alone.
extension SpectrumSharing {
  /// The bound on an episode's return; the card proves it.
  ///
  /// Links are taken not to disturb each other nor the uplinks; the uplinks, which are always on, do disturb them. In
  /// each slot a link has at most the spectral efficiency E* of its best block at the greatest power (with continuous
  /// actions: of the power spread over all blocks by water filling). It is done in slot T* at the earliest, in which E*
  /// alone would have delivered the payload, and what it earns before it is done is a tenth of what it delivers: at
  /// most the payload. Energy is at least nothing.
  public func returnBound(seed: UInt64) -> Double? {
    var relaxed = self
    relaxed.reset(seed: seed)
    return relaxed.playRelaxed()
  }

  private mutating func playRelaxed() -> Double {
    let count = parameters.vehicles
    let blocks = parameters.radio.blocks
    let bitsPerEfficiency = parameters.radio.blockBandwidth_Hz * parameters.time.slot_s
    var floors = [Double](repeating: 0, count: blocks)
    var total = 0.0
    // What links earn at most before they are done: so far, and by a whole payload.
    var earned = [Double](repeating: 0, count: count)
    let whole = parameters.payload_bits / bitsPerEfficiency / 10
    for _ in 0..<parameters.steps {
      air.clear()
      addUplinks()
      var links = 0.0
      let rest = Double(parameters.time.periodSlots - slot)
      for link in 0..<count {
        if slot == 0 { earned[link] = 0 }
        guard isSending(link) else { continue }
        for block in 0..<blocks {
          let place = link * blocks + block
          floors[block] =
            (air.interference_W[place] + vehicleNoise_W) / (field.ownGain[link] * Double(ownFading[place]))
        }
        let best = bestEfficiency(floors)
        // A hair more, as sums of what is really sent are rounded otherwise.
        left_bits[link] = max(0, left_bits[link] - best * bitsPerEfficiency * (1 + 1e-9))
        if isSending(link) {
          earned[link] += best / 10
          if rest == 1 { links += earned[link] }
        } else {
          // Done now and paid from now on, or in the next slot with the whole payload's worth before.
          links += max(earned[link] + rest, whole + rest - 1)
        }
      }
      var uplinks = 0.0
      for block in 0..<uplink.efficiency.count {
        let fading = BlockFading(key: keys[block]).power(count * blocks + block)
        uplinks += baseReceiver.rate_bps(
          bandwidth_Hz: 1, sinr: uplinkPower_W * field.baseGain[block] * Double(fading) / baseNoise_W)
      }
      total +=
        parameters.reward.linkWeight * links / Double(count)
        + parameters.reward.uplinkWeight * uplinks / (10 * Double(uplink.efficiency.count))
      _ = advance()
    }
    return total * (1 + 1e-9)
  }

  /// The greatest spectral efficiency of a link alone; `floors_W` is what noise and uplinks come to at its transmitter,
  /// block for block.
  private func bestEfficiency(_ floors_W: [Double]) -> Double {
    var least = Double.infinity
    for floor in floors_W { least = min(least, floor) }
    if actions.kind != .continuous {
      return vehicleReceiver.rate_bps(bandwidth_Hz: 1, sinr: actions.highest_W / least)
    }
    return Self.waterFilling(floors_W, power_W: actions.highest_W, receiver: vehicleReceiver)
  }

  /// The greatest sum of log₂(1 + p/floor) over blocks with Σ p = power: fills the blocks up to one level. No more
  /// than every block at the receiver's cap.
  static func waterFilling(_ floors_W: [Double], power_W: Double, receiver: Link) -> Double {
    let sorted = floors_W.sorted()
    var sum = 0.0
    var level = 0.0
    for (index, floor) in sorted.enumerated() {
      // With this block the level would be this; a block above it stays dry.
      let filled = (power_W + sum + floor) / Double(index + 1)
      if index > 0, filled <= floor { break }
      sum += floor
      level = filled
    }
    var efficiency = 0.0
    for floor in sorted where floor < level { efficiency += log1p(level / floor - 1) / M_LN2 }
    return min(efficiency, receiver.spectralEfficiencyCap * Double(floors_W.count))
  }
}

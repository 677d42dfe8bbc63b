import EdgeCloud
import Glibc

/// A return that no policy can exceed, by covering each slot's conflict graph with cliques; the card has the proof.
extension AerialChannels {
  /// In a slot, busy devices are divided into cliques of pairs that can never both be served on one channel, whatever
  /// their powers. On k channels at most k devices of a clique are served, and each earns at most what it would alone at
  /// the greatest power, energy free. O(steps · busy²).
  public func returnBound(seed: UInt64) -> Double? {
    var copy = self
    copy.reset(seed: seed)
    var total = 0.0
    for slot in 0..<parameters.time.steps {
      if slot > 0 { copy.pass() }
      total += copy.slotBound()
    }
    return total / Double(deviceCount)
  }

  /// The most that all devices together can earn in the present slot: the least of three covers.
  func slotBound() -> Double {
    let able = (0..<deviceCount).filter { isBusy[$0] && snr($0) * (1 + 1e-9) >= threshold }
    // Devices of one relay are mostly in conflict: they come one after another.
    let byRelay = able.sorted { (relay[$0], $0) < (relay[$1], $1) }
    let byDegree = able.sorted { (degree[$1], $0) < (degree[$0], $1) }
    return min(worth(ofCover: byRelay), worth(ofCover: byRelay.reversed()), worth(ofCover: byDegree))
  }

  /// What the cliques earn at most that devices make which join, in order, the first clique that they fit into.
  private func worth(ofCover order: [Int]) -> Double {
    var cliques: [[Int]] = []
    for device in order {
      let home = cliques.firstIndex { clique in clique.allSatisfy { areApart($0, device) } }
      if let home { cliques[home].append(device) } else { cliques.append([device]) }
    }
    return cliques.reduce(0) { total, clique in
      total + clique.map { worth($0) }.sorted(by: >).prefix(channelCount).reduce(0, +)
    }
  }

  /// What a device that is served alone earns at most.
  private func worth(_ device: Int) -> Double {
    parameters.reward.servedWeight
      + parameters.reward.efficiencyWeight * receiver.rate_bps(bandwidth_Hz: 1, sinr: snr(device))
  }

  /// Whether two busy devices can never both be served on one channel.
  ///
  /// p ≥ max(least, F p + u) is iterated from the least powers that there are, with Fᵢⱼ = θ gⱼᵢ/gᵢᵢ and uᵢ = θ
  /// N/gᵢᵢ (G. J. Foschini, Z. Miljanic, IEEE TVT 42 (1993) 641). Iterates rise and stay below every solution, so that
  /// one above the greatest power is a proof that there is none.
  func areApart(_ i: Int, _ j: Int) -> Bool {
    let (a, b) = (Int(relay[i]), Int(relay[j]))
    let (ownI, ownJ) = (gain[i * relayCount + a], gain[j * relayCount + b])
    let (crossI, crossJ) = (gain[j * relayCount + a], gain[i * relayCount + b])
    let least = parameters.actions == .discrete ? greatestPower_W : leastPower_W
    var (p, q) = (least, least)
    for _ in 0..<64 {
      p = max(least, threshold * (q * crossI + noise_W) / ownI)
      q = max(least, threshold * (p * crossJ + noise_W) / ownJ)
      // A part in 10⁹ more than what there is, so that rounding proves nothing.
      if max(p, q) > greatestPower_W * (1 + 1e-9) { return true }
    }
    return false
  }
}

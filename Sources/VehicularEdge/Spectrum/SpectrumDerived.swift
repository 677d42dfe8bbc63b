import EdgeCloud
import Glibc

/// What follows from positions, receivers and processes, and how it is kept.
extension SpectrumField {
  /// Computes what follows from positions, receivers and processes.
  mutating func derive() {
    pairs.isClear.removeAll(keepingCapacity: true)
    pairs.gain.removeAll(keepingCapacity: true)
    for a in 0..<vehicles {
      for index in Int(pairs.start[a])..<Int(pairs.start[a + 1]) {
        let b = Int(pairs.other[index])
        let (from, to) = ((x: x_m[a], y: y_m[a]), (x: x_m[b], y: y_m[b]))
        let isClear = laws.isClear(from, to)
        let loss = laws.pathLoss_dB(from, to, isClear: isClear)
        let shadowing = laws.deviation_dB(isClear: isClear) * pairs.process[index]
        let gain_dB = v2vAntennas_dB - loss - shadowing
        let gain = exp(gain_dB * (0.1 * M_LN10))
        pairs.isClear.append(isClear)
        pairs.gain.append(gain)
        if Int(facts[a].receiver) == b { note(a, gain, gain_dB, isClear, loss, shadowing) }
        if Int(facts[b].receiver) == a { note(b, gain, gain_dB, isClear, loss, shadowing) }
      }
    }
    listAudience()
    let (own, common) = ((1 - correlation).squareRoot(), correlation.squareRoot())
    for vehicle in 0..<vehicles {
      let (dx, dy) = (x_m[vehicle] - base_m.x, y_m[vehicle] - base_m.y)
      let distance = (dx * dx + dy * dy).squareRoot()
      let loss = laws.uplink.pathLoss_dB(groundDistance_m: distance)
      let shadowing =
        laws.uplink.shadowingDeviation_dB * (own * baseProcess[vehicle] + common * commonProcess)
      let gain_dB = v2iAntennas_dB - loss - shadowing
      facts[vehicle].baseDistance_m = distance
      facts[vehicle].basePathLoss_dB = loss
      facts[vehicle].baseShadowing_dB = shadowing
      baseGain[vehicle] = exp(gain_dB * (0.1 * M_LN10))
      baseGain_dB[vehicle] = Float(gain_dB)
    }
  }

  private mutating func note(
    _ link: Int, _ gain: Double, _ gain_dB: Double, _ isClear: Bool, _ loss: Double, _ shadowing: Double
  ) {
    ownGain[link] = gain
    ownGain_dB[link] = Float(gain_dB)
    facts[link].distance_m = squareDistance(link, Int(facts[link].receiver)).squareRoot()
    facts[link].isClear = isClear
    facts[link].pathLoss_dB = loss
    facts[link].shadowing_dB = shadowing
  }

  /// Writes who hears each vehicle: the links whose receiver is in range, or is the vehicle itself.
  private mutating func listAudience() {
    for vehicle in 0..<vehicles { first[vehicle] = -1 }
    for link in stride(from: vehicles - 1, through: 0, by: -1) {
      next[link] = first[Int(facts[link].receiver)]
      first[Int(facts[link].receiver)] = Int32(link)
    }
    // Count, then fill from the back of each list.
    audience.start.removeAll(keepingCapacity: true)
    for _ in 0...vehicles { audience.start.append(0) }
    eachHearing { field, sender, _, _, _ in field.audience.start[sender] += 1 }
    var sum: Int32 = 0
    for vehicle in 0...vehicles {
      sum += audience.start[vehicle]
      audience.start[vehicle] = sum
    }
    audience.receiver.removeAll(keepingCapacity: true)
    audience.antenna.removeAll(keepingCapacity: true)
    audience.gain.removeAll(keepingCapacity: true)
    for _ in 0..<Int(sum) {
      audience.receiver.append(0)
      audience.antenna.append(0)
      audience.gain.append(0)
    }
    eachHearing { field, sender, link, antenna, gain in
      field.audience.start[sender] -= 1
      let entry = Int(field.audience.start[sender])
      field.audience.receiver[entry] = Int32(link)
      field.audience.antenna[entry] = Int32(antenna)
      field.audience.gain[entry] = gain
    }
  }

  /// Calls with every sender, the link that hears it, the vehicle where that link ends, and the gain.
  private mutating func eachHearing(_ body: (inout SpectrumField, Int, Int, Int, Double) -> Void) {
    for a in 0..<vehicles {
      for index in Int(pairs.start[a])..<Int(pairs.start[a + 1]) {
        let b = Int(pairs.other[index])
        let gain = pairs.gain[index]
        hear(from: a, at: b, gain, body)
        hear(from: b, at: a, gain, body)
      }
      hear(from: a, at: a, selfGain, body)
    }
  }

  private mutating func hear(
    from sender: Int, at antenna: Int, _ gain: Double, _ body: (inout SpectrumField, Int, Int, Int, Double) -> Void
  ) {
    var link = first[antenna]
    while link >= 0 {
      body(&self, sender, Int(link), antenna, gain)
      link = next[Int(link)]
    }
  }

  /// What, with the plan, everything else follows from.
  var saved: (pairStart: [Int32], pairOther: [Int32], pairProcess: [Double], base: [Double]) {
    (pairs.start, pairs.other, pairs.process, baseProcess + [commonProcess])
  }

  /// Takes back what ``saved`` gave in a period of a plan; false, with nothing changed that matters, if it cannot be.
  mutating func restore(
    pairStart: [Int32], pairOther: [Int32], pairProcess: [Double], base: [Double], period: Int,
    plan: borrowing MobilityPlan
  ) -> Bool {
    guard pairStart.count == vehicles + 1, pairStart[0] == 0, Int(pairStart[vehicles]) == pairOther.count,
      zip(pairStart, pairStart.dropFirst()).allSatisfy({ $0 <= $1 }), base.count == vehicles + 1,
      pairOther.count == pairProcess.count, pairOther.allSatisfy({ $0 >= 0 && Int($0) < vehicles })
    else { return false }
    for vehicle in 0..<vehicles {
      let index = plan.index(instant: period, slot: vehicle)
      (x_m[vehicle], y_m[vehicle]) = (plan.x_m[index], plan.y_m[index])
      facts[vehicle].x_m = x_m[vehicle]
      facts[vehicle].y_m = y_m[vehicle]
    }
    grid.place(x_m: x_m, y_m: y_m)
    for vehicle in 0..<vehicles { facts[vehicle].receiver = nearest(to: vehicle) }
    pairs.removeAll()
    pairs.start.removeAll(keepingCapacity: true)
    pairs.start.append(contentsOf: pairStart)
    pairs.other.append(contentsOf: pairOther)
    pairs.process.append(contentsOf: pairProcess)
    for vehicle in 0..<vehicles { baseProcess[vehicle] = base[vehicle] }
    commonProcess = base[vehicles]
    derive()
    return true
  }

  /// Becomes a copy of another of the same scenario without allocating where there is room.
  mutating func assign(from other: SpectrumField) {
    for vehicle in 0..<vehicles {
      facts[vehicle] = other.facts[vehicle]
      ownGain[vehicle] = other.ownGain[vehicle]
      ownGain_dB[vehicle] = other.ownGain_dB[vehicle]
      baseGain[vehicle] = other.baseGain[vehicle]
      baseGain_dB[vehicle] = other.baseGain_dB[vehicle]
      x_m[vehicle] = other.x_m[vehicle]
      y_m[vehicle] = other.y_m[vehicle]
      baseProcess[vehicle] = other.baseProcess[vehicle]
    }
    commonProcess = other.commonProcess
    pairs.assign(from: other.pairs)
    audience.start.removeAll(keepingCapacity: true)
    audience.start.append(contentsOf: other.audience.start)
    audience.receiver.removeAll(keepingCapacity: true)
    audience.receiver.append(contentsOf: other.audience.receiver)
    audience.antenna.removeAll(keepingCapacity: true)
    audience.antenna.append(contentsOf: other.audience.antenna)
    audience.gain.removeAll(keepingCapacity: true)
    audience.gain.append(contentsOf: other.audience.gain)
  }
}

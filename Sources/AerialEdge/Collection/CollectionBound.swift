import EdgeCloud
import Randomness

/// A return that no policy can exceed, by a clairvoyant relaxation; the card has the proof.
extension AerialCollection {
  /// Slots that a packet takes at least: taken in, processed and sent in one slot each, or the last two in one.
  private var leastSlots: Int { isPublished ? 2 : 3 }

  /// Less the weighted sum over slots of the least mean age that there can be.
  ///
  /// A packet made at the start of slot k is known at the end of slot k + L − 1 at the earliest, which gives each sensor
  /// a least age; and n collectors deliver at most n batches in a slot, so that at most n(j + 1) sensors can have an age
  /// of L + j slots or less. Both hold for sorted ages place by place. O(steps · sensors · log sensors).
  public func returnBound(seed: UInt64) -> Double? {
    var copy = self
    copy.reset(seed: seed)
    let slot = parameters.time.step_s
    let least = leastSlots
    // For each sensor, the last slots with a packet that can be known by now.
    var newest = [Int](repeating: -1, count: sensorCount)
    var floors = [Double](repeating: 0, count: sensorCount)
    var total_s = 0.0
    for step in 0..<parameters.time.steps {
      let candidate = step + 1 - least
      if candidate >= 0 {
        for sensor in 0..<sensorCount where copy.hasPacket(sensor, slot: candidate) { newest[sensor] = candidate }
      }
      for sensor in 0..<sensorCount {
        floors[sensor] = Double(newest[sensor] < 0 ? step + 1 : step + 1 - newest[sensor])
      }
      floors.sort()
      for (rank, floor) in floors.enumerated() {
        total_s += slot * max(floor, Double(min(step + 1, least + rank / collectorCount)))
      }
    }
    return -parameters.reward.ageWeight / parameters.reward.ageReference_s * total_s / Double(sensorCount)
  }

  /// Whether a sensor makes a packet in a slot.
  func hasPacket(_ sensor: Int, slot: Int) -> Bool {
    let words = world.block(.sensorPacket, entity: UInt64(sensor), time: UInt64(slot))
    guard Variate.uniform(words.0) < parameters.sensors.packetChance else { return false }
    let bits = Double(packetBits.count(words.1))
    return bits > 0 && bits < parameters.sensors.largestPacket_bits
  }
}

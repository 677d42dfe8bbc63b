import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which places and packets follow, and what the decisions have made.
extension AerialCollection {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    snapshot.set("collector_x_m", x_m)
    snapshot.set("collector_y_m", y_m)
    snapshot.set("free_from", freeFrom)
    snapshot.set("collected", collected.flatMap(\.numbers), shape: [collected.count, Haul.numberCount])
    snapshot.set("collected_count", collectedCount)
    snapshot.set("processed", processed.flatMap(\.numbers), shape: [processed.count, Haul.numberCount])
    snapshot.set("processed_count", processedCount)
    snapshot.set("partial_bits", partial_bits)
    snapshot.set("sending", sending)
    snapshot.set("hovering_slots", hovering)
    snapshot.set("share", share)
    snapshot.set("waiting_packets", waitingPackets)
    snapshot.set("waiting_bits", waiting_bits)
    snapshot.set("waiting_newest_s", waitingNewest_s)
    snapshot.set("waiting_made_s", waitingMade_s)
    snapshot.set("oldest_made_s", oldestMade_s)
    snapshot.set("holder", holder)
    snapshot.set("shown_bits", shown_bits)
    snapshot.set("shown_age_s", shownAge_s)
    snapshot.set("age_s", age_s)
    snapshot.set("ages", ages.flatMap(\.numbers), shape: [sensorCount, AgeOfInformation.numberCount])
    snapshot.set("counts", [books.made, books.delivered, books.batches])
    snapshot.set(
      "sums",
      [books.made_bits, books.delivered_bits, books.inside_s, books.stays_s, books.energy_J, ageSum_s])
    snapshot.set("latencies_s", latencies_s)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let step = try snapshot.integer("step")
    guard (0...parameters.time.steps).contains(step) else {
      throw snapshot.mismatch(
        "step", expected: "a step of an episode of \(parameters.time.steps)", found: "\(step)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    copy.step = step
    let count = collectorCount
    copy.x_m = try snapshot.doubles("collector_x_m", count: count)
    copy.y_m = try snapshot.doubles("collector_y_m", count: count)
    copy.freeFrom = try snapshot.integers("free_from", count: count)
    if let wrong = copy.freeFrom.first(where: { $0 < 0 }) {
      throw snapshot.mismatch("free_from", expected: "slots from 0 on", found: "\(wrong)")
    }
    copy.collected = try batches("collected", snapshot)
    copy.collectedCount = try counts("collected_count", of: copy.collected, snapshot)
    copy.processed = try batches("processed", snapshot)
    copy.processedCount = try counts("processed_count", of: copy.processed, snapshot)
    copy.partial_bits = try snapshot.doubles("partial_bits", count: count)
    copy.sending = try snapshot.integers("sending", count: count)
    copy.hovering = try snapshot.doubles("hovering_slots", count: count)
    copy.share = try snapshot.doubles("share", count: count)
    copy.waitingPackets = try snapshot.integers("waiting_packets", count: sensorCount)
    copy.waiting_bits = try snapshot.doubles("waiting_bits", count: sensorCount)
    copy.waitingNewest_s = try snapshot.doubles("waiting_newest_s", count: sensorCount)
    copy.waitingMade_s = try snapshot.doubles("waiting_made_s", count: sensorCount)
    copy.oldestMade_s = try snapshot.doubles("oldest_made_s", count: sensorCount)
    copy.holder = try snapshot.int32s("holder", count: sensorCount)
    copy.shown_bits = try snapshot.doubles("shown_bits", count: sensorCount)
    copy.shownAge_s = try snapshot.doubles("shown_age_s", count: sensorCount)
    copy.age_s = try snapshot.doubles("age_s", count: sensorCount)
    let width = AgeOfInformation.numberCount
    let numbers = try snapshot.doubles("ages", count: sensorCount * width)
    for sensor in 0..<sensorCount {
      guard let account = AgeOfInformation(numbers: numbers[sensor * width..<(sensor + 1) * width]),
        account.received_s <= copy.now_s
      else {
        throw snapshot.mismatch("ages", expected: "accounts of ages", found: "other numbers")
      }
      copy.ages[sensor] = account
    }
    let counts = try snapshot.integers("counts", count: 3)
    let sums = try snapshot.doubles("sums", count: 6)
    (copy.books.made, copy.books.delivered, copy.books.batches) = (counts[0], counts[1], counts[2])
    (copy.books.made_bits, copy.books.delivered_bits, copy.books.inside_s) = (sums[0], sums[1], sums[2])
    (copy.books.stays_s, copy.books.energy_J, copy.ageSum_s) = (sums[3], sums[4], sums[5])
    copy.latencies_s.append(contentsOf: try snapshot.doubles("latencies_s"))
    copy.look()
    self = copy
  }

  private func batches(_ name: String, _ snapshot: Snapshot) throws(SnapshotError) -> [Haul] {
    let width = Haul.numberCount
    let numbers = try snapshot.doubles(name, count: collected.count * width)
    var batches: [Haul] = []
    for place in 0..<collected.count {
      guard let batch = Haul(numbers: numbers[place * width..<(place + 1) * width], sensors: sensorCount) else {
        throw snapshot.mismatch(name, expected: "batches of \(sensorCount) sensors", found: "other numbers")
      }
      batches.append(batch)
    }
    return batches
  }

  /// The number of batches that each collector has: those, and no more, are of a sensor.
  private func counts(
    _ name: String, of batches: [Haul], _ snapshot: Snapshot
  ) throws(SnapshotError) -> [Int] {
    let counts = try snapshot.integers(name, count: collectorCount)
    for (index, count) in counts.enumerated() {
      let held = batches[index * buffer..<(index + 1) * buffer]
      guard (0...buffer).contains(count), held.prefix(count).allSatisfy({ $0.sensor >= 0 }),
        held.dropFirst(count).allSatisfy({ $0.sensor < 0 })
      else {
        throw snapshot.mismatch(name, expected: "the number of batches, at most \(buffer)", found: "\(count)")
      }
    }
    return counts
  }

  /// Becomes a copy of a world of the same scenario, without asking for memory.
  public mutating func assign(from other: AerialCollection) {
    precondition(
      collectorCount == other.collectorCount && sensorCount == other.sensorCount && buffer == other.buffer
        && seenSensors.count == other.seenSensors.count && seenCollectors.count == other.seenCollectors.count,
      "a world of \(collectorCount) collectors and \(sensorCount) sensors cannot become a copy of one of "
        + "\(other.collectorCount) and \(other.sensorCount)")
    (world, step, books, ageSum_s) = (other.world, other.step, other.books, other.ageSum_s)
    for index in 0..<collectorCount {
      (x_m[index], y_m[index], freeFrom[index]) = (other.x_m[index], other.y_m[index], other.freeFrom[index])
      collectedCount[index] = other.collectedCount[index]
      processedCount[index] = other.processedCount[index]
      (partial_bits[index], sending[index]) = (other.partial_bits[index], other.sending[index])
      (hovering[index], share[index]) = (other.hovering[index], other.share[index])
      (reachable_bps[index], acts[index]) = (other.reachable_bps[index], other.acts[index])
    }
    for place in collected.indices {
      (collected[place], processed[place]) = (other.collected[place], other.processed[place])
    }
    for sensor in 0..<sensorCount {
      (sensorX_m[sensor], sensorY_m[sensor]) = (other.sensorX_m[sensor], other.sensorY_m[sensor])
      waitingPackets[sensor] = other.waitingPackets[sensor]
      (waiting_bits[sensor], waitingNewest_s[sensor]) = (other.waiting_bits[sensor], other.waitingNewest_s[sensor])
      (waitingMade_s[sensor], oldestMade_s[sensor]) = (other.waitingMade_s[sensor], other.oldestMade_s[sensor])
      (holder[sensor], arriving_s[sensor]) = (other.holder[sensor], other.arriving_s[sensor])
      (shown_bits[sensor], shownAge_s[sensor]) = (other.shown_bits[sensor], other.shownAge_s[sensor])
      (age_s[sensor], ages[sensor]) = (other.age_s[sensor], other.ages[sensor])
    }
    for rank in seenSensors.indices { seenSensors[rank] = other.seenSensors[rank] }
    for rank in seenCollectors.indices { seenCollectors[rank] = other.seenCollectors[rank] }
    latencies_s.removeAll(keepingCapacity: true)
    latencies_s.append(contentsOf: other.latencies_s)
  }
}

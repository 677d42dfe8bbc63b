import EdgeCloud

/// What a collector does with data in a slot: send a batch, then work on one, then take in new ones. No batch passes two
/// of these stages in one slot.
extension AerialCollection {
  mutating func work(_ index: Int) {
    send(index)
    process(index)
    if step >= freeFrom[index] { collect(index) }
  }

  private mutating func send(_ index: Int) {
    let decision = acts[index].decision
    let choice =
      decision.isAutomatic ? best(of: processed, count: processedCount[index], index) : decision.send
    guard choice >= 0, choice < processedCount[index] else { return }
    let slot = parameters.time.step_s
    let bits = transmit(index, processed[index * buffer + choice])
    let rate = acts[index].rate_bps
    processed[index * buffer + choice].left_bits -= rate * slot
    acts[index].sent_bits = min(bits, rate * slot)
    if rate > 0 {
      acts[index].energy_J = uplink.transmit_W * min(slot, bits / rate)
    }
    if processed[index * buffer + choice].left_bits <= 0 { deliver(index, choice) }
  }

  /// Notes the link of a slot's transmission; the bits that the batch still has.
  mutating func transmit(_ index: Int, _ batch: Haul) -> Double {
    let ground = centreDistance_m(index)
    let budget = uplink.budget(ground_m: ground)
    let band = share[index] * parameters.uplink.bandwidth_Hz
    acts[index].sentSensor = batch.sensor
    acts[index].ground_m = ground
    acts[index].budget = budget
    acts[index].bandwidth_Hz = band
    acts[index].snr = uplink.snr(budget, bandwidth_Hz: band)
    acts[index].rate_bps = uplink.rate_bps(budget, bandwidth_Hz: band)
    return batch.left_bits
  }

  /// Takes a batch off the sender and makes the centre's knowledge of its sensor as fresh as the batch.
  mutating func deliver(_ index: Int, _ choice: Int) {
    let batch = processed[index * buffer + choice]
    Self.remove(choice, from: &processed, first: index * buffer, count: &processedCount[index])
    let end_s = now_s + parameters.time.step_s
    let sensor = batch.sensor
    ages[sensor].receive(generated_s: batch.newest_s, at: end_s)
    if isPublished {
      arriving_s[sensor] = min(arriving_s[sensor], batch.age_s)
    } else {
      age_s[sensor] = min(age_s[sensor], end_s - batch.newest_s)
    }
    acts[index].deliveredSensor = sensor
    acts[index].deliveredPackets = batch.packets
    acts[index].deliveredAge_s = end_s - batch.newest_s
    acts[index].countedAge_s = isPublished ? batch.age_s : end_s - batch.newest_s
    books.delivered += batch.packets
    books.delivered_bits += batch.size_bits
    books.stays_s += Double(batch.packets) * end_s - batch.made_s
    books.batches += 1
    latencies_s.append(end_s - batch.newest_s)
  }

  private mutating func process(_ index: Int) {
    guard processedCount[index] < buffer else { return }
    let decision = acts[index].decision
    let choice =
      decision.isAutomatic ? best(of: collected, count: collectedCount[index], index) : decision.process
    guard choice >= 0, choice < collectedCount[index], collected[index * buffer + choice].ready <= step else { return }
    let place = index * buffer + choice
    acts[index].workedSensor = collected[place].sensor
    collected[place].left_bits -= parameters.collectors.processing_bps * parameters.time.step_s
    guard collected[place].left_bits <= 0 else { return }
    var batch = collected[place]
    batch.left_bits = batch.size_bits
    Self.remove(choice, from: &collected, first: index * buffer, count: &collectedCount[index])
    processed[index * buffer + processedCount[index]] = batch
    processedCount[index] += 1
  }

  /// Takes in the data of the sensors in reach, the nearest first, as long as there is room. The collector stays where
  /// it is until the last of them has handed over.
  private mutating func collect(_ index: Int) {
    let reach = parameters.collectors.collectRadius_m * parameters.collectors.collectRadius_m
    var duration_s = 0.0
    for sensor in 0..<sensorCount where holder[sensor] == Int32(index) { holder[sensor] = -1 }
    while collectedCount[index] < buffer {
      var nearest = -1
      var least = reach
      for sensor in 0..<sensorCount where waitingPackets[sensor] > 0 && holder[sensor] < 0 {
        let distance = squaredDistance(index, sensor: sensor)
        if distance < least || (distance == least && nearest < 0), !holds(index, sensor: sensor) {
          (nearest, least) = (sensor, distance)
        }
      }
      guard nearest >= 0 else { break }
      let transfer_s = waiting_bits[nearest] / parameters.sensors.rate_bps
      let slots = max(1, Int(min((transfer_s / parameters.time.step_s).rounded(.up), 1e9)))
      take(nearest, by: index, ready: step + slots)
      duration_s = max(duration_s, transfer_s)
      freeFrom[index] = max(freeFrom[index], step + slots)
    }
    acts[index].hover_s = duration_s
  }

  /// Whether a batch of a sensor waits to be processed.
  func holds(_ index: Int, sensor: Int) -> Bool {
    for place in 0..<collectedCount[index] where collected[index * buffer + place].sensor == sensor { return true }
    return false
  }

  /// Moves all that a sensor has to a collector.
  mutating func take(_ sensor: Int, by index: Int, ready: Int) {
    var batch = Haul()
    batch.sensor = sensor
    batch.packets = waitingPackets[sensor]
    batch.size_bits = waiting_bits[sensor]
    batch.left_bits = waiting_bits[sensor]
    batch.newest_s = waitingNewest_s[sensor]
    batch.made_s = waitingMade_s[sensor]
    batch.age_s = now_s - waitingNewest_s[sensor]
    batch.taken = step
    batch.ready = ready
    collected[index * buffer + collectedCount[index]] = batch
    collectedCount[index] += 1
    holder[sensor] = Int32(index)
    (waitingPackets[sensor], waiting_bits[sensor], waitingMade_s[sensor]) = (0, 0, 0)
    acts[index].takenBatches += 1
  }

  /// The batch that would lower the centre's age of its sensor the most; the first of equals, −1 if there is none.
  func best(of batches: [Haul], count: Int, _ index: Int) -> Int {
    var best = -1
    var greatest = -Double.infinity
    for choice in 0..<count {
      let batch = batches[index * buffer + choice]
      if batch.ready > step { continue }
      let gain = age_s[batch.sensor] - (isPublished ? batch.age_s : now_s - batch.newest_s)
      if gain > greatest { (best, greatest) = (choice, gain) }
    }
    return best
  }

  /// Closes the gap that a batch leaves.
  static func remove(_ choice: Int, from batches: inout [Haul], first: Int, count: inout Int) {
    for place in choice..<count - 1 { batches[first + place] = batches[first + place + 1] }
    count -= 1
    batches[first + count] = Haul()
  }
}

import Glibc
import Randomness

/// What a collector does with data in a slot as the public code of Zhu et al. does it, defect by defect: the card lists
/// them. Work comes before sending, so that a batch can pass both in a slot.
extension AerialCollection {
  mutating func workAsPublished(_ index: Int) {
    processAsPublished(index)
    sendAsPublished(index)
    collectAsPublished(index)
  }

  /// Batches grow older, one counter holds the work on all of them, and it is lost when the way out is full.
  private mutating func processAsPublished(_ index: Int) {
    let first = index * buffer
    guard collectedCount[index] > 0 else {
      partial_bits[index] = 0
      return
    }
    for place in 0..<collectedCount[index] { collected[first + place].age_s += parameters.time.step_s }
    guard processedCount[index] < buffer else {
      partial_bits[index] = 0
      return
    }
    let decision = acts[index].decision
    var choice = decision.isAutomatic ? best(of: collected, count: collectedCount[index], index) : decision.process
    if choice < 0 { return }
    if choice >= collectedCount[index] { choice = stopgap(index, among: collectedCount[index], word: 0) }
    let work = parameters.collectors.processing_bps * parameters.time.step_s
    acts[index].workedSensor = collected[first + choice].sensor
    partial_bits[index] += min(collected[first + choice].left_bits, work)
    collected[first + choice].left_bits -= work
    guard collected[first + choice].left_bits <= 0 else { return }
    var batch = collected[first + choice]
    batch.left_bits = partial_bits[index]
    partial_bits[index] = 0
    Self.remove(choice, from: &collected, first: first, count: &collectedCount[index])
    processed[first + processedCount[index]] = batch
    processedCount[index] += 1
  }

  /// A batch that is being sent is sent to its end.
  private mutating func sendAsPublished(_ index: Int) {
    let first = index * buffer
    guard processedCount[index] > 0 else { return }
    for place in 0..<processedCount[index] { processed[first + place].age_s += parameters.time.step_s }
    if sending[index] < 0 {
      let decision = acts[index].decision
      sending[index] =
        decision.isAutomatic ? best(of: processed, count: processedCount[index], index) : decision.send
    }
    if sending[index] < 0 { return }
    if sending[index] >= processedCount[index] {
      sending[index] = stopgap(index, among: processedCount[index], word: 1)
    }
    let place = first + sending[index]
    let slot = parameters.time.step_s
    let bits = transmit(index, processed[place])
    acts[index].sent_bits = min(bits, acts[index].rate_bps * slot)
    acts[index].energy_J = uplink.transmit_W * slot
    processed[place].left_bits -= acts[index].rate_bps * slot
    if processed[place].left_bits <= 0 {
      deliver(index, sending[index])
      sending[index] = -1
    }
  }

  /// Data can be worked on before they have been handed over, and grow older once more while they wait.
  private mutating func collectAsPublished(_ index: Int) {
    let first = index * buffer
    for place in 0..<collectedCount[index] { collected[first + place].age_s += parameters.time.step_s }
    if step < freeFrom[index] {
      hovering[index] -= 1
      if hovering[index] <= 0 {
        hovering[index] = 0
        freeFrom[index] = step + 1
        for sensor in 0..<sensorCount where holder[sensor] == Int32(index) { holder[sensor] = -1 }
      }
      return
    }
    guard collectedCount[index] < buffer else { return }
    let reach = parameters.collectors.collectRadius_m * parameters.collectors.collectRadius_m
    var duration_s = 0.0
    var isTaking = false
    for sensor in 0..<sensorCount where waitingPackets[sensor] > 0 && holder[sensor] < 0 {
      guard squaredDistance(index, sensor: sensor) <= reach, !holds(index, sensor: sensor) else { continue }
      isTaking = true
      guard collectedCount[index] < buffer else {
        holder[sensor] = Int32(index)
        continue
      }
      duration_s = max(duration_s, waiting_bits[sensor] / parameters.sensors.rate_bps)
      take(sensor, by: index, ready: step + 1)
    }
    hovering[index] = duration_s / parameters.time.step_s
    acts[index].hover_s = duration_s
    // Until the countdown of the slots to come is over.
    if isTaking { freeFrom[index] = Int.max }
  }

  /// A batch at random in place of one that is not there.
  private func stopgap(_ index: Int, among count: Int, word: Int) -> Int {
    let words = world.block(.stopgap, entity: UInt64(index), time: UInt64(step))
    return Variate.integer(word == 0 ? words.0 : words.1, below: count)
  }
}

import EdgeCloud
import Randomness

/// How collectors move, and what they see from where they are.
extension AerialCollection {
  /// Moves a collector by a slot, unless it is taking data in.
  mutating func move(_ index: Int, _ decision: CollectorDecision) {
    guard step >= freeFrom[index] else { return }
    if isPublished { return moveAsPublished(index, decision) }
    let reach = parameters.collectors.speed_mps * parameters.time.step_s
    x_m[index] = min(max(x_m[index] + decision.vx * reach, 0), parameters.side_m)
    y_m[index] = min(max(y_m[index] + decision.vy * reach, 0), parameters.side_m)
  }

  /// Whole metres, thrown back at the border; who stays is pushed about in half of all slots.
  private mutating func moveAsPublished(_ index: Int, _ decision: CollectorDecision) {
    let reach = parameters.collectors.speed_mps * parameters.time.step_s
    var dx = (decision.vx * reach).rounded(.towardZero)
    var dy = (decision.vy * reach).rounded(.towardZero)
    if dx == 0, dy == 0 {
      let words = world.block(.restlessness, entity: UInt64(index), time: UInt64(step))
      if Variate.uniform(words.2) > 0.5 {
        let (a, b) = Variate.normals(words.0, words.1)
        dx = (min(max(a, -1), 1) * reach / 2).rounded(.towardZero)
        dy = (min(max(b, -1), 1) * reach / 2).rounded(.towardZero)
      }
    }
    let last = parameters.side_m - 1
    if x_m[index] + dx < 0 || x_m[index] + dx > last { dx = -dx }
    if y_m[index] + dy < 0 || y_m[index] + dy > last { dy = -dy }
    x_m[index] = min(max(x_m[index] + dx, 0), last)
    y_m[index] = min(max(y_m[index] + dy, 0), last)
  }

  /// The square of the ground distance from a collector to a sensor.
  func squaredDistance(_ index: Int, sensor: Int) -> Double {
    let (dx, dy) = (sensorX_m[sensor] - x_m[index], sensorY_m[sensor] - y_m[index])
    return dx * dx + dy * dy
  }

  /// The ground distance from a collector to the centre.
  func centreDistance_m(_ index: Int) -> Double {
    let (dx, dy) = (x_m[index] - parameters.side_m / 2, y_m[index] - parameters.side_m / 2)
    return (dx * dx + dy * dy).squareRoot()
  }

  /// Ranks what each collector sees, the nearest first, and the rate that it would have with an equal share.
  mutating func look() {
    let ranks = parameters.collectors.seenSensors
    let peers = seenCollectors.count / collectorCount
    let band = parameters.uplink.bandwidth_Hz / Double(collectorCount)
    for index in 0..<collectorCount {
      let eye = Eye(x_m: x_m[index], y_m: y_m[index], sight_m: parameters.collectors.observeRadius_m)
      eye.rank(&seenSensors, from: index * ranks, count: ranks, x_m: sensorX_m, y_m: sensorY_m)
      if peers > 0 { eye.rank(&seenCollectors, from: index * peers, count: peers, x_m: x_m, y_m: y_m, except: index) }
      reachable_bps[index] = uplink.rate_bps(uplink.budget(ground_m: centreDistance_m(index)), bandwidth_Hz: band)
    }
  }
}

/// A place from which bodies are seen up to a distance.
private struct Eye {
  let x_m: Double
  let y_m: Double
  let sight_m: Double

  /// Writes the nearest bodies in sight, the lower number first among equals, and −1 where there are no more.
  func rank(
    _ ranks: inout [Int32], from first: Int, count: Int, x_m: [Double], y_m: [Double], except own: Int = -1
  ) {
    precondition(count <= 32, "at most 32 bodies can be ranked, not \(count)")
    var nearest = InlineArray<32, Double>(repeating: .infinity)
    let limit = sight_m * sight_m
    var found = 0
    for body in 0..<x_m.count where body != own {
      let (dx, dy) = (x_m[body] - self.x_m, y_m[body] - self.y_m)
      let distance = dx * dx + dy * dy
      if distance > limit || (found == count && distance >= nearest[count - 1]) { continue }
      var place = min(found, count - 1)
      while place > 0, nearest[place - 1] > distance {
        nearest[place] = nearest[place - 1]
        ranks[first + place] = ranks[first + place - 1]
        place -= 1
      }
      nearest[place] = distance
      ranks[first + place] = Int32(body)
      if found < count { found += 1 }
    }
    for rank in found..<count { ranks[first + rank] = -1 }
  }
}

import EdgeCloud
import ReinforcementLearning

/// What collectors and the centre see. Values beyond a field's range are shown as its end.
extension AerialCollection {
  private static let ownFields = 5
  private static let fieldsPerBatch = 3
  private static let fieldsPerSensor = 5
  static let fieldsPerSender = 5

  static func groups(_ parameters: CollectionParameters, _ form: CollectionForm) -> [AgentGroup] {
    var groups = [
      AgentGroup(
        name: "collector", count: parameters.collectors.count, observation: collectorSpace(parameters),
        action: form.space)
    ]
    if parameters.uplink.sharing == .centre {
      groups.append(
        AgentGroup(
          name: "centre", count: 1, observation: centreSpace(parameters),
          action: .box([ClosedRange<Float>](repeating: 0...1, count: parameters.collectors.count))))
    }
    return groups
  }

  /// The greatest age that can be: that of an episode.
  private static func longest_s(_ parameters: CollectionParameters) -> Double {
    Double(parameters.time.steps) * parameters.time.step_s
  }

  /// Batches are shown up to the bits of fifty mean packets.
  private static func largest_bits(_ parameters: CollectionParameters) -> Double { 50 * parameters.sensors.packetBits }

  private static func fastest_bps(_ parameters: CollectionParameters) -> Double {
    parameters.uplink.bandwidth_Hz * parameters.uplink.spectralEfficiencyCap
  }

  private static func field(
    _ name: String, _ unit: String, _ range: ClosedRange<Double>, _ meaning: String
  ) -> ObservationField {
    ObservationField(name, unit: unit, in: Float(range.lowerBound)...Float(range.upperBound), meaning)
  }

  private static func collectorSpace(_ parameters: CollectionParameters) -> ObservationSpace {
    let age = 0...longest_s(parameters)
    let bits = 0...largest_bits(parameters)
    let sight = min(parameters.collectors.observeRadius_m, parameters.side_m)
    var fields = [
      field("x_m", "m", 0...parameters.side_m, "position, east"),
      field("y_m", "m", 0...parameters.side_m, "position, north"),
      field("busy_s", "s", age, "time until it may move again"),
      field("uplink_bps", "bit/s", 0...fastest_bps(parameters), "rate to the centre from here with an equal share"),
      field("share", "1", 0...1, "share of the band in the last slot"),
    ]
    for (kind, meaning) in [("collected", "before"), ("processed", "after")] {
      for place in 1...parameters.collectors.buffer {
        fields.append(
          field("\(kind)_\(place)_bits", "bit", bits, "bits left of a batch \(meaning) processing; 0 if none"))
        fields.append(field("\(kind)_\(place)_age_s", "s", age, "age of its newest packet"))
        fields.append(field("\(kind)_\(place)_known_s", "s", age, "age of what the centre knows of its sensor"))
      }
    }
    for rank in 1...parameters.collectors.seenSensors {
      fields.append(field("sensor_\(rank)_dx_m", "m", -sight...sight, "way to a sensor in sight, east; 0 if none"))
      fields.append(field("sensor_\(rank)_dy_m", "m", -sight...sight, "way to it, north"))
      fields.append(field("sensor_\(rank)_bits", "bit", bits, "bits that wait there"))
      fields.append(field("sensor_\(rank)_age_s", "s", age, "age of its newest waiting packet"))
      fields.append(field("sensor_\(rank)_known_s", "s", age, "age of what the centre knows of it"))
    }
    for rank in 0..<min(parameters.collectors.seenCollectors, parameters.collectors.count - 1) {
      fields.append(field("collector_\(rank + 1)_dx_m", "m", -sight...sight, "way to a collector in sight; 0 if none"))
      fields.append(field("collector_\(rank + 1)_dy_m", "m", -sight...sight, "way to it, north"))
    }
    return ObservationSpace(fields)
  }

  private static func centreSpace(_ parameters: CollectionParameters) -> ObservationSpace {
    let age = 0...longest_s(parameters)
    var fields = [
      field("mean_age_s", "s", age, "mean age over sensors"), field("oldest_age_s", "s", age, "greatest age"),
    ]
    for index in 1...parameters.collectors.count {
      let name = "collector_\(index)"
      fields.append(field("\(name)_x_m", "m", 0...parameters.side_m, "position of a collector, east"))
      fields.append(field("\(name)_y_m", "m", 0...parameters.side_m, "position, north"))
      fields.append(field("\(name)_uplink_bps", "bit/s", 0...fastest_bps(parameters), "its rate with an equal share"))
      fields.append(
        field(
          "\(name)_bits", "bit", 0...largest_bits(parameters) * Double(parameters.collectors.buffer),
          "bits that it has to send"))
      fields.append(field("\(name)_gain_s", "s", age, "how much younger its best batch would make a sensor"))
    }
    return ObservationSpace(fields)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    if group == 1 { return observeAsCentre(into: &values) }
    let width = groups[0].observation.count
    for index in 0..<collectorCount { observe(index, from: index * width, into: &values) }
  }

  private func observe(_ index: Int, from base: Int, into values: inout MutableSpan<Float>) {
    let longest = Self.longest_s(parameters)
    let largest = Self.largest_bits(parameters)
    let busy_s = isPublished ? hovering[index] : Double(max(0, freeFrom[index] - step)) * parameters.time.step_s
    values[base] = Float(x_m[index])
    values[base + 1] = Float(y_m[index])
    values[base + 2] = Float(min(busy_s, longest))
    values[base + 3] = Float(min(reachable_bps[index], Self.fastest_bps(parameters)))
    values[base + 4] = Float(share[index])
    var next = base + Self.ownFields
    for place in index * buffer..<(index + 1) * buffer {
      show(collected[place], at: next, longest, largest, &values)
      show(processed[place], at: next + buffer * Self.fieldsPerBatch, longest, largest, &values)
      next += Self.fieldsPerBatch
    }
    next += buffer * Self.fieldsPerBatch
    let ranks = parameters.collectors.seenSensors
    for rank in index * ranks..<(index + 1) * ranks {
      let sensor = Int(seenSensors[rank])
      if sensor < 0 {
        for offset in 0..<Self.fieldsPerSensor { values[next + offset] = 0 }
      } else {
        let seen = seenData(sensor)
        values[next] = Float(sensorX_m[sensor] - x_m[index])
        values[next + 1] = Float(sensorY_m[sensor] - y_m[index])
        values[next + 2] = Float(min(seen.bits, largest))
        values[next + 3] = Float(min(seen.age_s, longest))
        values[next + 4] = Float(min(age_s[sensor], longest))
      }
      next += Self.fieldsPerSensor
    }
    let peers = seenCollectors.count / collectorCount
    for rank in index * peers..<(index + 1) * peers {
      let other = Int(seenCollectors[rank])
      values[next] = other < 0 ? 0 : Float(x_m[other] - x_m[index])
      values[next + 1] = other < 0 ? 0 : Float(y_m[other] - y_m[index])
      next += 2
    }
  }

  private func show(
    _ batch: Haul, at first: Int, _ longest: Double, _ largest: Double, _ values: inout MutableSpan<Float>
  ) {
    guard batch.sensor >= 0 else {
      for offset in 0..<Self.fieldsPerBatch { values[first + offset] = 0 }
      return
    }
    values[first] = Float(min(max(batch.left_bits, 0), largest))
    values[first + 1] = Float(min(heldAge_s(batch), longest))
    values[first + 2] = Float(min(age_s[batch.sensor], longest))
  }

  /// How old a batch is; in the published world, how old its code takes it to be.
  func heldAge_s(_ batch: Haul) -> Double { isPublished ? batch.age_s : now_s - batch.newest_s }

  /// What is seen of a sensor's data; the published map goes on showing data that are gone.
  func seenData(_ sensor: Int) -> (bits: Double, age_s: Double) {
    if isPublished { return (shown_bits[sensor], shownAge_s[sensor]) }
    return (waiting_bits[sensor], waitingPackets[sensor] > 0 ? now_s - waitingNewest_s[sensor] : 0)
  }

  private func observeAsCentre(into values: inout MutableSpan<Float>) {
    let longest = Self.longest_s(parameters)
    var (sum, oldest) = (0.0, 0.0)
    for sensor in 0..<sensorCount {
      sum += age_s[sensor]
      oldest = max(oldest, age_s[sensor])
    }
    values[0] = Float(min(sum / Double(sensorCount), longest))
    values[1] = Float(min(oldest, longest))
    for index in 0..<collectorCount {
      let first = 2 + index * Self.fieldsPerSender
      var (bits, gain) = (0.0, 0.0)
      for place in index * buffer..<index * buffer + processedCount[index] {
        bits += min(max(processed[place].left_bits, 0), Self.largest_bits(parameters))
        gain = max(gain, age_s[processed[place].sensor] - heldAge_s(processed[place]))
      }
      values[first] = Float(x_m[index])
      values[first + 1] = Float(y_m[index])
      values[first + 2] = Float(min(reachable_bps[index], Self.fastest_bps(parameters)))
      values[first + 3] = Float(bits)
      values[first + 4] = Float(min(gain, longest))
    }
  }
}

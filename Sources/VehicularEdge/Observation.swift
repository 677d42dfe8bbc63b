import EdgeCloud
import ReinforcementLearning

/// What a vehicle sees: its own task and computer, the links to the units in reach, and what the units reported one
/// slot ago. Values beyond a field's range are shown as its end.
extension VehicularOffloading {
  private static let ownFields = 6
  private static let fieldsPerRank = 4
  private static let gain_dB: ClosedRange<Double> = -160 ... -40
  private static let interference_dBm: ClosedRange<Double> = -130 ... -50
  private static let uploads = 16.0

  static func observationSpace(_ parameters: VehicularParameters) -> ObservationSpace {
    let tasks = parameters.tasks
    let patience = tasks.deadline_s.upperBound
    func field(_ name: String, _ unit: String, _ range: ClosedRange<Double>, _ meaning: String) -> ObservationField {
      ObservationField(name, unit: unit, in: Float(range.lowerBound)...Float(range.upperBound), meaning)
    }
    var fields = [
      field("has_task", "1", 0...1, "whether there is a task to place"),
      field("task_bits", "bit", 0...tasks.bits.upperBound, "size of the task's input"),
      field(
        "task_cycles", "cycle", 0...tasks.bits.upperBound * tasks.cyclesPerBit.upperBound,
        "computation that the task needs"),
      field("deadline_s", "s", 0...patience, "time that the task has"),
      field("device_cpu_hz", "Hz", 0...parameters.device.cpu_Hz.upperBound, "full clock speed of the vehicle"),
      field("device_wait_s", "s", 0...patience, "time until the vehicle's computer is free"),
    ]
    for rank in 1...parameters.units.choices {
      fields.append(field("unit_\(rank)_gain_db", "dB", gain_dB, "gain of the link, fading averaged; least if none"))
      fields.append(field("unit_\(rank)_backlog_s", "s", 0...patience, "wait at the unit, one slot old"))
      fields.append(field("unit_\(rank)_uploads", "1", 0...uploads, "uploads of others to the unit in the last slot"))
      fields.append(
        field("unit_\(rank)_interference_dbm", "dBm", interference_dBm, "interference at the unit in the last slot"))
    }
    fields.append(field("cloud_wait_s", "s", 0...patience, "wait in the cloud, one slot old"))
    return ObservationSpace(fields)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let width = groups[0].observation.count
    for slot in 0..<parameters.slots {
      let base = slot * width
      guard isActive(slot) else {
        for offset in 0..<width { values[base + offset] = 0 }
        continue
      }
      values[base] = waiting[slot] == nil ? 0 : 1
      values[base + 1] = Float(waiting[slot]?.bits ?? 0)
      values[base + 2] = Float(waiting[slot]?.cycles ?? 0)
      values[base + 3] = Float(waiting[slot]?.deadline_s ?? 0)
      values[base + 4] = Float(cpu_Hz[slot])
      values[base + 5] = Float(seenDeviceWait_s(slot))
      for rank in 0..<parameters.units.choices {
        let first = base + Self.ownFields + rank * Self.fieldsPerRank
        let seen = seenUnit(slot, rank: rank)
        values[first] = Float(seen.gain_dB)
        values[first + 1] = Float(seen.backlog_s)
        values[first + 2] = Float(seen.uploads)
        values[first + 3] = Float(seen.interference_dBm)
      }
      values[base + width - 1] = Float(seenCloudWait_s)
    }
  }

  /// What is seen of a unit of a rank.
  struct SeenUnit: Sendable, Equatable {
    var gain_dB: Double
    var backlog_s: Double
    var uploads: Double
    var interference_dBm: Double
  }

  func seenUnit(_ slot: Int, rank: Int) -> SeenUnit {
    let choice = choices[slot * parameters.units.choices + rank]
    let unit = Int(choice.unit)
    guard unit >= 0 else {
      return SeenUnit(
        gain_dB: Self.gain_dB.lowerBound, backlog_s: 0, uploads: 0,
        interference_dBm: Self.interference_dBm.lowerBound)
    }
    let others = Double(reportedUploads[unit]) - (Int(lastUnit[slot]) == unit ? 1 : 0)
    return SeenUnit(
      gain_dB: clamp(choice.gain_dB, Self.gain_dB),
      backlog_s: min(reportedBacklog_s[unit], patience_s), uploads: min(others, Self.uploads),
      interference_dBm: clamp(reportedLevel_dBm[unit], Self.interference_dBm))
  }

  /// The longest deadline: waits beyond it are alike.
  private var patience_s: Double { parameters.tasks.deadline_s.upperBound }

  func seenDeviceWait_s(_ slot: Int) -> Double { min(max(0, deviceFree_s[slot] - now_s), patience_s) }

  var seenCloudWait_s: Double { min(reportedCloudBacklog_s, patience_s) }

  private func clamp(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }
}

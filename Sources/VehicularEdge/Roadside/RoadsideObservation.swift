import EdgeCloud
import ReinforcementLearning

/// What a node sees: the vehicles that it serves and their tasks, how fast and how busy every node is, and the cloud.
/// Values beyond a field's range are shown as its end.
extension RoadsideOffloading {
  static func observationSpace(_ parameters: RoadsideParameters) -> ObservationSpace {
    let tasks = parameters.tasks
    let patience = tasks.deadline_s.upperBound
    func field(_ name: String, _ unit: String, _ top: Double, _ meaning: String) -> ObservationField {
      ObservationField(name, unit: unit, in: 0...Float(top), meaning)
    }
    var fields: [ObservationField] = []
    for rank in 1...parameters.nodes.vehicles {
      fields += [
        field("vehicle_\(rank)_distance_m", "m", parameters.nodes.radius_m, "how far it is; the greatest if none"),
        field("vehicle_\(rank)_has_task", "1", 1, "whether it has a task to place"),
        field("vehicle_\(rank)_task_bits", "bit", tasks.bits.upperBound, "size of the task's input"),
        field(
          "vehicle_\(rank)_task_cycles", "cycle", tasks.bits.upperBound * tasks.cyclesPerBit.upperBound,
          "computation that the task needs"),
        field("vehicle_\(rank)_deadline_s", "s", patience, "time that the task has"),
      ]
    }
    for rank in 1...parameters.nodes.positions_m.count {
      let whose = rank == 1 ? "this node" : "the node that is \(rank - 1) on in distance"
      fields += [
        field("node_\(rank)_cpu_hz", "Hz", parameters.nodes.cpu_Hz.upperBound, "clock speed of \(whose)"),
        field("node_\(rank)_wait_s", "s", patience, "time until \(whose) is free"),
      ]
    }
    fields.append(field("cloud_wait_s", "s", patience, "time until a server of the cloud is free"))
    fields.append(field("elapsed_share", "1", 1, "share of the episode that has passed"))
    return ObservationSpace(fields)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let width = groups[0].observation.count
    let seats = parameters.nodes.vehicles
    for node in 0..<nodes {
      var place = node * width
      for seat in node * seats..<(node + 1) * seats {
        let member = uplink.members[seat]
        values[place] = Float(member.vehicle < 0 ? parameters.nodes.radius_m : member.distance_m)
        values[place + 1] = member.task == nil ? 0 : 1
        values[place + 2] = Float(member.task?.bits ?? 0)
        values[place + 3] = Float(member.task?.cycles ?? 0)
        values[place + 4] = Float(member.task?.deadline_s ?? 0)
        place += 5
      }
      for rank in 0..<nodes {
        let other = Int(order[node * nodes + rank])
        values[place] = Float(clock_Hz[other])
        values[place + 1] = Float(seenWait_s(other))
        place += 2
      }
      values[place] = Float(seenCloudWait_s)
      values[place + 1] = Float(step) / Float(parameters.time.steps)
    }
  }

  func seenWait_s(_ node: Int) -> Double {
    min(servers[node].backlog_s(at: now_s), parameters.tasks.deadline_s.upperBound)
  }

  var seenCloudWait_s: Double { min(cloudQueue.backlog_s(at: now_s), parameters.tasks.deadline_s.upperBound) }
}

import EdgeCloud
public import ReinforcementLearning

/// The last placement with everything that its reward was made of.
extension WorkflowPlacement {
  public var recordColumns: [String] {
    [
      "step", "agent", "task", "level", "target", "node", "task_cycles", "cpu_hz", "ready_s", "start_s", "finish_s",
      "makespan_s", "energy_j", "deadline_s", "reference_s", "reference_j", "makespan_growth", "energy_share", "missed",
      "reward",
    ]
  }

  public func records() -> [[RecordValue]] {
    guard lastTask >= 0 else { return [] }
    let own = Int(node[lastTask])
    let place = own == 0 ? "device" : own <= parameters.edge.count ? "server" : "cloud"
    let duration = timeline.finish_s[lastTask] - timeline.start_s[lastTask]
    return [
      [
        .integer(placed - 1), .integer(0), .integer(lastTask), .integer(problem.graph.level[lastTask]), .text(place),
        .integer(own), .real(problem.graph.cycles[lastTask]),
        .real(duration > 0 ? problem.graph.cycles[lastTask] / duration : .nan), .real(ready_s(lastTask, on: own)),
        .real(timeline.start_s[lastTask]), .real(timeline.finish_s[lastTask]), .real(makespan_s),
        .real(terms[1] * energyReference_J), .real(deadline_s), .real(reference_s), .real(energyReference_J),
        .real(terms[0]), .real(terms[1]), .real(terms[2]), .real(lastReward),
      ]
    ]
  }
}

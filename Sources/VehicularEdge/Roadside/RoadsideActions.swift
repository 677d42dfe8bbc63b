public import EdgeCloud
public import ReinforcementLearning

/// What a node may do with the task of each of its vehicles: none; itself; the other nodes by rising distance; the
/// cloud.
struct RoadsideActions: Sendable {
  let options: [OffloadingOption]
  let decisions: [OffloadingDecision]
  let space: ActionSpace

  init(_ kind: RoadsideParameters.Actions, nodes: Int, vehicles: Int) {
    var options = [OffloadingOption(place: .none, isFullEffort: false)]
    for rank in 0..<nodes { options.append(OffloadingOption(place: .edge(rank: rank), isFullEffort: true)) }
    options.append(OffloadingOption(place: .cloud(rank: 0), isFullEffort: true))
    self.options = options
    let count = options.count
    switch kind {
    case .discrete:
      space = .multiDiscrete([Int](repeating: count, count: vehicles))
      decisions = (0..<count).map { OffloadingDecision(choice: Int32($0)) }
    case .continuous:
      space = .box([ClosedRange<Float>](repeating: -1...1, count: vehicles * (count - 1)))
      decisions = (0..<count).map { option in
        OffloadingDecision(choice: nil, numbers: (1..<count).map { $0 == option ? 1 : -1 })
      }
    }
  }
}

extension RoadsideOffloading {
  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    if parameters.actions == .continuous { return }
    let count = actions.options.count
    for seat in uplink.members.indices {
      let hasTask = uplink.members[seat].task != nil
      for option in 0..<count { mask[seat * count + option] = hasTask == (option > 0) }
    }
  }

  /// Doing nothing: tasks at hand are then lost.
  public func idleAction(for agent: Int) -> AgentAction {
    let seats = parameters.nodes.vehicles
    let idle = actions.decisions[0]
    return AgentAction(
      discrete: idle.choice.map { [Int32](repeating: $0, count: seats) } ?? [],
      continuous: (0..<seats).flatMap { _ in idle.numbers })
  }

  /// The option that a node's action takes for one of its vehicles; none if it means nothing.
  func option(for seat: Int, in joint: borrowing JointAction) -> Int {
    let count = actions.options.count
    guard parameters.actions == .continuous else {
      let chosen = Int(joint.discrete[seat])
      return 0..<count ~= chosen ? chosen : 0
    }
    var best = 0
    var greatest: Float = -1
    for option in 1..<count {
      let score = joint.continuous[seat * (count - 1) + option - 1]
      if score > greatest { (best, greatest) = (option, score) }
    }
    return best
  }

  /// Where an option of a node computes.
  func target(of option: Int, at node: Int) -> RoadsideRecord.Target {
    if option == 0 { return .none }
    return option > nodes ? .cloud : .node(Int(order[node * nodes + option - 1]))
  }
}

/// The choices and queues of this world as rules read them. Deciders are the seats of the nodes: vehicle k of node n is
/// n · vehicles + k.
extension RoadsideOffloading: OffloadingView {
  public var deciderCount: Int { uplink.members.count }

  public var options: [OffloadingOption] { actions.options }

  public func decision(for option: Int) -> OffloadingDecision { actions.decisions[option] }

  public func isDeciding(_ agent: Int) -> Bool { uplink.members[agent].task != nil }

  public func isPermitted(_ option: Int, for agent: Int) -> Bool { isDeciding(agent) == (option > 0) }

  public func observedWait_s(at option: Int, for agent: Int) -> Double {
    switch target(of: option, at: agent / parameters.nodes.vehicles) {
    case .none: 0
    case .node(let node): seenWait_s(node)
    case .cloud: seenCloudWait_s
    }
  }

  /// Upload, transfer, wait for what is queued now, and computation with the whole processor.
  public func predictedLatency_s(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    guard let task = uplink.members[agent].task else { return 0 }
    let node = agent / parameters.nodes.vehicles
    let target = target(of: option, at: node)
    if target == .none { return .infinity }
    let upload = knowledge == .observation ? expectedUpload_s(of: agent) : upload_s(of: agent, task).needed_s
    let there_s = upload + transfer_s(task, from: node, to: target)
    switch target {
    case .none: return .infinity
    case .node(let other):
      let wait = knowledge == .observation ? seenWait_s(other) : servers[other].backlog_s(at: now_s)
      return max(there_s, wait) + task.cycles / clock_Hz[other]
    case .cloud:
      let wait = knowledge == .observation ? seenCloudWait_s : cloudQueue.backlog_s(at: now_s)
      return max(there_s, wait) + backhaul.oneWayDelay_s + task.cycles / parameters.cloud.cpu_Hz
    }
  }

  public func deadline_s(for agent: Int) -> Double { uplink.members[agent].task?.deadline_s ?? .infinity }

  public func service_s(of option: Int, for agent: Int) -> Double {
    guard let task = uplink.members[agent].task else { return 0 }
    switch target(of: option, at: agent / parameters.nodes.vehicles) {
    case .none: return 0
    case .node(let node): return task.cycles / clock_Hz[node]
    case .cloud: return task.cycles / parameters.cloud.cpu_Hz
    }
  }

  /// The upload by mean gains and an equal split, if no other node's vehicles sent.
  private func expectedUpload_s(of seat: Int) -> Double {
    let seats = parameters.nodes.vehicles
    let first = seat / seats * seats
    let mine = uplink.members[seat]
    guard let task = mine.task else { return 0 }
    var senders = 0.0
    var weaker = 0.0
    for other in first..<first + seats where uplink.members[other].task != nil {
      senders += 1
      if other > seat { weaker += uplink.meanGain(distance_m: uplink.members[other].distance_m) }
    }
    let power = parameters.radio.power_W / senders
    let sinr = Link.sinr(
      signal_W: power * uplink.meanGain(distance_m: mine.distance_m), interference_W: power * weaker,
      noise_W: parameters.radio.noise_W)
    return task.bits / uplink.rate_bps(sinr: sinr)
  }
}

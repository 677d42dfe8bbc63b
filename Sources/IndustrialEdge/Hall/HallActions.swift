import EdgeCloud
import Glibc
import ReinforcementLearning

/// What agents of each group decide, and how their numbers say it.
///
/// Places are numbered: 0 the device, 1 ... E the servers of the hall, E + 1 the cloud. A placement is an option: 0 is to
/// wait; with discrete actions the next ones are the device at each clock setting, else the device; then the servers and
/// the cloud. A robot's integer is copies · placements + placement.
struct HallActions: Sendable {
  /// What one agent decided.
  struct Decision: Sendable, Equatable {
    /// Copies of each message.
    var copies = 0
    var power_dBm = 0.0
    /// The place of the task at hand, −1 to wait.
    var place = -1
    /// The share of the full clock speed on the device.
    var clock = 1.0
  }

  /// The kind of group.
  enum Role: Sendable, Equatable {
    case controller, robot, inspector
  }

  let kind: HallParameters.Actions
  let copies: [Int]
  let powers_dBm: [Double]
  let robotClocks: [Double]
  let inspectorClocks: [Double]
  let servers: Int

  init(_ parameters: HallParameters) {
    kind = parameters.actions
    copies = parameters.robustness.copies
    powers_dBm = parameters.robustness.powers_dBm
    robotClocks = parameters.robots.device.clocks
    inspectorClocks = parameters.inspectors.device.clocks
    servers = parameters.edge.count
  }

  var strongest_dBm: Double { powers_dBm[powers_dBm.count - 1] }

  /// Device, servers and cloud.
  var places: Int { servers + 2 }

  func clocks(of role: Role) -> [Double] { role == .robot ? robotClocks : inspectorClocks }

  /// Clock settings that are options of their own.
  private func clockOptions(of role: Role) -> Int { kind == .discrete ? clocks(of: role).count : 1 }

  /// Options of a placement: waiting included.
  func placements(of role: Role) -> Int { 1 + clockOptions(of: role) + servers + 1 }

  func space(of role: Role) -> ActionSpace {
    let power = Float(powers_dBm[0])...Float(strongest_dBm)
    switch (kind, role) {
    case (.discrete, .controller):
      return .discrete(
        labels: copies.flatMap { count in powers_dBm.map { "\(Self.times(count)) at \(Self.short($0)) dBm" } })
    case (.discrete, .inspector): return .discrete(labels: placementLabels(of: role))
    case (.discrete, .robot): return .discrete(labels: robotLabels)
    case (.hybrid, .controller): return .hybrid(labels: copies.map(Self.times), box: [power])
    case (.hybrid, .robot): return .hybrid(labels: robotLabels, box: [clockRange(of: role)])
    case (.hybrid, .inspector): return .hybrid(labels: placementLabels(of: role), box: [clockRange(of: role)])
    case (.continuous, .controller): return .box([0...1, power])
    case (.continuous, .robot): return .box([0...1] + scores + [clockRange(of: role)])
    case (.continuous, .inspector): return .box(scores + [clockRange(of: role)])
    }
  }

  private var scores: [ClosedRange<Float>] { [ClosedRange<Float>](repeating: -1...1, count: places) }

  private func clockRange(of role: Role) -> ClosedRange<Float> { Float(clocks(of: role)[0])...1 }

  private var robotLabels: [String] {
    copies.flatMap { count in placementLabels(of: .robot).map { "\(Self.times(count)), \($0)" } }
  }

  private func placementLabels(of role: Role) -> [String] {
    let device =
      kind == .discrete ? clocks(of: role).map { "device at \(Self.short($0 * 100)) % clock" } : ["device"]
    return ["wait"] + device + (1...max(servers, 1)).prefix(servers).map { "server \($0)" } + ["cloud"]
  }

  private static func times(_ copies: Int) -> String { copies == 1 ? "1 copy" : "\(copies) copies" }

  private static func short(_ number: Double) -> String {
    let rounded = (number * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// What the numbers of an agent say. Integers that mean nothing are the first option; real numbers beyond a range are
  /// its nearer end, and what is not a number its lower end.
  ///
  /// - Parameters:
  ///   - integer: where the agent's integer stands in the joint action.
  ///   - real: where its real numbers begin.
  ///   - isPinned: whether the task at hand can only be done on the device.
  func decision(
    of role: Role, in joint: borrowing JointAction, integer: Int, real: Int, isPinned: Bool
  ) -> Decision {
    var decision = Decision()
    switch kind {
    case .discrete:
      let choice = Int(joint.discrete[integer])
      switch role {
      case .controller:
        let valid = (0..<copies.count * powers_dBm.count).contains(choice) ? choice : 0
        decision.copies = copies[valid / powers_dBm.count]
        decision.power_dBm = powers_dBm[valid % powers_dBm.count]
      case .robot: split(choice, into: &decision)
      case .inspector: place(choice, of: role, into: &decision)
      }
    case .hybrid:
      let choice = Int(joint.discrete[integer])
      switch role {
      case .controller:
        decision.copies = copies[copies.indices.contains(choice) ? choice : 0]
        decision.power_dBm = Self.clamped(joint.continuous[real], powers_dBm[0], strongest_dBm)
      case .robot: split(choice, into: &decision)
      case .inspector: place(choice, of: role, into: &decision)
      }
      if role != .controller { decision.clock = Self.clamped(joint.continuous[real], clocks(of: role)[0], 1) }
    case .continuous:
      var next = real
      if role != .inspector {
        let share = Self.clamped(joint.continuous[next], 0, 1)
        decision.copies = copies[min(Int(share * Double(copies.count)), copies.count - 1)]
        decision.power_dBm = strongest_dBm
        next += 1
      }
      if role == .controller {
        decision.power_dBm = Self.clamped(joint.continuous[next], powers_dBm[0], strongest_dBm)
      } else {
        decision.place = best(joint, from: next)
        decision.clock = Self.clamped(joint.continuous[next + places], clocks(of: role)[0], 1)
      }
    }
    if isPinned, decision.place > 0 { decision.place = 0 }
    return decision
  }

  /// The place with the highest score, the first of equals; the device if no score is a number.
  private func best(_ joint: borrowing JointAction, from first: Int) -> Int {
    var best = 0
    var highest = -Float.infinity
    for place in 0..<places where joint.continuous[first + place] > highest {
      best = place
      highest = joint.continuous[first + place]
    }
    return best
  }

  private func split(_ choice: Int, into decision: inout Decision) {
    let count = placements(of: .robot)
    let valid = (0..<copies.count * count).contains(choice) ? choice : 0
    decision.copies = copies[valid / count]
    decision.power_dBm = strongest_dBm
    place(valid % count, of: .robot, into: &decision)
  }

  private func place(_ option: Int, of role: Role, into decision: inout Decision) {
    let settings = clockOptions(of: role)
    guard (1..<placements(of: role)).contains(option) else { return }
    if option <= settings {
      decision.place = 0
      if kind == .discrete { decision.clock = clocks(of: role)[option - 1] }
    } else {
      decision.place = option - settings
    }
  }

  private static func clamped(_ number: Float, _ low: Double, _ high: Double) -> Double {
    number.isNaN ? low : min(max(Double(number), low), high)
  }

  /// Writes a decision as an agent says it; the nearest setting where the form has settings only.
  func write(
    _ decision: Decision, of role: Role, into joint: inout JointAction, integer: Int, real: Int
  ) {
    let level = copies.firstIndex(of: decision.copies) ?? 0
    if kind == .continuous {
      var next = real
      if role != .inspector {
        joint.continuous[next] = Float((Double(level) + 0.5) / Double(copies.count))
        next += 1
      }
      if role == .controller {
        joint.continuous[next] = Float(decision.power_dBm)
      } else {
        for place in 0..<places { joint.continuous[next + place] = place == decision.place ? 1 : -1 }
        joint.continuous[next + places] = Float(decision.clock)
      }
      return
    }
    switch role {
    case .controller:
      if kind == .discrete {
        joint.discrete[integer] = Int32(level * powers_dBm.count + Self.nearest(decision.power_dBm, among: powers_dBm))
      } else {
        joint.discrete[integer] = Int32(level)
        joint.continuous[real] = Float(decision.power_dBm)
      }
    case .robot, .inspector:
      let option = option(of: decision, role)
      joint.discrete[integer] = Int32(role == .robot ? level * placements(of: role) + option : option)
      if kind == .hybrid { joint.continuous[real] = Float(decision.clock) }
    }
  }

  private func option(of decision: Decision, _ role: Role) -> Int {
    if decision.place < 0 { return 0 }
    if decision.place > 0 { return clockOptions(of: role) + decision.place }
    if kind != .discrete { return 1 }
    // The slowest setting that is at least as fast.
    let settings = clocks(of: role)
    return 1 + (settings.firstIndex { $0 >= decision.clock - 1e-9 } ?? settings.count - 1)
  }

  private static func nearest(_ value: Double, among values: [Double]) -> Int {
    var best = 0
    for index in values.indices where (values[index] - value).magnitude < (values[best] - value).magnitude {
      best = index
    }
    return best
  }
}

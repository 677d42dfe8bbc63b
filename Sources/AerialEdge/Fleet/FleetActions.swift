import EdgeCloud
public import ReinforcementLearning

/// What an aircraft is told for a slot.
struct FleetCommand: Sendable, Equatable {
  /// The velocity it should reach: east, north, up.
  var velocity_mps: SIMD3<Double>
  /// What is added to its gains when users choose whom they send to.
  var bias_dB: Double
  /// Its processor's clock.
  var clock_Hz: Double
  /// Its claim on the band.
  var claim: Double
  /// Where tasks are computed.
  var policy: FleetParameters.Policy
}

/// The forms of an aircraft's action.
///
/// Discrete: hovering, then eight directions from east counter-clockwise at each speed, then up and down. Continuous:
/// the velocity to the east, north and up, the cell bias, the clock, and with orthogonal bands the claim. Hybrid: the
/// policy as a choice, and the numbers of the continuous form.
struct FleetActions: Sendable {
  let kind: FleetParameters.Actions
  let space: ActionSpace
  /// The velocities of the discrete form.
  let velocities_mps: [SIMD3<Double>]
  /// The ranges of the continuous form.
  let ranges: [ClosedRange<Float>]
  /// What is done without being told.
  let idle: FleetCommand
  let hasClaims: Bool
  /// The least claim: shares of the band differ by at most its inverse.
  static let claims = 0.1...1.0
  private static let policies = FleetParameters.Policy.allCases

  init(_ parameters: FleetParameters) {
    kind = parameters.actions
    let fleet = parameters.fleet
    let processor = parameters.computers.processor
    hasClaims = parameters.radio.spectrum == .orthogonal && fleet.count > 1
    idle = FleetCommand(
      velocity_mps: .zero, bias_dB: 0, clock_Hz: processor.maximumClock_Hz, claim: Self.claims.upperBound,
      policy: parameters.computers.policy)
    var velocities: [SIMD3<Double>] = [.zero]
    var labels = ["hover"]
    let diagonal = 0.5.squareRoot()
    let directions: [(String, Double, Double)] = [
      ("east", 1, 0), ("north-east", diagonal, diagonal), ("north", 0, 1), ("north-west", -diagonal, diagonal),
      ("west", -1, 0), ("south-west", -diagonal, -diagonal), ("south", 0, -1), ("south-east", diagonal, -diagonal),
    ]
    for speed in fleet.speeds_mps {
      for (name, x, y) in directions {
        velocities.append(SIMD3(x * speed, y * speed, 0))
        labels.append("\(name) at \(speed == speed.rounded() ? "\(Int(speed))" : "\(speed)") m/s")
      }
    }
    if fleet.climb_mps > 0, fleet.altitude_m.lowerBound < fleet.altitude_m.upperBound {
      velocities += [SIMD3(0, 0, fleet.climb_mps), SIMD3(0, 0, -fleet.climb_mps)]
      labels += ["up", "down"]
    }
    velocities_mps = velocities
    let speed = Float(fleet.speed_mps)
    let climb = Float(fleet.climb_mps)
    let bias = Float(parameters.radio.bias_dB)
    var ranges = [
      -speed...speed, -speed...speed, -climb...climb, -bias...bias,
      Float(processor.minimumClock_Hz)...Float(processor.maximumClock_Hz),
    ]
    if hasClaims { ranges.append(Float(Self.claims.lowerBound)...Float(Self.claims.upperBound)) }
    self.ranges = ranges
    switch kind {
    case .discrete: space = .discrete(labels: labels)
    case .continuous: space = .box(ranges)
    case .hybrid: space = .hybrid(labels: Self.policies.map(\.rawValue), box: ranges)
    }
  }

  /// What an aircraft's action says. A choice that means nothing is the idle one's; a number beyond its range is the
  /// nearer end, and one that is no number the idle one's.
  func command(of aircraft: Int, in joint: borrowing JointAction, processor: ScalableProcessor) -> FleetCommand {
    var command = idle
    switch kind {
    case .discrete:
      let choice = Int(joint.discrete[aircraft])
      if velocities_mps.indices.contains(choice) { command.velocity_mps = velocities_mps[choice] }
      return command
    case .hybrid:
      let choice = Int(joint.discrete[aircraft])
      if Self.policies.indices.contains(choice) { command.policy = Self.policies[choice] }
    case .continuous: break
    }
    let first = aircraft * ranges.count
    for axis in 0..<3 { command.velocity_mps[axis] = number(joint.continuous[first + axis], axis, else: 0) }
    command.bias_dB = number(joint.continuous[first + 3], 3, else: 0)
    let clock = number(joint.continuous[first + 4], 4, else: idle.clock_Hz)
    command.clock_Hz = min(max(clock, processor.minimumClock_Hz), processor.maximumClock_Hz)
    if hasClaims {
      let claim = number(joint.continuous[first + 5], 5, else: idle.claim)
      command.claim = min(max(claim, Self.claims.lowerBound), Self.claims.upperBound)
    }
    return command
  }

  private func number(_ value: Float, _ index: Int, else other: Double) -> Double {
    value.isNaN ? other : Double(min(max(value, ranges[index].lowerBound), ranges[index].upperBound))
  }

  /// Writes a command as an aircraft's action; the discrete form takes the nearest of its velocities.
  func write(_ command: FleetCommand, of aircraft: Int, into joint: inout JointAction) {
    switch kind {
    case .discrete:
      var (best, least) = (0, Double.infinity)
      for (choice, velocity) in velocities_mps.enumerated() {
        let miss = command.velocity_mps - velocity
        let distance = (miss * miss).sum()
        if distance < least { (best, least) = (choice, distance) }
      }
      joint.discrete[aircraft] = Int32(best)
      return
    case .hybrid:
      joint.discrete[aircraft] = Int32(Self.policies.firstIndex(of: command.policy) ?? 0)
    case .continuous: break
    }
    let first = aircraft * ranges.count
    for axis in 0..<3 { joint.continuous[first + axis] = Float(command.velocity_mps[axis]) }
    joint.continuous[first + 3] = Float(command.bias_dB)
    joint.continuous[first + 4] = Float(command.clock_Hz)
    if hasClaims { joint.continuous[first + 5] = Float(command.claim) }
  }
}

extension AerialFleet {
  /// An aircraft that has landed can only stay.
  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    let count = groups[0].action.maskCount
    for aircraft in 0..<parameters.fleet.count {
      for choice in 0..<count { mask[aircraft * count + choice] = isFlying[aircraft] || choice == 0 }
    }
  }

  /// Hovering at the highest clock, without bias, by the scenario's policy.
  public func idleAction(for agent: Int) -> AgentAction {
    var joint = JointAction(for: [
      AgentGroup(name: "uav", count: 1, observation: groups[0].observation, action: actions.space)
    ])
    actions.write(actions.idle, of: 0, into: &joint)
    return AgentAction(discrete: joint.discrete, continuous: joint.continuous)
  }
}

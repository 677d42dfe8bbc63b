import Glibc
import Randomness
public import ReinforcementLearning
public import Snapshots

/// Two links that hang from a fixed point, to be swung up by a torque at the joint between them.
///
/// - Actions: `Discrete(3)`: torque −1, 0 or 1 N·m.
/// - Observation: cosine and sine of both angles (the second relative to the first link), both angular velocities
///   (rad/s).
/// - Reward: −1 for every step, 0 for the step that reaches the goal.
/// - Start: both angles and velocities uniform in [−0.1, 0.1).
/// - End: terminated when the free end is above the fixed point by the length of a link. Acrobot-v1 is this world
///   `timeLimited(to: 500)`.
///
/// One Runge–Kutta step of fourth order over 0.2 s on a state of `Double`s; equal to Gymnasium's Acrobot-v1 step by
/// step. Source: R. S. Sutton, "Generalization in reinforcement learning: successful examples using sparse coarse
/// coding", NeurIPS 1996, with the dynamics of R. S. Sutton, A. G. Barto, "Reinforcement learning: an introduction".
public struct Acrobot: Environment {
  /// Angle of the first link from hanging down, angle of the second relative to the first (rad), and their velocities
  /// (rad/s).
  public var physicalState: [Double]

  private static let interval = 0.2
  private static let gravity = 9.8
  private static let fastest = (first: 4 * Double.pi, second: 9 * Double.pi)

  private static let group = AgentGroup(
    name: "agent", count: 1,
    observation: ObservationSpace([
      ObservationField("cos_first", unit: "1", in: -1...1, "cosine of the first link's angle"),
      ObservationField("sin_first", unit: "1", in: -1...1, "sine of the first link's angle"),
      ObservationField("cos_second", unit: "1", in: -1...1, "cosine of the second link's relative angle"),
      ObservationField("sin_second", unit: "1", in: -1...1, "sine of the second link's relative angle"),
      ObservationField(
        "velocity_first", unit: "rad/s", in: -Float(fastest.first)...Float(fastest.first),
        "angular velocity of the first link"),
      ObservationField(
        "velocity_second", unit: "rad/s", in: -Float(fastest.second)...Float(fastest.second),
        "angular velocity of the second link"),
    ]),
    action: .discrete(labels: ["torque -1", "no torque", "torque 1"]))

  /// Both links at rest, hanging down; call ``reset(seed:)`` before an episode.
  public init() { physicalState = [0, 0, 0, 0] }

  public var groups: [AgentGroup] { [Self.group] }

  public mutating func reset(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    for index in 0..<4 { physicalState[index] = stream.uniform(in: -0.1..<0.1) }
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    let torque = Double(actions.discrete[0]) - 1
    let start = Motion(physicalState[0], physicalState[1], physicalState[2], physicalState[3])
    let half = Self.interval / 2
    let k1 = start.derivative(torque: torque)
    let k2 = start.moved(along: k1, by: half).derivative(torque: torque)
    let k3 = start.moved(along: k2, by: half).derivative(torque: torque)
    let k4 = start.moved(along: k3, by: Self.interval).derivative(torque: torque)
    let end = start.moved(along: k1.sum(k2, k3, k4), by: Self.interval / 6)
    physicalState[0] = Self.wrapped(end.first)
    physicalState[1] = Self.wrapped(end.second)
    physicalState[2] = min(max(end.firstVelocity, -Self.fastest.first), Self.fastest.first)
    physicalState[3] = min(max(end.secondVelocity, -Self.fastest.second), Self.fastest.second)
    let isUp = -cos(physicalState[0]) - cos(physicalState[1] + physicalState[0]) > 1
    outcome.rewards[0] = isUp ? 0 : -1
    outcome.terminated[0] = isUp
    outcome.truncated[0] = false
    outcome.episodeOver = isUp
  }

  private static func wrapped(_ angle: Double) -> Double {
    var angle = angle
    while angle > .pi { angle -= 2 * .pi }
    while angle < -.pi { angle += 2 * .pi }
    return angle
  }

  /// Angles and velocities, or their derivatives.
  private struct Motion {
    var first, second, firstVelocity, secondVelocity: Double

    init(_ first: Double, _ second: Double, _ firstVelocity: Double, _ secondVelocity: Double) {
      self.first = first
      self.second = second
      self.firstVelocity = firstVelocity
      self.secondVelocity = secondVelocity
    }

    func moved(along slope: Motion, by time: Double) -> Motion {
      Motion(
        first + time * slope.first, second + time * slope.second, firstVelocity + time * slope.firstVelocity,
        secondVelocity + time * slope.secondVelocity)
    }

    /// This slope and the last once, the two between twice.
    func sum(_ k2: Motion, _ k3: Motion, _ k4: Motion) -> Motion {
      Motion(
        first + 2 * k2.first + 2 * k3.first + k4.first, second + 2 * k2.second + 2 * k3.second + k4.second,
        firstVelocity + 2 * k2.firstVelocity + 2 * k3.firstVelocity + k4.firstVelocity,
        secondVelocity + 2 * k2.secondVelocity + 2 * k3.secondVelocity + k4.secondVelocity)
    }

    /// Equations of motion for links of 1 m, 1 kg, centres at 0.5 m and moments of inertia of 1 kg m².
    func derivative(torque: Double) -> Motion {
      let (cosine, sine) = (cos(second), sin(second))
      let d1 = 0.25 + (1.25 + cosine) + 2
      let d2 = 0.25 + 0.5 * cosine + 1
      let phi2 = 0.5 * Acrobot.gravity * cos(first + second - .pi / 2)
      let coupling = 0.5 * secondVelocity * secondVelocity * sine + secondVelocity * firstVelocity * sine
      let phi1 = 1.5 * Acrobot.gravity * cos(first - .pi / 2) + phi2 - coupling
      let push = torque + d2 / d1 * phi1 - 0.5 * firstVelocity * firstVelocity * sine - phi2
      let secondAcceleration = push / (1.25 - d2 * d2 / d1)
      let firstAcceleration = -(d2 * secondAcceleration + phi1) / d1
      return Motion(firstVelocity, secondVelocity, firstAcceleration, secondAcceleration)
    }
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    values[0] = Float(cos(physicalState[0]))
    values[1] = Float(sin(physicalState[0]))
    values[2] = Float(cos(physicalState[1]))
    values[3] = Float(sin(physicalState[1]))
    values[4] = Float(physicalState[2])
    values[5] = Float(physicalState[3])
  }

  /// No torque.
  public func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [1]) }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("state", physicalState)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    physicalState = try snapshot.doubles("state", count: 4)
  }
}

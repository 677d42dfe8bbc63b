import LinearAlgebra
import Randomness
public import ReinforcementLearning
public import Snapshots

/// A pendulum with a motor at its pivot, to be swung up and held upright with little torque.
///
/// - Actions: `Box`: torque from −2 to 2 N·m; more is cut.
/// - Observation: cosine and sine of the angle from upright, angular velocity (rad/s).
/// - Reward: −(θ² + 0.1 θ̇² + 0.001 u²) with θ in [−π, π), of the state before the step.
/// - Start: θ uniform in [−π, π), θ̇ uniform in [−1, 1).
/// - End: never terminates. Pendulum-v1 is this world `timeLimited(to: 200)`.
///
/// A rod of 1 m and 1 kg under 10 m/s², semi-implicit Euler steps of 0.05 s; equal to Gymnasium's Pendulum-v1 step by
/// step.
public struct Pendulum: LanedEnvironment {
  public typealias Batch = LanedBatch<Pendulum>

  /// Angle from upright in radians, not wrapped.
  public var angle: Double
  /// Angular velocity in radians per second, at most 8.
  public var angularVelocity: Double

  private static let group = AgentGroup(
    name: "agent", count: 1,
    observation: ObservationSpace([
      ObservationField("cos_angle", unit: "1", in: -1...1, "cosine of the angle from upright"),
      ObservationField("sin_angle", unit: "1", in: -1...1, "sine of the angle from upright"),
      ObservationField("angular_velocity", unit: "rad/s", in: -8...8, "angular velocity"),
    ]),
    action: .box([-2...2]))

  /// A pendulum at rest, upright; call ``reset(seed:)`` before an episode.
  public init() {
    angle = 0
    angularVelocity = 0
  }

  public var groups: [AgentGroup] { [Self.group] }

  public mutating func reset(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    angle = stream.uniform(in: -Double.pi..<Double.pi)
    angularVelocity = stream.uniform(in: -1..<1)
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    stepAlone(actions, outcome: &outcome)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let (sine, cosine) = Vectorizable.sineAndCosine(Lanes(repeating: angle))
    values[0] = Float(cosine[0])
    values[1] = Float(sine[0])
    values[2] = Float(angularVelocity)
  }

  /// No torque.
  public func idleAction(for agent: Int) -> AgentAction { AgentAction(continuous: [0]) }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("state", [angle, angularVelocity])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let state = try snapshot.doubles("state", count: 2)
    angle = state[0]
    angularVelocity = state[1]
  }
}

extension Pendulum {
  public var motion: Motion {
    Motion(angle: Lanes(repeating: angle), angularVelocity: Lanes(repeating: angularVelocity))
  }

  public mutating func take(_ lane: Int, of motion: Motion) {
    angle = motion.angle[lane]
    angularVelocity = motion.angularVelocity[lane]
  }

  /// Four pendulums.
  public struct Motion: LanedMotion {
    var angle: Lanes
    var angularVelocity: Lanes

    public static var width: Int { 3 }
    public static var isContinuous: Bool { true }

    @inline(__always)
    public mutating func move(_ actions: Lanes) -> (rewards: Lanes, terminated: SIMDMask<SIMD4<Int64>>) {
      let torque = actions.clamped(lowerBound: Lanes(repeating: -2), upperBound: Lanes(repeating: 2))
      let turn = 2 * Double.pi
      let shifted = angle + .pi
      let wrapped = shifted - (shifted / turn).rounded(.down) * turn - .pi
      let cost = wrapped * wrapped + 0.1 * (angularVelocity * angularVelocity) + 0.001 * (torque * torque)
      angularVelocity += (15 * Vectorizable.sineAndCosine(angle).sine + 3 * torque) * 0.05
      angularVelocity.clamp(lowerBound: Lanes(repeating: -8), upperBound: Lanes(repeating: 8))
      angle += angularVelocity * 0.05
      return (-cost, SIMDMask(repeating: false))
    }

    @inline(__always)
    public func observe(into rows: inout MutableSpan<Float>) {
      let (sine, cosine) = Vectorizable.sineAndCosine(angle)
      writeColumns(cosine, sine, angularVelocity, into: &rows)
    }

    @inline(__always)
    public mutating func replace(_ lane: Int, by other: Motion) {
      angle[lane] = other.angle[lane]
      angularVelocity[lane] = other.angularVelocity[lane]
    }
  }
}

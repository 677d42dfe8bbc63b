import LinearAlgebra
import Randomness
public import ReinforcementLearning
public import Snapshots

/// A pole that stands on a cart, to be kept upright by pushing the cart left or right.
///
/// - Actions: `Discrete(2)`: 0 pushes to the left, 1 to the right, with 10 N.
/// - Observation: cart position (m), cart velocity (m/s), pole angle (rad), pole's angular velocity (rad/s).
/// - Reward: 1 for every step, the last one included.
/// - Start: each value uniform in [−0.05, 0.05).
/// - End: terminated when |position| > 2.4 m or |angle| > 12°. CartPole-v1 is this world `timeLimited(to: 500)`.
///
/// Explicit Euler steps of 0.02 s on a state of `Double`s; equal to Gymnasium's CartPole-v1 step by step.
/// Source: A. G. Barto, R. S. Sutton, C. W. Anderson, "Neuronlike adaptive elements that can solve difficult
/// learning control problems", IEEE SMC 13, 1983; equations after R. V. Florian, "Correct equations for the
/// dynamics of the cart-pole system", 2007, without friction.
public struct CartPole: LanedEnvironment {
  public typealias Batch = LanedBatch<CartPole>

  /// Cart position (m), cart velocity (m/s), pole angle (rad), angular velocity (rad/s).
  public struct State: Sendable, Equatable {
    /// Cart position in metres.
    public var position: Double
    /// Cart velocity in metres per second.
    public var velocity: Double
    /// Pole angle from upright in radians.
    public var angle: Double
    /// Pole's angular velocity in radians per second.
    public var angularVelocity: Double

    /// A state by its parts.
    public init(position: Double, velocity: Double, angle: Double, angularVelocity: Double) {
      self.position = position
      self.velocity = velocity
      self.angle = angle
      self.angularVelocity = angularVelocity
    }
  }

  /// The state of cart and pole.
  public var physicalState: State

  private static let group = AgentGroup(
    name: "agent", count: 1,
    observation: ObservationSpace([
      ObservationField("cart_position", unit: "m", in: -4.8...4.8, "position of the cart on its track"),
      ObservationField("cart_velocity", unit: "m/s", in: -.infinity ... .infinity, "velocity of the cart"),
      ObservationField(
        "pole_angle", unit: "rad", in: Float(-2 * Motion.angleLimit)...Float(2 * Motion.angleLimit),
        "angle from upright"),
      ObservationField(
        "pole_angular_velocity", unit: "rad/s", in: -.infinity ... .infinity, "angular velocity of the pole"),
    ]),
    action: .discrete(labels: ["push left", "push right"]))

  /// A cart at rest in the middle with its pole upright; call ``reset(seed:)`` before an episode.
  public init() { physicalState = State(position: 0, velocity: 0, angle: 0, angularVelocity: 0) }

  public var groups: [AgentGroup] { [Self.group] }

  public mutating func reset(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    physicalState = State(
      position: stream.uniform(in: -0.05..<0.05), velocity: stream.uniform(in: -0.05..<0.05),
      angle: stream.uniform(in: -0.05..<0.05), angularVelocity: stream.uniform(in: -0.05..<0.05))
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    stepAlone(actions, outcome: &outcome)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    values[0] = Float(physicalState.position)
    values[1] = Float(physicalState.velocity)
    values[2] = Float(physicalState.angle)
    values[3] = Float(physicalState.angularVelocity)
  }

  /// There is no idle push; 0 stands in for it.
  public func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set(
      "state",
      [
        physicalState.position, physicalState.velocity, physicalState.angle, physicalState.angularVelocity,
      ])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let state = try snapshot.doubles("state", count: 4)
    physicalState = State(position: state[0], velocity: state[1], angle: state[2], angularVelocity: state[3])
  }
}

extension CartPole {
  public var motion: Motion {
    Motion(
      position: Lanes(repeating: physicalState.position), velocity: Lanes(repeating: physicalState.velocity),
      angle: Lanes(repeating: physicalState.angle), angularVelocity: Lanes(repeating: physicalState.angularVelocity))
  }

  public mutating func take(_ lane: Int, of motion: Motion) {
    physicalState = State(
      position: motion.position[lane], velocity: motion.velocity[lane], angle: motion.angle[lane],
      angularVelocity: motion.angularVelocity[lane])
  }

  /// Four carts with their poles.
  public struct Motion: LanedMotion {
    var position: Lanes
    var velocity: Lanes
    var angle: Lanes
    var angularVelocity: Lanes

    private static let force = 10.0
    private static let gravity = 9.8
    private static let poleMass = 0.1
    private static let totalMass = 1.1
    private static let halfLength = 0.5
    private static let interval = 0.02
    private static let positionLimit = 2.4
    static let angleLimit = 12 * 2 * Double.pi / 360

    public static var width: Int { 4 }
    public static var isContinuous: Bool { false }

    @inline(__always)
    public mutating func move(_ actions: Lanes) -> (rewards: Lanes, terminated: SIMDMask<SIMD4<Int64>>) {
      let force = Lanes(repeating: -Self.force).replacing(with: Self.force, where: actions .== 1)
      let (sine, cosine) = Vectorizable.sineAndCosine(angle)
      let poleMoment = Self.poleMass * Self.halfLength
      let perMass = 1 / Self.totalMass
      let push = (force + poleMoment * (angularVelocity * angularVelocity) * sine) * perMass
      let inertia = Self.halfLength * (4.0 / 3.0 - (Self.poleMass * perMass) * (cosine * cosine))
      let angularAcceleration = (Self.gravity * sine - cosine * push) / inertia
      let acceleration = push - (poleMoment * perMass) * (angularAcceleration * cosine)

      position += Self.interval * velocity
      velocity += Self.interval * acceleration
      angle += Self.interval * angularVelocity
      angularVelocity += Self.interval * angularAcceleration

      let isOff = (position .> Self.positionLimit) .| (position .< -Self.positionLimit)
      let isFallen = (angle .> Self.angleLimit) .| (angle .< -Self.angleLimit)
      return (Lanes(repeating: 1), isOff .| isFallen)
    }

    @inline(__always)
    public func observe(into rows: inout MutableSpan<Float>) {
      writeColumns(position, velocity, angle, angularVelocity, into: &rows)
    }

    @inline(__always)
    public mutating func replace(_ lane: Int, by other: Motion) {
      position[lane] = other.position[lane]
      velocity[lane] = other.velocity[lane]
      angle[lane] = other.angle[lane]
      angularVelocity[lane] = other.angularVelocity[lane]
    }
  }
}

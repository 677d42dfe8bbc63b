import LinearAlgebra
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
public struct Acrobot: LanedEnvironment {
  public typealias Batch = LanedBatch<Acrobot>

  /// Angle of the first link from hanging down, angle of the second relative to the first (rad), and their velocities
  /// (rad/s).
  public var physicalState: [Double] {
    get { (0..<4).map { state[$0] } }
    set {
      precondition(newValue.count == 4, "an acrobot's state has 4 numbers, not \(newValue.count)")
      state = Lanes(newValue)
    }
  }
  /// The same as one vector.
  private var state: Lanes

  static let fastest = (first: 4 * Double.pi, second: 9 * Double.pi)

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
  public init() { state = .zero }

  public var groups: [AgentGroup] { [Self.group] }

  public mutating func reset(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    for index in 0..<4 { state[index] = stream.uniform(in: -0.1..<0.1) }
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    stepAlone(actions, outcome: &outcome)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let (sines, cosines) = Vectorizable.sineAndCosine(Lanes(state[0], state[1], 0, 0))
    values[0] = Float(cosines[0])
    values[1] = Float(sines[0])
    values[2] = Float(cosines[1])
    values[3] = Float(sines[1])
    values[4] = Float(state[2])
    values[5] = Float(state[3])
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

extension Acrobot {
  public var motion: Motion {
    Motion(
      Lanes(repeating: state[0]), Lanes(repeating: state[1]), Lanes(repeating: state[2]),
      Lanes(repeating: state[3]))
  }

  public mutating func take(_ lane: Int, of motion: Motion) {
    state[0] = motion.first[lane]
    state[1] = motion.second[lane]
    state[2] = motion.firstVelocity[lane]
    state[3] = motion.secondVelocity[lane]
  }
}

import LinearAlgebra
import Randomness
public import ReinforcementLearning
public import Snapshots

/// A car in a valley whose engine is too weak for the hill: it must swing back and forth to get up.
///
/// - Actions: `Discrete(3)`: accelerate to the left, not at all, to the right.
/// - Observation: position, velocity (in the world's own units, a step of time being 1).
/// - Reward: −1 for every step.
/// - Start: position uniform in [−0.6, −0.4), at rest.
/// - End: terminated at the hill's top, position ≥ 0.5. MountainCar-v0 is this world `timeLimited(to: 200)`.
///
/// Equal to Gymnasium's MountainCar-v0 step by step. Source: A. W. Moore, "Efficient memory-based learning for robot
/// control", PhD thesis, Cambridge 1990.
public struct MountainCar: LanedEnvironment {
  public typealias Batch = LanedBatch<MountainCar>

  /// Position along the valley.
  public var position: Double
  /// Change of position in a step.
  public var velocity: Double

  private static let group = AgentGroup(
    name: "agent", count: 1,
    observation: ObservationSpace([
      ObservationField("position", unit: "1", in: -1.2...0.6, "position along the valley"),
      ObservationField("velocity", unit: "1", in: -0.07...0.07, "change of position in a step"),
    ]),
    action: .discrete(labels: ["accelerate left", "coast", "accelerate right"]))

  /// A car at rest near the bottom; call ``reset(seed:)`` before an episode.
  public init() {
    position = -0.5
    velocity = 0
  }

  public var groups: [AgentGroup] { [Self.group] }

  public mutating func reset(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    position = stream.uniform(in: -0.6..<(-0.4))
    velocity = 0
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    stepAlone(actions, outcome: &outcome)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    values[0] = Float(position)
    values[1] = Float(velocity)
  }

  /// Coasting.
  public func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [1]) }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("state", [position, velocity])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let state = try snapshot.doubles("state", count: 2)
    position = state[0]
    velocity = state[1]
  }
}

extension MountainCar {
  public var motion: Motion { Motion(position: Lanes(repeating: position), velocity: Lanes(repeating: velocity)) }

  public mutating func take(_ lane: Int, of motion: Motion) {
    position = motion.position[lane]
    velocity = motion.velocity[lane]
  }

  /// Four cars.
  public struct Motion: LanedMotion {
    var position: Lanes
    var velocity: Lanes

    public static var width: Int { 2 }
    public static var isContinuous: Bool { false }

    @inline(__always)
    public mutating func move(_ actions: Lanes) -> (rewards: Lanes, terminated: SIMDMask<SIMD4<Int64>>) {
      let slope = Vectorizable.sineAndCosine(3 * position).cosine
      velocity += (actions - 1) * 0.001 + slope * -0.0025
      velocity.clamp(lowerBound: Lanes(repeating: -0.07), upperBound: Lanes(repeating: 0.07))
      position += velocity
      position.clamp(lowerBound: Lanes(repeating: -1.2), upperBound: Lanes(repeating: 0.6))
      velocity.replace(with: 0, where: (position .== -1.2) .& (velocity .< 0))
      return (Lanes(repeating: -1), (position .>= 0.5) .& (velocity .>= 0))
    }

    @inline(__always)
    public func observe(into rows: inout MutableSpan<Float>) { writeColumns(position, velocity, into: &rows) }

    @inline(__always)
    public mutating func replace(_ lane: Int, by other: Motion) {
      position[lane] = other.position[lane]
      velocity[lane] = other.velocity[lane]
    }
  }
}

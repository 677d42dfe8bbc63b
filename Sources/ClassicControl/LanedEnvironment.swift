public import ReinforcementLearning

/// Four environments, one in each lane of a vector register.
public typealias Lanes = SIMD4<Double>

/// A single-agent world without masks whose motion is written for four environments at once.
///
/// One environment by itself moves as the first lane of four, so that it and a batch agree to the bit.
public protocol LanedEnvironment: Environment {
  /// The states of four environments.
  associatedtype Motion: LanedMotion

  /// The state of one environment in all lanes.
  var motion: Motion { get }

  /// Becomes the environment of a lane.
  mutating func take(_ lane: Int, of motion: Motion)
}

/// The states of four environments and the equations by which they move.
public protocol LanedMotion: BitwiseCopyable, Sendable {
  /// The number of values in an observation; at most 8.
  static var width: Int { get }

  /// Whether actions are real numbers rather than choices.
  static var isContinuous: Bool { get }

  /// Moves by one step under an action in each lane; returns rewards and which episodes ended for good.
  mutating func move(_ actions: Lanes) -> (rewards: Lanes, terminated: SIMDMask<SIMD4<Int64>>)

  /// Writes the observations of all lanes, row after row.
  func observe(into rows: inout MutableSpan<Float>)

  /// Takes over the state of a lane of another.
  mutating func replace(_ lane: Int, by other: Self)
}

extension LanedEnvironment {
  /// Moves by one step as the first of four lanes.
  @inline(__always)
  mutating func stepAlone(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    var moved = motion
    let action = Motion.isContinuous ? Double(actions.continuous[0]) : Double(actions.discrete[0])
    let (rewards, terminated) = moved.move(Lanes(repeating: action))
    take(0, of: moved)
    outcome.rewards[0] = rewards[0]
    outcome.terminated[0] = terminated[0]
    outcome.truncated[0] = false
    outcome.episodeOver = terminated[0]
  }
}

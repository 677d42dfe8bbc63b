public import Randomness
public import ReinforcementLearning
public import Snapshots

/// A world of round bodies in a plane, whose rewards and observations are written for four environments at once.
///
/// One environment by itself is the first lane of a block, so that it and a batch agree to the bit. Everything random
/// is drawn when an episode begins, and no episode ends by itself.
public protocol ParticleEnvironment: Environment {
  /// What the world is made of.
  var setup: ParticleSetup { get }

  /// The environment's present state.
  var particles: Particles { get set }

  /// Draws the beginning of an episode into a lane that is all zero.
  func start(_ lane: Int, of block: inout MutableSpan<Lanes>, using stream: inout RandomStream)

  /// Writes the reward of each agent for the state that a step led to.
  func reward(in block: borrowing Span<Lanes>, into rewards: inout MutableSpan<Lanes>)

  /// Writes what one agent sees, in the order of its fields.
  func observe(
    agent: Int, ofGroup group: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor,
    into rows: inout MutableSpan<Float>)
}

extension ParticleEnvironment {
  /// Positions, velocities and what else changes.
  public var physicalState: ParticleState {
    get { ParticleState(lane: 0, of: particles.block.span, setup.layout) }
    set {
      let layout = setup.layout
      precondition(newValue.fits(layout), "a state with \(newValue.positions.count) agents")
      var block = particles.block.mutableSpan
      newValue.write(to: 0, of: &block, layout)
    }
  }

  public mutating func reset(seed: UInt64) {
    var lanes: [Lanes] = []
    swap(&lanes, &particles.block)
    do {
      var block = lanes.mutableSpan
      begin(0, of: &block, seed: seed)
    }
    swap(&lanes, &particles.block)
  }

  @inline(__always)
  func begin(_ lane: Int, of block: inout MutableSpan<Lanes>, seed: UInt64) {
    var stream = RandomStream(seed: seed)
    for index in 0..<block.count { block[index][lane] = 0 }
    start(lane, of: &block, using: &stream)
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    let setup = setup
    // Taken out, so that the world can be asked while its rewards are written.
    var moved = Particles.none
    swap(&moved, &particles)
    moved.move(actions, setup)
    var earned: [Lanes] = []
    swap(&earned, &moved.rewards)
    do {
      var rewards = earned.mutableSpan
      reward(in: moved.block.span, into: &rewards)
    }
    swap(&earned, &moved.rewards)
    swap(&moved, &particles)
    for agent in 0..<setup.agents.count {
      outcome.rewards[agent] = particles.rewards[agent][0]
      outcome.terminated[agent] = false
      outcome.truncated[agent] = false
    }
    outcome.episodeOver = false
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let part = setup.parts[group]
    let width = values.count / part.count
    for slot in 0..<part.count {
      var cursor = RowCursor(next: slot * width, lane: 0)
      observe(agent: part.first + slot, ofGroup: group, in: particles.block.span, at: &cursor, into: &values)
    }
  }

  public mutating func assign(from other: Self) {
    guard setup == other.setup else {
      self = other
      return
    }
    var block = particles.block.mutableSpan
    for index in 0..<block.count { block[index] = other.particles.block[index] }
  }

  /// No push; one who speaks says the first word where a word must be said, else nothing.
  public func idleAction(for agent: Int) -> AgentAction {
    guard setup.isContinuous else { return AgentAction(discrete: [0]) }
    for part in setup.parts where (part.first..<part.first + part.count).contains(agent) {
      return AgentAction(continuous: [Float](repeating: 0, count: setup.values(of: part)))
    }
    preconditionFailure("there is no agent \(agent)")
  }

  public func snapshot() -> Snapshot { physicalState.snapshot() }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    physicalState = try ParticleState(from: snapshot, setup.layout)
  }
}

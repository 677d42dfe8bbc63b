import ParticleWorld
import ReinforcementLearning
import Testing

/// The worlds against mpe2 1.1.1, through whole episodes from injected states, half of them crowded.
@Suite struct ParityTests {
  @Test(arguments: ParticleCase.defaults)
  func `equals mpe2 in states, rewards and observations`(kind: ParticleCase) throws {
    try expectEqual(kind.world, kind.name)
  }

  private func expectEqual<World: ParticleEnvironment>(_ start: World, _ name: String) throws {
    var records = try ParticleRecords(fixture: name)
    var world = start
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    let actions = action.discrete.count + action.continuous.count
    var worst = (state: 0.0, reward: 0.0, observation: Float(0))
    var episodes = 0
    while !records.isAtEnd {
      world.physicalState = records.readStart(like: world.physicalState)
      for _ in 0..<ParticleRecords.steps {
        let step = records.readStep(
          after: world.physicalState, actions: actions, agents: world.agentCount, observations: world.stateCount)
        if action.discrete.isEmpty { action.continuous = step.actions }
        if action.continuous.isEmpty { action.discrete = step.actions.map { Int32($0) } }
        world.step(action, outcome: &outcome)
        worst.state = max(worst.state, world.physicalState.distance(to: step.state))
        worst.reward = max(worst.reward, zip(outcome.rewards, step.rewards).map { abs($0 - $1) }.max() ?? .nan)
        worst.observation = max(
          worst.observation, zip(world.allObservations, step.observations).map { abs($0 - $1) }.max() ?? .nan)
        #expect(!outcome.episodeOver && !outcome.terminated.contains(true) && !outcome.truncated.contains(true))
      }
      episodes += 1
    }
    #expect(episodes == 6)
    #expect(worst.state <= 1e-9 && worst.reward <= 1e-9 && worst.observation <= 1e-6, "\(worst)")
  }
}

extension ParticleState {
  /// The greatest difference of positions, velocities and words.
  func distance(to other: ParticleState) -> Double {
    let points = zip(positions + velocities + landmarks, other.positions + other.velocities + other.landmarks)
    return (points.map { max(abs($0.x - $1.x), abs($0.y - $1.y)) } + zip(words, other.words).map { abs($0 - $1) })
      .reduce(0) { $1 <= $0 ? $0 : $1 }
  }
}

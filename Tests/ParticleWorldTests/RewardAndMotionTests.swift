import Foundation
import ParticleWorld
import Randomness
import ReinforcementLearning
import Testing

/// Rewards and motion of both conventions against the plain twin and by hand.
@Suite struct RewardAndMotionTests {
  @Test(arguments: ParticleCase.all)
  func `pays and moves as the plain twin does`(kind: ParticleCase) {
    expectAgreement(kind.world)
  }

  @Test(arguments: [0, 0.3, 1])
  func `a local ratio weighs own touching against the common distance`(ratio: Double) {
    expectAgreement(SimpleSpread(agents: 4, rewards: .pettingzoo(localRatio: ratio)))
  }

  private func expectAgreement<World: ParticleEnvironment>(_ start: World) {
    var world = start
    var stream = RandomStream(seed: 41)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var worst = (state: 0.0, reward: 0.0)
    var kinds: Set<[Double]> = []
    for trial in 0..<2_000 {
      let before = world.randomState(using: &stream, isCrowded: trial % 2 == 1)
      world.physicalState = before
      world.randomize(&action, using: &stream, from: -0.5, to: 1.5)
      world.step(action, outcome: &outcome)
      var plain = PlainParticles.moved(before, under: forces(action, world), world.setup)
      plain.words = world.physicalState.words
      let rewards = PlainParticles.rewards(world, plain)
      #expect(rewards.count == outcome.rewards.count)
      worst.state = max(worst.state, world.physicalState.distance(to: plain))
      worst.reward = max(worst.reward, zip(outcome.rewards, rewards).map { abs($0 - $1) }.max() ?? .nan)
      kinds.insert(outcome.rewards)
    }
    #expect(worst.state <= 1e-12 && worst.reward <= 1e-10, "\(worst)")
    #expect(kinds.count > 50)
  }

  private func forces(_ action: JointAction, _ world: some ParticleEnvironment) -> [SIMD2<Double>] {
    var forces: [SIMD2<Double>] = []
    for (index, group) in world.groups.enumerated() {
      for slot in 0..<group.count {
        let push = world.setup.agents[forces.count].push
        var force = SIMD2<Double>.zero
        if world.speaks(forces.count) {
          forces.append(.zero)
          continue
        }
        if world.setup.isContinuous {
          let first = action.continuousStart[index] + 5 * slot
          let cut = action.continuous[first..<first + 5].map { min(max($0, 0), 1) }
          force = SIMD2(Double(cut[2] - cut[1]), Double(cut[4] - cut[3]))
        } else {
          let chosen = Int(action.discrete[action.discreteStart[index] + slot])
          force = [.zero, SIMD2(-1, 0), SIMD2(1, 0), SIMD2(0, -1), SIMD2(0, 1)][chosen]
        }
        forces.append(push * force)
      }
    }
    return forces
  }

  /// Three agents in a row at 0.2 m, each 0.1 m inside the next: 10 N a contact.
  @Test func `three bodies push one another apart, and only the outer ones move`() {
    var world = SimpleSpread()
    world.physicalState = ParticleState(
      positions: [SIMD2(-0.2, 0), SIMD2(0, 0), SIMD2(0.2, 0)], landmarks: [.zero, .zero, .zero])
    var outcome = StepOutcome(agents: 3)
    let action = JointAction(for: world.groups)
    world.step(action, outcome: &outcome)
    let after = world.physicalState
    #expect(after.positions == [SIMD2(-0.2, 0), SIMD2(0, 0), SIMD2(0.2, 0)], "positions follow a step later")
    #expect(abs(after.velocities[0].x + 1) < 1e-12 && abs(after.velocities[2].x - 1) < 1e-12)
    #expect(abs(after.velocities[1].x) < 1e-12 && after.velocities.allSatisfy { $0.y == 0 })
    // The middle one touches two, the outer ones one each; a landmark below each agent's nearest: all at the centre.
    #expect(outcome.rewards == [-0.5, -1, -0.5])
  }

  @Test func `contacts of many bodies exchange momentum without loss`() {
    var world = SimpleSpread(agents: 8)
    var stream = RandomStream(seed: 4)
    var outcome = StepOutcome(agents: 8)
    for _ in 0..<200 {
      let before = world.randomState(using: &stream, isCrowded: true)
      world.physicalState = before
      world.step(JointAction(for: world.groups), outcome: &outcome)
      let sum = before.velocities.reduce(.zero, +) * 0.75 - world.physicalState.velocities.reduce(.zero, +)
      #expect(abs(sum.x) < 1e-12 && abs(sum.y) < 1e-12)
    }
  }

  @Test func `bodies whose centres meet have no direction to part in, and stay finite`() {
    var world = SimpleTag()
    var state = world.physicalState
    state.positions = [SIMD2<Double>](repeating: .zero, count: 4)
    world.physicalState = state
    var outcome = StepOutcome(agents: 4)
    world.step(JointAction(for: world.groups), outcome: &outcome)
    #expect(world.physicalState == state)
    #expect(outcome.rewards == [30, 30, 30, -30])
  }

  @Test func `the original moves with the new velocity, PettingZoo's with the old`() {
    for (order, expected) in [(MotionOrder.original, 0.05), (.pettingzoo, 0)] {
      var world = SimpleAdversary(order: order)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: 3)
      action.discrete = [2, 0, 4]
      world.step(action, outcome: &outcome)
      #expect(world.physicalState.positions[0] == SIMD2(expected, 0))
      #expect(world.physicalState.positions[2] == SIMD2(0, expected))
      #expect(world.physicalState.velocities[0] == SIMD2(0.5, 0))
    }
  }

  @Test func `a word is heard in the step after it was said, the goal's colour only by the speaker`() {
    var world = SimpleSpeakerListener()
    var state = world.physicalState
    state.goal = 2
    world.physicalState = state
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 2)
    #expect(world.allObservations == [0.15, 0.15, 0.65] + [Float](repeating: 0, count: 11))
    action.discrete = [1, 0]
    world.step(action, outcome: &outcome)
    #expect(world.allObservations.suffix(3) == [0, 1, 0])
    var telling = SimpleSpeakerListener(isContinuous: true)
    var words = JointAction(for: telling.groups)
    words.continuous = [0.25, 3, -1, 0, 0, 0, 0, 0]
    telling.step(words, outcome: &outcome)
    #expect(telling.allObservations.suffix(3) == [0.25, 1, 0])
  }

  @Test func `what a prey pays near the edge rises from 0 at 0.9 to 10`() {
    var world = SimpleTag()
    var state = world.physicalState
    state.positions = [SIMD2(5, 5), SIMD2(-5, 5), SIMD2(5, -5), .zero]
    state.landmarks = [SIMD2(-5, -5), SIMD2(-5, -5)]
    var outcome = StepOutcome(agents: 4)
    for (x, cost) in [(0.89, 0), (0.95, 0.5), (-0.95, 0.5), (1, 1), (1.5, exp(1.0)), (2.2, 10), (-7, 10)] {
      state.positions[3] = SIMD2(x, 0)
      world.physicalState = state
      world.step(JointAction(for: world.groups), outcome: &outcome)
      #expect(abs(outcome.rewards[3] + cost) < 1e-12, "at \(x)")
      #expect(outcome.rewards[0] == 0)
    }
  }
}

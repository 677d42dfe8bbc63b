import AllocationCounting
import ParticleWorld
import Randomness
import ReinforcementLearning
import Testing

/// Batches in vector registers against environments stepped one by one.
@Suite struct ParticleBatchTests {
  @Test(arguments: ParticleCase.all, [1, 6, 131])
  func `a batch agrees with single environments to the bit`(kind: ParticleCase, count: Int) {
    expectAgreement(kind.world, count: count)
  }

  private func expectAgreement<World: ParticleEnvironment>(_ start: World, count: Int) {
    let seeds = EpisodeSeeds(.training, seed: 9)
    let limited = start.timeLimited(to: 25)
    var vector = VectorEnvironment(limited, count: count, seeds: seeds)
    var singles = [TimeLimited<World>](repeating: limited, count: count)
    for index in 0..<count { singles[index].reset(seed: seeds.seed(environment: index, episode: 0)) }
    var action = JointAction(for: limited.groups)
    var outcomes = [StepOutcome](repeating: StepOutcome(agents: limited.agentCount), count: count)
    var stream = RandomStream(seed: 3)
    var differences = 0
    for _ in 1...60 {
      for index in 0..<count {
        start.randomize(&action, using: &stream, from: -0.2, to: 1.2)
        vector.frame.put(action, of: index)
        singles[index].step(action, outcome: &outcomes[index])
      }
      vector.step()
      for index in 0..<count {
        let next = vector.frame.row(of: index) { $0.nextObservations }
        if next.map(\.bitPattern) != singles[index].world.allObservations.map(\.bitPattern) { differences += 1 }
        if vector.frame.outcome(of: index) != outcomes[index] { differences += 1 }
      }
      for index in 0..<count where vector.frame.episodeOver[index] {
        singles[index].reset(seed: seeds.seed(environment: index, episode: vector.episodes[index]))
      }
      vector.advance()
      for index in 0..<count {
        let shown = vector.frame.row(of: index) { $0.observations }
        if shown.map(\.bitPattern) != singles[index].world.allObservations.map(\.bitPattern) { differences += 1 }
      }
    }
    #expect(differences == 0)
    #expect(vector.episodes == [Int](repeating: 3, count: count))
    #expect(vector.frame.groups.allSatisfy { $0.active.allSatisfy { $0 } && $0.masks.allSatisfy { $0 } })
    #expect(vector.environments.map { $0.snapshot() } == singles.map { $0.snapshot() })
  }

  @Test func `a vector that was restored plays on as the original`() throws {
    func make() -> VectorEnvironment<TimeLimited<SimpleSpeakerListener>> {
      VectorEnvironment(
        SimpleSpeakerListener().timeLimited(to: 25), count: 7, seeds: EpisodeSeeds(.training, seed: 2))
    }
    func play(_ vector: inout VectorEnvironment<TimeLimited<SimpleSpeakerListener>>, steps: Int) {
      for step in 0..<steps {
        for row in 0..<7 {
          vector.frame.groups[0].actions[row] = Int32((step + row) % 3)
          vector.frame.groups[1].actions[row] = Int32((step + 2 * row) % 5)
        }
        vector.step()
        vector.advance()
      }
    }
    var original = make()
    play(&original, steps: 37)
    var restored = make()
    try restored.restore(from: original.snapshot())
    play(&original, steps: 40)
    play(&restored, steps: 40)
    #expect(restored.snapshot() == original.snapshot())
    #expect(restored.frame.groups[1].observations == original.frame.groups[1].observations)
  }

  @Test(arguments: ParticleCase.defaults)
  func `steps and resets ask for no memory`(kind: ParticleCase) {
    expectNoAllocation(kind.world)
  }

  private func expectNoAllocation<World: ParticleEnvironment>(_ start: World) {
    var vector = VectorEnvironment(start.timeLimited(to: 25), count: 70, seeds: EpisodeSeeds(.training, seed: 1))
    var single = start
    single.reset(seed: 1)
    var copy = single
    var outcome = StepOutcome(agents: single.agentCount)
    let action = JointAction(for: single.groups)
    single.step(action, outcome: &outcome)
    copy.assign(from: single)
    for _ in 0..<30 {
      vector.step()
      vector.advance()
    }
    let before = edgewise_allocations()
    for seed in 0..<60 as Range<UInt64> {
      vector.step()
      vector.advance()
      single.step(action, outcome: &outcome)
      copy.assign(from: single)
      if seed % 25 == 0 { single.reset(seed: seed) }
    }
    #expect(edgewise_allocations() - before == 0)
  }
}

extension VectorFrame {
  /// Gives one environment its actions.
  fileprivate mutating func put(_ action: JointAction, of index: Int) {
    for group in groups.indices {
      let kind = groups[group].group
      let integers = kind.count * kind.action.discreteCount
      for place in 0..<integers {
        groups[group].actions[index * integers + place] = action.discrete[action.discreteStart[group] + place]
      }
      let reals = kind.count * kind.action.continuousCount
      for place in 0..<reals {
        groups[group].continuousActions[index * reals + place] =
          action.continuous[action.continuousStart[group] + place]
      }
    }
  }

  /// The part of one environment in an array of each group.
  fileprivate func row<Value>(of index: Int, _ array: (Group) -> [Value]) -> [Value] {
    groups.flatMap { group in
      let all = array(group)
      let size = all.count / environments
      return Array(all[index * size..<(index + 1) * size])
    }
  }

  fileprivate func outcome(of index: Int) -> StepOutcome {
    let rewards = row(of: index) { $0.rewards }
    var outcome = StepOutcome(agents: rewards.count)
    outcome.rewards = rewards
    outcome.terminated = row(of: index) { $0.terminated }
    outcome.truncated = row(of: index) { $0.truncated }
    outcome.episodeOver = episodeOver[index]
    return outcome
  }
}

import ClassicControl
import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Batches in vector registers against environments stepped one by one.
@Suite struct LanedBatchTests {
  @Test(arguments: [1, 3, 1_000])
  func `a batch of CartPole agrees with single environments to the bit`(count: Int) {
    let ended = expectAgreement(CartPole(), limit: 40, count: count, steps: 500)
    #expect(ended.terminated > count * 10 && ended.truncated > 0)
  }

  @Test(arguments: [2, 1_000])
  func `a batch of Acrobot agrees with single environments to the bit`(count: Int) {
    let ended = expectAgreement(Acrobot(), limit: 200, count: count, steps: 500, pushedAlong: 5)
    #expect(ended.truncated >= count && ended.terminated >= count / 2)
  }

  @Test(arguments: [3, 1_000])
  func `a batch of MountainCar agrees with single environments to the bit`(count: Int) {
    let ended = expectAgreement(MountainCar(), limit: 130, count: count, steps: 500, pushedAlong: 1)
    #expect(ended.truncated >= count && ended.terminated >= count)
  }

  @Test(arguments: [5, 1_000])
  func `a batch of Pendulum agrees with single environments to the bit`(count: Int) {
    #expect(expectAgreement(Pendulum(), limit: 60, count: count, steps: 500).truncated == 8 * count)
  }

  /// Plays a vector of environments and the same environments one by one, with the same actions: random ones, or in
  /// every second environment the outermost in the direction of a velocity, which is shown in a field.
  private func expectAgreement<World: Environment>(
    _ world: World, limit: Int, count: Int, steps: Int, pushedAlong field: Int? = nil
  ) -> (terminated: Int, truncated: Int) {
    let seeds = EpisodeSeeds(.training, seed: 9)
    let start = world.timeLimited(to: limit)
    var vector = VectorEnvironment(start, count: count, seeds: seeds)
    var singles = [TimeLimited<World>](repeating: start, count: count)
    var episodes = [Int](repeating: 1, count: count)
    var returns = [Double](repeating: 0, count: count)
    for index in 0..<count { singles[index].reset(seed: seeds.seed(environment: index, episode: 0)) }
    var action = JointAction(for: start.groups)
    var outcome = StepOutcome(agents: 1)
    let width = start.groups[0].observation.count
    var values = [Float](repeating: 0, count: width)
    var stream = RandomStream(seed: 3)
    var ended = (terminated: 0, truncated: 0)
    var differences = 0
    for _ in 0..<steps {
      let options = start.groups[0].action.maskCount
      for row in 0..<count where options > 0 {
        let chosen = Int32(stream.integer(below: options))
        let velocity = row % 2 == 0 ? field.map { vector.frame.groups[0].observations[row * width + $0] } : nil
        vector.frame.groups[0].actions[row] = velocity.map { $0 < 0 ? 0 : Int32(options - 1) } ?? chosen
      }
      for row in 0..<count where options == 0 {
        vector.frame.groups[0].continuousActions[row] = Float(stream.uniform(in: -2.5..<2.5))
      }
      vector.step()
      var finished: [Double] = []
      let part = vector.frame.groups[0]
      for row in 0..<count {
        if options > 0 {
          action.discrete[0] = part.actions[row]
        } else {
          action.continuous[0] = part.continuousActions[row]
        }
        singles[row].step(action, outcome: &outcome)
        var span = values.mutableSpan
        singles[row].observe(group: 0, into: &span)
        returns[row] += outcome.rewards[0]
        if part.rewards[row].bitPattern != outcome.rewards[0].bitPattern { differences += 1 }
        if part.terminated[row] != outcome.terminated[0] || part.truncated[row] != outcome.truncated[0] {
          differences += 1
        }
        if vector.frame.episodeOver[row] != outcome.episodeOver || !part.active[row] { differences += 1 }
        if part.nextMasks.contains(false) { differences += 1 }
        if Self.bits(part.nextObservations[row * width..<(row + 1) * width]) != Self.bits(values[...]) {
          differences += 1
        }
        guard outcome.episodeOver else { continue }
        if outcome.terminated[0] { ended.terminated += 1 } else { ended.truncated += 1 }
        finished.append(returns[row])
        returns[row] = 0
        singles[row].reset(seed: seeds.seed(environment: row, episode: episodes[row]))
        episodes[row] += 1
      }
      if vector.finishedReturns != finished { differences += 1 }
      vector.advance()
      let shown = vector.frame.groups[0].observations
      for row in 0..<count {
        var span = values.mutableSpan
        singles[row].observe(group: 0, into: &span)
        if Self.bits(shown[row * width..<(row + 1) * width]) != Self.bits(values[...]) { differences += 1 }
      }
    }
    #expect(differences == 0)
    #expect(vector.episodes == episodes)
    #expect(vector.environments.map { $0.snapshot() } == singles.map { $0.snapshot() })
    return ended
  }

  private static func bits(_ values: ArraySlice<Float>) -> [UInt32] { values.map(\.bitPattern) }

  @Test func `a vector that was restored or copied plays on as the original`() throws {
    func make() -> VectorEnvironment<TimeLimited<CartPole>> {
      VectorEnvironment(CartPole().timeLimited(to: 30), count: 7, seeds: EpisodeSeeds(.training, seed: 2))
    }
    func play(_ vector: inout VectorEnvironment<TimeLimited<CartPole>>, steps: Int) {
      for step in 0..<steps {
        for row in 0..<7 { vector.frame.groups[0].actions[row] = Int32((step + row) % 2) }
        vector.step()
        vector.advance()
      }
    }
    var original = make()
    play(&original, steps: 47)
    let saved = original.snapshot()
    var copy = original
    var restored = make()
    try restored.restore(from: saved)
    #expect(restored.frame.groups[0].observations == original.frame.groups[0].observations)
    play(&original, steps: 100)
    #expect(copy.snapshot() == saved)
    play(&copy, steps: 100)
    play(&restored, steps: 100)
    #expect(copy.snapshot() == original.snapshot() && restored.snapshot() == original.snapshot())
    #expect(original.episodes.allSatisfy { $0 > 4 })
  }

  @Test func `a snapshot holds one group for every environment, as it always did`() throws {
    let vector = VectorEnvironment(CartPole().timeLimited(to: 9), count: 5, seeds: EpisodeSeeds(.training, seed: 2))
    for index in 0..<5 {
      var world = CartPole().timeLimited(to: 9)
      world.reset(seed: EpisodeSeeds(.training, seed: 2).seed(environment: index, episode: 0))
      #expect(try vector.snapshot().group("environment-\(index)") == world.snapshot())
    }
  }
}

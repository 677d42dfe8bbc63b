import ReinforcementLearning
import Snapshots
import Testing

/// Advice that tells what the world shows: every option has the first number that its agent sees, plus its own place.
private struct EchoAdviser<World: Environment>: Adviser {
  func advising(_ world: World) -> EchoAdviser { self }

  mutating func advise(in world: borrowing World, into advice: inout MutableSpan<Float>) {
    var place = 0
    for (index, group) in world.groups.enumerated() {
      var seen = [Float](repeating: 0, count: group.count * group.observation.count)
      do {
        var span = seen.mutableSpan
        world.observe(group: index, into: &span)
      }
      for agent in 0..<group.count {
        for option in 0..<group.action.maskCount {
          advice[place] = seen[agent * group.observation.count] + Float(option)
          place += 1
        }
      }
    }
  }
}

@Suite struct AdvisedTests {
  /// Steps two runs side by side and compares everything but the advice.
  private func areAlike<A: Environment, B: Environment>(
    _ plain: inout VectorEnvironment<A>, _ advised: inout VectorEnvironment<B>, steps: Int
  ) -> Bool {
    for step in 0..<steps {
      for group in plain.frame.groups.indices {
        for index in plain.frame.groups[group].actions.indices {
          let choice = Int32((step + index) % 2)
          plain.frame.groups[group].actions[index] = choice
          advised.frame.groups[group].actions[index] = choice
        }
      }
      plain.step()
      advised.step()
      for (one, other) in zip(plain.frame.groups, advised.frame.groups) {
        guard
          one.rewards == other.rewards, one.terminated == other.terminated, one.truncated == other.truncated,
          one.nextObservations == other.nextObservations, one.nextMasks == other.nextMasks
        else { return false }
      }
      plain.advance()
      advised.advance()
      for (one, other) in zip(plain.frame.groups, advised.frame.groups) {
        guard one.observations == other.observations, one.active == other.active else { return false }
      }
    }
    return true
  }

  private func echoes(_ frame: VectorFrame) -> Bool {
    frame.groups.allSatisfy { part in
      let (width, options) = (part.group.observation.count, part.group.action.maskCount)
      return (0..<part.rows).allSatisfy { row in
        (0..<options).allSatisfy { part.advice[row * options + $0] == part.observations[row * width] + Float($0) }
      }
    }
  }

  @Test func `an advised world is the world itself, and the frame's advice is of what it shows now`() throws {
    let world = KnownAnswerWorld.randomWalk(agents: 2)
    var plain = VectorEnvironment(world, count: 3, seeds: EpisodeSeeds(.training, seed: 1))
    var advised = VectorEnvironment(
      world.advised(by: EchoAdviser()), count: 3, seeds: EpisodeSeeds(.training, seed: 1))
    #expect(plain.frame.groups[0].advice.isEmpty)
    #expect(echoes(advised.frame), "after the first reset")
    for _ in 0..<30 {
      let isAlike = areAlike(&plain, &advised, steps: 1)
      #expect(isAlike)
      #expect(echoes(advised.frame))
    }
    #expect(plain.episodes == advised.episodes && plain.episodes[0] > 3, "episodes ended on the way")
    #expect(plain.snapshot() == advised.snapshot(), "advice is no part of the state")
    var again = VectorEnvironment(
      world.advised(by: EchoAdviser()), count: 3, seeds: EpisodeSeeds(.training, seed: 1))
    try again.restore(from: advised.snapshot())
    #expect(again.frame.groups[0].advice == advised.frame.groups[0].advice)
  }

  @Test func `advice after a step is that of the true last state, before a reset`() {
    var advised = VectorEnvironment(
      KnownAnswerWorld.matching(agents: 1).advised(by: EchoAdviser()), count: 8,
      seeds: EpisodeSeeds(.training, seed: 3))
    for _ in 0..<10 {
      advised.step()
      let part = advised.frame.groups[0]
      for row in 0..<8 {
        let next = part.nextObservations[row * 2]
        #expect(part.nextAdvice[row * 2] == next && part.nextAdvice[row * 2 + 1] == next + 1)
      }
      advised.advance()
    }
  }

  @Test func `an assigned world advises as the other does`() {
    var one = KnownAnswerWorld.matching(agents: 2).advised(by: EchoAdviser())
    var other = one
    var seeds: Set<[Float]> = []
    for seed in 0..<10 as Range<UInt64> {
      one.reset(seed: seed)
      other.assign(from: one)
      var advice: [[Float]] = []
      for world in [one, other] {
        var written = [Float](repeating: -9, count: 4)
        var span = written.mutableSpan
        world.writeAdvice(group: 0, into: &span)
        advice.append(written)
      }
      #expect(advice[0] == advice[1])
      seeds.insert(advice[0])
    }
    #expect(seeds.count > 1)
  }

  @Test func `difference rewards and one for all take the advice of the world inside`() throws {
    let world = KnownAnswerWorld.matching(agents: 3)
    var plain = VectorEnvironment(
      world.differenceRewarded(), count: 2, seeds: EpisodeSeeds(.training, seed: 4))
    var advised = VectorEnvironment(
      world.differenceRewarded().advised(by: DifferenceAdviser(EchoAdviser())), count: 2,
      seeds: EpisodeSeeds(.training, seed: 4))
    let isAlike = areAlike(&plain, &advised, steps: 20)
    #expect(isAlike && echoes(advised.frame))
    let centre = try #require(world.centrallyControlled())
    let each = VectorEnvironment(world.advised(by: EchoAdviser()), count: 2, seeds: EpisodeSeeds(.training, seed: 4))
    let central = VectorEnvironment(
      centre.advised(by: CentralAdviser(EchoAdviser())), count: 2, seeds: EpisodeSeeds(.training, seed: 4))
    #expect(central.frame.groups[0].advice == each.frame.groups[0].advice)
    #expect(central.frame.groups[0].masks.count == central.frame.groups[0].advice.count)
  }

  @Test func `an advised world passes the check of environments`() {
    let defects = checkEnvironment(KnownAnswerWorld.randomWalk(agents: 2).advised(by: EchoAdviser()))
    #expect(defects.isEmpty, "\(defects)")
  }
}

import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Traps T1 to T3 and T10 in rollouts.
@Suite struct PPOTraps {
  private static let plain = Array(PPOFamilyTests.members.prefix(2))

  private func bench(_ member: PPOFamilyTests.Member, _ change: (inout PPOConfiguration) -> Void = { _ in })
    -> PPOBench
  {
    var bench = PPOBench()
    bench.recipe = member.recipe
    change(&bench.recipe)
    return bench
  }

  /// Trap T3: two agents walk, and leave at steps of their own.
  @Test(arguments: PPOFamilyTests.members)
  func `whatever empty slots and terminal rows show, the same is learned; what ends a trajectory counts`(
    member: PPOFamilyTests.Member
  ) {
    func learned(_ filler: Float, lastReward: Double) -> [[Float]] {
      var (vector, learner) = bench(member).start(KnownAnswerWorld.randomWalk(agents: 2), seed: 3, environments: 2)
      for step in 0..<200 {
        for row in 0..<4 where !vector.frame.groups[0].active[row] {
          for column in 0..<5 { vector.frame.groups[0].observations[row * 5 + column] = filler }
        }
        learner.act(&vector.frame, step: 2 * step)
        vector.step()
        for row in 0..<4 {
          let isEmpty = !vector.frame.groups[0].active[row]
          if isEmpty { vector.frame.groups[0].rewards[row] = Double(filler) }
          guard isEmpty || vector.frame.groups[0].terminated[row] else { continue }
          if !isEmpty { vector.frame.groups[0].rewards[row] += lastReward }
          for column in 0..<5 { vector.frame.groups[0].nextObservations[row * 5 + column] = filler }
        }
        learner.record(vector.frame)
        learner.update(step: 2 * step + 2, advanced: 2)
        vector.advance()
      }
      return learner.policies.groups[0].parameters.map(\.values)
    }
    let calm = learned(0, lastReward: 0)
    #expect(calm.joined().allSatisfy { $0.isFinite })
    #expect(learned(1e30, lastReward: 0) == calm)
    #expect(learned(.nan, lastReward: 0) == calm)
    #expect(learned(0, lastReward: -2) != calm)
  }

  /// Traps T1 and T2: kinds follow the episodes that the observations name.
  @Test(arguments: [1, 3], [1, 2])
  func `each stored step names its episode, and ends it where the episode ends`(environments: Int, agents: Int) throws {
    let bench = bench(Self.plain[0]) { $0.rolloutSteps = 64 }
    var (vector, learner) = bench.start(TracedWorld(agents: agents), seed: 7, environments: environments)
    bench.train(&vector, &learner, to: 60 * environments)
    let rollout = try learner.snapshot().group("rollout")
    let walker = try rollout.group("walker")
    let rows = environments * agents
    #expect(try rollout.integer("filled") == 60)
    let inputs = try walker.group("observed").floats("inputs", count: 60 * rows * 5)
    let kinds = try walker.group("member-0").bytes("kinds", count: 60 * rows)
    let rewards = try walker.group("member-0").floats("rewards", count: 60 * rows)
    func observation(_ sample: Int) -> [Float] { Array(inputs[sample * 5..<sample * 5 + 5]) }
    var found: Set<UInt8> = []
    for sample in 0..<59 * rows {
      let (now, next) = (observation(sample), observation(sample + rows))
      found.insert(kinds[sample])
      #expect(rewards[sample] == now[4] + 1 && now[4] == next[4])
      if now[..<3] == next[..<3] {
        #expect(next[3] == now[3] + 1 && kinds[sample] == StepKind.goesOn.rawValue)
      } else {
        let isOdd = Int(now[0]) % 2 == 1
        #expect(next[3] == 0 && kinds[sample] == (isOdd ? StepKind.terminated : .cut).rawValue)
      }
    }
    #expect(found.count == 3, "episodes of both kinds ended")
  }

  @Test func `a central critic sees all agents and who it is asked for; an own one its agent alone`() {
    for (member, isCentral) in zip(Self.plain, [false, true]) {
      let world = KnownAnswerWorld.matching(agents: 2)
      var (vector, learner) = bench(member).start(world, seed: 1)
      for index in 0..<4 { vector.frame.groups[0].observations[index] = 0.5 }
      let same = learner.values(of: vector.frame, group: 0)
      #expect((same[0] != same[1]) == isCentral, "a number tells agents apart")
      vector.frame.groups[0].observations[2] = -0.5
      let moved = learner.values(of: vector.frame, group: 0)
      #expect(moved[1] != same[1] && (moved[0] != same[0]) == isCentral)
      vector.frame.groups[0].active[1] = false
      let alone = learner.values(of: vector.frame, group: 0)
      vector.frame.groups[0].observations[2] = 7
      #expect(learner.values(of: vector.frame, group: 0)[0] == alone[0], "nothing is seen of an empty slot")
      learner.act(&vector.frame, step: 0)
    }
  }

  /// Trap T10.
  @Test func `an episode of evaluation leaves the whole learner bit-equal, and its policy can be read back`() throws {
    let world = KnownAnswerWorld.matching(agents: 2).inUnits(seenTimes: 300, plus: 2000, worth: 50)
    let bench = bench(Self.plain[1]) { $0.normalization = .running }
    var (vector, learner) = bench.start(world, seed: 2)
    bench.train(&vector, &learner, to: 200)
    let before = learner.snapshot()
    let policies = learner.policies
    var controller = PolicyController(policies, for: world)
    var played = world
    played.reset(seed: 5)
    controller.begin(seed: 5)
    var action = JointAction(for: world.groups)
    controller.act(in: played, &action)
    #expect(learner.snapshot() == before && learner.policies == policies)
    #expect(try before.group("learner").group("walker").group("normalization").integer("count") == 400)
    var checkpoint = Snapshot()
    for (name, group) in policies.records() { checkpoint.set(name, group) }
    #expect(try PolicySet(from: checkpoint) == policies)
  }

  @Test func `a learner adopts actors that fit and refuses others in a sentence`() {
    let world = KnownAnswerWorld.matching(agents: 2)
    let bench = bench(Self.plain[0])
    var (vector, teacher) = bench.start(world, seed: 1)
    bench.train(&vector, &teacher, to: 100)
    var pupil = bench.start(world, seed: 2).learner
    #expect(pupil.policies != teacher.policies && pupil.adopt(teacher.policies) == nil)
    #expect(pupil.policies == teacher.policies)
    var wide = self.bench(Self.plain[0]) { $0.actor.hidden = [8] }.start(world, seed: 2).learner
    #expect(wide.adopt(teacher.policies)?.contains("other layers") == true)
    #expect(pupil.adopt(LearningBench().start(world, seed: 1).learner.policies)?.contains("action values") == true)
    var own = self.bench(Self.plain[0]) { $0.sharing = .individual }.start(world, seed: 2).learner
    #expect(own.adopt(teacher.policies) == nil)
    #expect(pupil.adopt(own.policies)?.contains("parameters of its own") == true)
  }

  @Test func `progress names its figures, and is reset by asking`() {
    let bench = bench(Self.plain[1])
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 1)
    #expect(learner.progress(step: 0).figures.allSatisfy { $0.value.isNaN })
    bench.train(&vector, &learner, to: 16 * 3)
    let progress = learner.progress(step: 48)
    #expect(
      progress.figures.map(\.name) == ["policy_loss", "value_loss", "entropy", "clip_fraction", "approximate_kl"])
    #expect(progress.updates == 3 * 6 * 2 && !progress.hasDiverged)
    #expect(progress.figures.allSatisfy { $0.value.isFinite })
    #expect(progress.figures[2].value > 0 && progress.figures[4].value > 0)
    #expect(learner.progress(step: 48).figures[0].value.isNaN)
  }
}

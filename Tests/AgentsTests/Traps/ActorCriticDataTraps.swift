import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Traps T1, T3, T9, T10 and T12: what actors and critics learn from.
@Suite struct ActorCriticDataTraps {
  /// Trap T1: a time limit is no end.
  @Test(arguments: [1, 3, 10], [("iddpg", 1), ("maddpg", 2)])
  func `a reward of 1 for ever is worth 1 / (1 − γ), whatever the time limit`(limit: Int, kind: (String, Int)) {
    let bench = MADDPGBench {
      $0.name = kind.0
      $0.critic = kind.0 == "maddpg" ? .joint : .own
    }
    for world in [KnownAnswerWorld.constantReward(limit: limit, agents: kind.1)] {
      var (vector, learner) = bench.start(world, seed: 1, environments: 2)
      bench.train(&vector, &learner, to: 3000)
      _ = learner.progress(step: 3000)
      bench.train(&vector, &learner, from: 3000, to: 3200)
      let figures = learner.progress(step: 3200).figures
      let value = figures.first { $0.name == "q_mean" }?.value ?? .nan
      #expect(abs(value - 10) < 0.3, "\(value)")
    }
  }

  /// Trap T2 as a value: the step that is cut bootstraps from its own last observation.
  @Test func `a truncated step bootstraps from its own last observation`() {
    let bench = MADDPGBench()
    var (vector, learner) = bench.start(KnownAnswerWorld.slowStart(limit: 2), seed: 1)
    bench.train(&vector, &learner, to: 4000)
    _ = learner.progress(step: 4000)
    bench.train(&vector, &learner, from: 4000, to: 4200)
    // Half of the rows are worth γ / (1 − γ) = 9, half 10; from the next episode's first they would be worth 4.74.
    let value = learner.progress(step: 4200).figures.first { $0.name == "q_mean" }?.value ?? .nan
    #expect(abs(value - 9.5) < 0.3, "\(value)")
  }

  /// Trap T3, and T7's last: nothing is read of who is not there nor of what stands behind an end.
  @Test(arguments: 0..<9)
  func `rows of absent agents and observations behind an end may hold anything`(index: Int) throws {
    let fixture = try MADDPGFixture.load()
    let example = fixture.cases[index]
    let agents = fixture.groups.map(\.agents)
    var learners = [MADDPGLearner](
      repeating: MADDPGLearner(example.recipe, groups: agents, environments: 1, seed: 3), count: 2)
    var frame = VectorFrame(agents, environments: 1)
    var absent = 0
    for step in fixture.frames {
      step.write(into: &frame)
      learners[0].record(frame)
      for group in agents.indices {
        let (seen, reals) = (agents[group].observation.count, agents[group].action.continuousCount)
        for row in 0..<agents[group].count {
          let isActive = frame.groups[group].active[row]
          if !isActive {
            absent += 1
            frame.groups[group].rewards[row] = .nan
            for index in 0..<seen { frame.groups[group].observations[row * seen + index] = .nan }
            for index in 0..<reals { frame.groups[group].continuousActions[row * reals + index] = .infinity }
          }
          if !isActive || frame.groups[group].terminated[row] {
            for index in 0..<seen { frame.groups[group].nextObservations[row * seen + index] = .nan }
          }
        }
      }
      learners[1].record(frame)
    }
    #expect(absent > 0)
    for update in 1...4 {
      for index in 0..<2 { learners[index].update(step: update, advanced: 1) }
    }
    #expect(learners[0].snapshot() == learners[1].snapshot())
    let progress = learners[0].progress(step: 4)
    #expect(!progress.hasDiverged && progress.updates > 0 && progress == learners[1].progress(step: 4))
  }

  /// Trap T12: with critics of zeros the loss is the mean square of what is learned from.
  @Test(arguments: [1, 2, 4], MADDPGConfiguration.Reward.allCases)
  func `a reward of 1 for each counts N as a sum, 1 as a mean or one's own`(
    agents: Int, reward: MADDPGConfiguration.Reward
  ) throws {
    for sharing in MADDPGConfiguration.Sharing.allCases {
      let bench = MADDPGBench {
        $0.reward = reward
        $0.sharing = sharing
        $0.discount = 0
        $0.warmupSteps = 10
        $0.tau = 1
      }
      var (vector, learner) = bench.start(KnownAnswerWorld.constantReward(limit: 4, agents: agents), seed: 1)
      bench.train(&vector, &learner, to: 10)
      for member in 0..<(sharing == .shared ? 1 : agents) {
        let zeros = try learner.parameters("critic-0", member: member).map { _ in Float(0) }
        try learner.replace("critic-0", [("online", zeros)], member: member)
      }
      bench.train(&vector, &learner, from: 10, to: 11)
      let loss = learner.progress(step: 11).figures.first { $0.name == "critic_loss" }?.value
      #expect(loss == (reward == .sum ? Double(agents * agents) : 1))
    }
  }

  @Test(arguments: [0, 2, 6])
  func `another's own reward changes nothing of what an agent learns`(index: Int) throws {
    let fixture = try MADDPGFixture.load()
    var recipe = fixture.cases[index].recipe
    recipe.updatesPerBlock = 1
    recipe.policyDelay = 1
    let agents = fixture.groups.map(\.agents)
    var frame = VectorFrame(agents, environments: 1)
    var learners = [MADDPGLearner](
      repeating: MADDPGLearner(recipe, groups: agents, environments: 1, seed: 3), count: 2)
    for step in fixture.frames {
      step.write(into: &frame)
      learners[0].record(frame)
      frame.groups[2].rewards[2] += 7
      learners[1].record(frame)
    }
    for learner in learners.indices { learners[learner].update(step: 1, advanced: 1) }
    for place in fixture.places(recipe) {
      for part in ["actor", "critic-0"] {
        let found = try learners.map { try $0.parameters(part, group: place.group, member: place.member) }
        #expect((found[0] != found[1]) == (place.group == "mixer" && place.member == 2), "\(place), \(part)")
      }
    }
  }

  /// What the networks read is the range mapped to [−1, 1]; absent agents stay zeros.
  @Test(arguments: 0..<9)
  func `observations in other units, mapped by their ranges, give the same update`(index: Int) throws {
    let fixture = try MADDPGFixture.load()
    let plain = fixture.groups.map(\.agents)
    let scaled = plain.map { group in
      AgentGroup(
        name: group.name, count: group.count,
        observation: ObservationSpace(
          group.observation.fields.map { ObservationField($0.name, unit: "1", in: -6...10, $0.meaning) }),
        action: group.action)
    }
    var recipe = fixture.cases[index].recipe
    var learners = [MADDPGLearner(recipe, groups: plain, environments: 1, seed: 3)]
    recipe.normalization = .ranges
    learners.append(MADDPGLearner(recipe, groups: scaled, environments: 1, seed: 3))
    var frames = [VectorFrame(plain, environments: 1), VectorFrame(scaled, environments: 1)]
    for step in fixture.frames {
      for index in 0..<2 { step.write(into: &frames[index]) }
      for group in plain.indices {
        frames[1].groups[group].observations = frames[1].groups[group].observations.map { 2 + 8 * $0 }
        frames[1].groups[group].nextObservations = frames[1].groups[group].nextObservations.map { 2 + 8 * $0 }
      }
      for index in 0..<2 { learners[index].record(frames[index]) }
    }
    for index in 0..<2 { learners[index].update(step: 1, advanced: 1) }
    for place in fixture.places(recipe) {
      for part in ["actor", "critic-0"] {
        let found = try learners.map { try $0.parameters(part, group: place.group, member: place.member) }
        for (a, b) in zip(found[0], found[1]) { #expect(abs(a - b) < 1e-5, "\(place), \(part)") }
      }
    }
  }

  /// Trap T10: a running normaliser counts each observation of who is there once, and nothing else moves it.
  @Test func `running statistics count active agents only, and neither updates nor evaluation move them`() throws {
    let fixture = try MADDPGFixture.load()
    var recipe = fixture.cases[1].recipe
    recipe.normalization = .running
    let agents = fixture.groups.map(\.agents)
    let wide = agents.map { group in
      AgentGroup(
        name: group.name, count: group.count,
        observation: ObservationSpace(
          group.observation.fields.map { ObservationField($0.name, unit: "1", in: -50...50, $0.meaning) }),
        action: group.action)
    }
    var learner = MADDPGLearner(recipe, groups: wide, environments: 1, seed: 3)
    var frame = VectorFrame(wide, environments: 1)
    var seen: [Double] = []
    for step in fixture.frames {
      step.write(into: &frame)
      for row in 0..<3 where !frame.groups[2].active[row] {
        frame.groups[2].observations[2 * row] = .nan
      }
      for row in 0..<3 where frame.groups[2].active[row] { seen.append(Double(frame.groups[2].observations[2 * row])) }
      learner.record(frame)
    }
    #expect(seen.count < 3 * fixture.frames.count)
    let statistics = try learner.snapshot().group("learner").group("mixer").group("normalization")
    let normalizer = learner.policies.groups[2].normalizer
    let mean = seen.reduce(0, +) / Double(seen.count)
    let deviation = (seen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seen.count)).squareRoot()
    #expect(abs(Double(normalizer.offset[0]) - mean) < 1e-5 && abs(Double(normalizer.scale[0]) - deviation) < 1e-5)
    learner.update(step: 1, advanced: 1)
    #expect(try learner.snapshot().group("learner").group("mixer").group("normalization") == statistics)
    #expect(learner.policies.groups[2].normalizer == normalizer)
  }

  /// Trap T9: were [observation, action] normalised as it enters the critic, neither its scale nor a constant in it
  /// would count. That hidden layers only are normalised is what MADDPGPeerTests compares.
  @Test(arguments: [false, true])
  func `a critic sees the scale and the offset of what it reads`(layerNorm: Bool) throws {
    let fixture = try MADDPGFixture.load()
    let group = fixture.groups[1].agents
    let bench = MADDPGBench {
      $0.layerNorm = layerNorm
      $0.initialization = .uniformFanIn
      $0.warmupSteps = 0
    }
    func value(scaledBy factor: Float, plus offset: Float) -> Double {
      var learner = MADDPGLearner(bench.recipe, groups: [group], environments: 1, seed: 3)
      var frame = VectorFrame([group], environments: 1)
      for step in fixture.frames {
        let part = step.groups[1]
        frame.groups[0].active = [true]
        frame.groups[0].observations = part.observations[0].map { factor * $0 + offset }
        // Places in [−1, 1] of the ranges −1 ... 1 and 0 ... 4.
        frame.groups[0].continuousActions = [
          factor * part.reals[0] / 2 + offset, 2 + 2 * (factor * (part.reals[1] - 2) / 4 + offset),
        ]
        learner.record(frame)
      }
      learner.update(step: 1, advanced: 1)
      return learner.progress(step: 1).figures.first { $0.name == "q_mean" }?.value ?? .nan
    }
    let plain = value(scaledBy: 1, plus: 0)
    #expect(abs(value(scaledBy: 0.5, plus: 0) - plain) > 1e-3)
    #expect(abs(value(scaledBy: 1, plus: 0.25) - plain) > 1e-3)
    #expect(value(scaledBy: 1, plus: 0) == plain)
  }
}

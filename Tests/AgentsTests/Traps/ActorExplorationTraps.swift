import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Traps T5h and T11: actors explore while they train, along their line, and not at all in evaluation.
@Suite struct ActorExplorationTraps {
  private static let groups = KnownAnswerWorld.hybridAiming(agents: 2).groups

  private static func frame(environments: Int) -> VectorFrame {
    var frame = VectorFrame(groups, environments: environments)
    for row in 0..<frame.groups[0].rows {
      frame.groups[0].active[row] = true
      frame.groups[0].observations[2 * row] = row % 2 == 0 ? 1 : -1
      frame.groups[0].observations[2 * row + 1] = Float(row % 3) - 1
    }
    return frame
  }

  private func learner(_ bench: MADDPGBench, environments: Int = 1, seed: UInt64 = 1) -> MADDPGLearner {
    MADDPGLearner(bench.recipe, groups: Self.groups, environments: environments, seed: seed)
  }

  @Test(arguments: [1, 4, 16])
  func `noise and temperature lie on their lines for any number of environments, also after a resume`(
    environments: Int
  ) throws {
    let bench = MADDPGBench {
      $0.randomSteps = 0
      $0.noise.deviation = .linear(from: 1, to: 0.2, over: 1000)
      $0.temperature = .linear(from: 2, to: 1, over: 500)
    }
    let world = KnownAnswerWorld.hybridAiming(agents: 2)
    var (vector, saved) = bench.start(world, seed: 1, environments: environments)
    bench.train(&vector, &saved, to: 128)
    var resumed = learner(bench, environments: environments, seed: 9)
    try resumed.restore(from: saved.snapshot())
    let lines = [(0, 1.0, 2.0), (128, 0.8976, 1.744), (500, 0.6, 1), (1000, 0.2, 1), (9999, 0.2, 1)]
    for (step, noise, temperature) in lines {
      let figures = resumed.progress(step: step).figures
      #expect(abs((figures.first { $0.name == "noise" }?.value ?? .nan) - noise) < 1e-9)
      #expect(abs((figures.first { $0.name == "temperature" }?.value ?? .nan) - temperature) < 1e-9)
    }
    var twin = vector
    for step in 0..<20 {
      saved.act(&vector.frame, step: 128 + step)
      resumed.act(&twin.frame, step: 128 + step)
      #expect(vector.frame.groups[0].actions == twin.frame.groups[0].actions)
      #expect(vector.frame.groups[0].continuousActions == twin.frame.groups[0].continuousActions)
    }
  }

  /// σ of the noise as it acts: the deviation of the actions' numbers around the policy's own.
  @Test(arguments: [0, 0.05, 0.2])
  func `numbers vary around the policy's by the deviation asked for`(deviation: Double) {
    let bench = MADDPGBench {
      $0.randomSteps = 0
      $0.noise.deviation = .constant(deviation)
    }
    var learner = learner(bench)
    var frame = Self.frame(environments: 1)
    var values: [Double] = []
    for _ in 0..<4000 {
      learner.act(&frame, step: 5)
      values.append(Double(frame.groups[0].continuousActions[0]))
    }
    let mean = values.reduce(0, +) / 4000
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000).squareRoot()
    #expect(abs(spread - deviation) < 0.05 * deviation + 1e-9)
  }

  @Test func `training acts with variance, evaluation without any and as the greatest permitted logit says`() {
    let bench = MADDPGBench { $0.randomSteps = 0 }
    for world in [KnownAnswerWorld.hybridAiming(agents: 2), .masked(), .branches()] {
      var (vector, learner) = bench.start(world, seed: 2)
      let part = vector.frame.groups[0]
      var taken: Set<[Int32]> = []
      for _ in 0..<300 {
        learner.act(&vector.frame, step: 10)
        taken.insert(vector.frame.groups[0].actions)
      }
      #expect(taken.count > 1)
      var controller = PolicyController(learner.policies, for: world)
      var still = world
      still.reset(seed: EpisodeSeeds(.training, seed: 2).seed(episode: 0))
      controller.begin(seed: 5)
      var chosen: [JointAction] = []
      for _ in 0..<1000 {
        var action = JointAction(for: world.groups)
        controller.act(in: still, &action)
        chosen.append(action)
      }
      #expect(chosen.allSatisfy { $0 == chosen[0] })
      let policy = learner.policies.groups[0]
      let outputs = policy.actorOutputs
      for agent in 0..<world.agentCount {
        var workspace = policy.network.makeWorkspace(batch: 1, training: false)
        let seen = Array(part.observations[agent * 2..<agent * 2 + 2])
        policy.network.forward(
          policy.parameters[policy.parameterIndex(ofAgent: agent)], seen, rows: 1, in: &workspace)
        var start = 0
        for (choice, options) in (outputs?.choices ?? []).enumerated() {
          let permitted = (0..<options).filter { part.masks[agent * part.group.action.maskCount + start + $0] }
          let best = permitted.max { workspace.outputs[start + $0] < workspace.outputs[start + $1] }
          let place = agent * part.group.action.discreteCount + choice
          #expect(chosen[0].discrete[place] == best.map(Int32.init))
          start += options
        }
      }
    }
  }

  @Test func `a forbidden option is never taken, exploring, at random or evaluated`() {
    for randomSteps in [0, 1_000_000] {
      let bench = MADDPGBench {
        $0.randomSteps = randomSteps
        $0.randomChoice = .constant(0.5)
      }
      var (vector, learner) = bench.start(KnownAnswerWorld.masked(agents: 4), seed: 3, environments: 5)
      var counts = [0, 0, 0]
      for _ in 0..<5000 {
        learner.act(&vector.frame, step: 10)
        for action in vector.frame.groups[0].actions { counts[Int(action)] += 1 }
      }
      #expect(counts[0] == 0 && counts[1] > 10_000 && counts[2] > 10_000)
    }
  }

  /// Numbers of consecutive steps belong together until a trajectory ends; then only its row begins anew.
  @Test func `ending an environment or an agent's trajectory resets its noise only`() throws {
    let bench = MADDPGBench {
      $0.randomSteps = 0
      $0.noise = .init(kind: .ornsteinUhlenbeck(theta: 0.15, dt: 1), deviation: .constant(0.2))
    }
    func noise(_ learner: MADDPGLearner) throws -> [Float] {
      try learner.snapshot().group("learner").group("walker").group("noise").floats("values")
    }
    var learner = learner(bench, environments: 3)
    var frame = Self.frame(environments: 3)
    for _ in 0..<5 {
      learner.act(&frame, step: 5)
      learner.record(frame)
    }
    #expect(try noise(learner).allSatisfy { $0 != 0 })
    learner.act(&frame, step: 5)
    let before = try noise(learner)
    frame.episodeOver[1] = true
    frame.groups[0].terminated[4] = true
    learner.record(frame)
    #expect(try noise(learner) == [before[0], before[1], 0, 0, 0, before[5]])
    frame.episodeOver[1] = false
    frame.groups[0].terminated[4] = false
    learner.act(&frame, step: 6)
    let later = try noise(learner)
    frame.groups[0].truncated[0] = true
    frame.groups[0].active[5] = false
    learner.record(frame)
    #expect(try noise(learner) == [0] + later[1..<5] + [0])
  }

  /// A mean of 0 at a constant actor: θ pulls back, so that the spread stays that of the recurrence.
  @Test func `noise of the Ornstein-Uhlenbeck kind goes on from step to step`() throws {
    let bench = MADDPGBench {
      $0.randomSteps = 0
      $0.noise = .init(kind: .ornsteinUhlenbeck(theta: 0.1, dt: 1), deviation: .constant(0.02))
    }
    var learner = learner(bench)
    var frame = Self.frame(environments: 1)
    var values: [Double] = []
    for _ in 0..<20_000 {
      learner.act(&frame, step: 5)
      values.append(Double(frame.groups[0].continuousActions[0]))
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let centred = values.map { $0 - mean }
    let variance = centred.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    let product = zip(centred, centred.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(values.count)
    #expect(abs(product / variance - 0.9) < 0.02)
    #expect(abs(variance / (0.0004 / (1 - 0.81)) - 1) < 0.15)
  }

  @Test func `random steps are uniform over ranges and permitted options`() {
    let bench = MADDPGBench { $0.randomSteps = 100_000 }
    var learner = learner(bench)
    var frame = Self.frame(environments: 1)
    var (choices, numbers) = ([0, 0], [Float]())
    for _ in 0..<5000 {
      learner.act(&frame, step: 99_999)
      for row in 0..<2 {
        choices[Int(frame.groups[0].actions[row])] += 1
        numbers.append(frame.groups[0].continuousActions[row])
      }
    }
    #expect(abs(choices[0] - 5000) < 200)
    #expect(numbers.allSatisfy { (-1...1).contains($0) })
    let (mean, square) = numbers.reduce((0.0, 0.0)) { ($0.0 + Double($1) / 10_000, $0.1 + Double($1 * $1) / 10_000) }
    #expect(abs(mean) < 4 * 0.5774 / 100 && abs(square - 1.0 / 3) < 0.012)
  }
}

import Agents
import ParticleWorld
import ReinforcementLearning

extension Benchmark {
  /// Updates of all agents of simple_spread: 64-64, batch 1,024, five choices.
  func measureAgents(_ report: (Row) -> Void) {
    var shared = MADDPGConfiguration.paper
    shared.replayCapacity = 100_000
    shared.indices = .shared
    var own = shared
    own.indices = .individual
    for (name, recipe) in [("shared batch", shared), ("a batch each", own)] {
      var learner = FilledAgents(3, recipe)
      var products = AgentProducts(3, recipe, drawsItself: recipe.indices == .individual)
      let pair = Timing.paired(
        seconds: seconds, repeats: repeats, { for _ in 0..<$0 { learner.update() } },
        { for _ in 0..<$0 { products.update() } })
      report(.rate(.agents, "MADDPG update of 3 agents, \(name)", "updates/s", pair.first, floorRatio: pair.ratio))
      report(.rate(.agents, "bare products of it, \(name)", "updates/s", pair.second))
      var other = FilledAgents(3, recipe)
      other.use(workers: 2)
      let threads = Timing.paired(
        seconds: seconds, repeats: repeats, { for _ in 0..<$0 { other.update() } },
        { for _ in 0..<$0 { learner.update() } })
      report(
        .rate(.agents, "MADDPG update of 3 agents, \(name), 2 threads", "updates/s", threads.first))
      report(
        Row(
          .agents, "speed of 2 threads over 1, \(name)", unit: "×", median: 1 / threads.ratio,
          spread: 1 / threads.ratio...1 / threads.ratio))
    }
    var twin = shared
    twin.twinCritics = true
    twin.policyDelay = 2
    var learner = FilledAgents(3, twin)
    report(
      .rate(
        .agents, "MATD3 update of 3 agents, shared batch", "updates/s",
        Timing(seconds: seconds, repeats: repeats) { for _ in 0..<$0 { learner.update() } }))
    measureScaling(report)
  }

  /// What an update costs as agents become more: one actor for all, batch 32.
  private func measureScaling(_ report: (Row) -> Void) {
    for (name, critic) in [("joint", .joint), ("pooled", .pooled(embedding: 64))]
      as [(
        String, MADDPGConfiguration.Critic
      )]
    {
      for agents in [3, 10, 30, 100] {
        var recipe = MADDPGConfiguration.paper
        recipe.replayCapacity = 2000
        recipe.indices = .shared
        recipe.sharing = .shared
        recipe.critic = critic
        recipe.batchSize = 32
        var learner = FilledAgents(agents, recipe, fields: 18)
        let timing = Timing(seconds: seconds, repeats: min(repeats, 3)) { for _ in 0..<$0 { learner.update() } }
        report(.duration(.agents, "update of \(agents) agents, \(name) critic, batch 32", "ms", timing, scale: 1e3))
      }
    }
  }
}

/// A learner with a replay of random transitions, of which each update costs what it costs in training.
private struct FilledAgents {
  private var learner: MADDPGLearner
  private var step: Int

  /// - Parameter fields: values of an observation; nil for those of simple_spread.
  init(_ agents: Int, _ recipe: MADDPGConfiguration, fields: Int? = nil) {
    var recipe = recipe
    recipe.warmupSteps = 0
    recipe.trainEvery = recipe.replayCapacity * 2
    let count = fields ?? 4 + 2 * agents + 4 * (agents - 1)
    let space = ObservationSpace(
      (0..<count).map { ObservationField("f\($0)", unit: "1", in: -1...1, "random") })
    let group = AgentGroup(
      name: "agent", count: agents, observation: space, action: .discrete(labels: ["a", "b", "c", "d", "e"]))
    learner = MADDPGLearner(recipe, groups: [group], environments: 1, seed: 0)
    var frame = VectorFrame([group], environments: 1)
    var word: UInt32 = 1
    func random() -> Float {
      word = word &* 1_664_525 &+ 1_013_904_223
      return Float(word >> 8) * 0x1p-23 - 1
    }
    for index in frame.groups[0].active.indices { frame.groups[0].active[index] = true }
    for _ in 0..<recipe.replayCapacity {
      for index in frame.groups[0].observations.indices { frame.groups[0].nextObservations[index] = random() }
      for index in 0..<agents {
        frame.groups[0].actions[index] = Int32((random() + 1) * 2.5)
        frame.groups[0].rewards[index] = Double(random())
      }
      learner.record(frame)
      frame.groups[0].observations = frame.groups[0].nextObservations
    }
    step = recipe.trainEvery
    self.recipe = recipe
  }

  private let recipe: MADDPGConfiguration

  mutating func use(workers: Int) { learner.use(workers: workers) }

  mutating func update() {
    learner.update(step: step, advanced: 1)
    step += recipe.trainEvery
  }
}

/// The matrix products of an update of all agents.
private struct AgentProducts {
  private let agents: Int
  private let targets: Int
  private var actor, critic: MatrixProducts

  init(_ agents: Int, _ recipe: MADDPGConfiguration, drawsItself: Bool) {
    let observations = 4 + 2 * agents + 4 * (agents - 1)
    self.agents = agents
    targets = drawsItself ? agents * agents : agents
    actor = MatrixProducts([observations] + recipe.actorHidden + [5], batch: recipe.batchSize)
    critic = MatrixProducts([agents * (observations + 5)] + recipe.criticHidden + [1], batch: recipe.batchSize)
  }

  mutating func update() {
    for _ in 0..<targets { actor.forward() }
    for _ in 0..<agents {
      critic.forward()
      critic.update(forwardPasses: 1)
      actor.forward()
      critic.forward()
      critic.backwardToInputs()
      actor.backward()
    }
  }
}

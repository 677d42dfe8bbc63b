import Agents
import Glibc
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

@Suite struct DQNLearnerTests {
  private let bench = LearningBench()

  @Test func `restoring and going on equals never having stopped, shared and individual`() throws {
    for sharing in DQNConfiguration.Sharing.allCases {
      for environments in [1, 3] {
        var bench = bench
        bench.recipe.sharing = sharing
        let world = KnownAnswerWorld.matching(agents: 2)
        var (vector, learner) = bench.start(world, seed: 3, environments: environments)
        bench.train(&vector, &learner, to: 300)
        let saved = (learner.snapshot(), vector.snapshot())
        var (otherVector, other) = bench.start(world, seed: 99, environments: environments)
        try other.restore(from: saved.0)
        otherVector = VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: 3))
        try otherVector.restore(from: saved.1)
        #expect(other.snapshot() == saved.0)
        bench.train(&vector, &learner, from: 300, to: 600)
        bench.train(&otherVector, &other, from: 300, to: 600)
        #expect(other.snapshot() == learner.snapshot(), "\(sharing), \(environments) environments")
        #expect(otherVector.snapshot() == vector.snapshot())
      }
    }
  }

  @Test func `a snapshot of another shape is refused and changes nothing`() throws {
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 0)
    bench.train(&vector, &learner, to: 100)
    let before = learner.snapshot()
    var wider = bench
    wider.recipe.hidden = [17]
    let foreign = wider.start(KnownAnswerWorld.matching(), seed: 0).learner.snapshot()
    #expect(throws: SnapshotError.self) { try learner.restore(from: foreign) }
    #expect(throws: SnapshotError.self) { try learner.restore(from: Snapshot()) }
    #expect(learner.snapshot() == before)
  }

  /// Traps T6 and T11: rhythms count environment steps, whatever the number of environments.
  @Test func `exploration depends on environment steps alone and falls along its line`() {
    let worlds = KnownAnswerWorld.matching()
    for environments in [1, 4, 16] {
      let learner = bench.start(worlds, seed: 0, environments: environments).learner
      #expect(learner.epsilon(at: 0) == 1, "warm-up is random")
      #expect(learner.epsilon(at: 49) == 1)
      #expect(abs(learner.epsilon(at: 250) - 0.55) < 1e-12)
      #expect(learner.epsilon(at: 500) == 0.1)
      #expect(learner.epsilon(at: 100_000) == 0.1)
    }
  }

  @Test func `updates per environment step do not depend on the number of environments`() {
    var bench = bench
    bench.recipe.warmupSteps = 64
    bench.recipe.trainEvery = 8
    bench.recipe.updatesPerBlock = 3
    var counts: Set<Int> = []
    for environments in [1, 4, 8] {
      var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 0, environments: environments)
      bench.train(&vector, &learner, to: 640)
      counts.insert(learner.progress(step: 640).updates)
    }
    #expect(counts == [3 * (640 - 64) / 8])
  }

  @Test func `a hard target is a copy at its interval and untouched in between, for any number of environments`() throws
  {
    for environments in [1, 4] {
      var bench = bench
      bench.recipe.target = .hard(everySteps: 100)
      bench.recipe.warmupSteps = 0
      var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 0, environments: environments)
      var step = 0
      var copies = 0
      var last = try target(of: learner)
      while step < 400 {
        let onlineBefore = try member(of: learner).floats("online")
        bench.train(&vector, &learner, from: step, to: step + environments)
        step += environments
        let now = try target(of: learner)
        if now != last {
          copies += 1
          #expect(step % 100 == 0, "a copy at step \(step)")
          #expect(now == onlineBefore, "the copy is taken before the step's updates")
        }
        last = now
      }
      #expect(copies == 4)
    }
  }

  @Test func `a Polyak target moves by τ after every update, to the bit`() throws {
    var bench = bench
    bench.recipe.target = .polyak(tau: 0.25)
    bench.recipe.warmupSteps = 0
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 0)
    for step in 0..<20 {
      let before = try target(of: learner)
      bench.train(&vector, &learner, from: step, to: step + 1)
      let online = try member(of: learner).floats("online")
      let expected = zip(before, online).map { (1 - 0.25) * $0 + 0.25 * $1 }
      let now = try target(of: learner)
      for index in now.indices { #expect(abs(now[index] - expected[index]) <= 1e-7 * max(1, abs(expected[index]))) }
      #expect(now != before)
    }
  }

  private func member(of learner: DQNLearner) throws -> Snapshot {
    try learner.snapshot().group("learner").group("walker").group("member-0")
  }

  private func target(of learner: DQNLearner) throws -> [Float] { try member(of: learner).floats("target") }

  @Test func `each slot draws its own exploration`() {
    var bench = bench
    bench.recipe.warmupSteps = 0
    bench.recipe.exploration = DQNConfiguration.Exploration(initial: 0.5, final: 0.5, steps: 1)
    let rows = 4
    var (vector, learner) = bench.start(KnownAnswerWorld.masked(), seed: 5, environments: rows)
    let greedy = greedyAction(
      LearningBench.values(learner, [1, 1]).span, permitted: [false, true, true].span)
    for row in 0..<rows {
      vector.frame.groups[0].observations[2 * row] = 1
      vector.frame.groups[0].observations[2 * row + 1] = 1
    }
    // A slot leaves the greedy action with probability ½ · ½; all four do so with (¼)⁴, none with (¾)⁴.
    let draws = 20_000
    var none = 0
    var all = 0
    for _ in 0..<draws {
      learner.act(&vector.frame, step: 1)
      let others = vector.frame.groups[0].actions.count { Int($0) != greedy }
      if others == 0 { none += 1 }
      if others == rows { all += 1 }
      #expect(!vector.frame.groups[0].actions.contains(0), "a forbidden action")
    }
    func bound(_ p: Double) -> Double { 4 * (p * (1 - p) / Double(draws)).squareRoot() }
    #expect(abs(Double(none) / Double(draws) - 0.31640625) < bound(0.31640625))
    #expect(abs(Double(all) / Double(draws) - 0.00390625) < bound(0.00390625))
  }

  @Test func `with parameters of its own an agent learns from its own data only`() throws {
    var bench = bench
    bench.recipe.sharing = .individual
    bench.recipe.warmupSteps = 0
    func second(_ reward: Double) throws -> [Snapshot] {
      var (vector, learner) = bench.start(KnownAnswerWorld.matching(agents: 2), seed: 0)
      for step in 0..<50 {
        learner.act(&vector.frame, step: step)
        vector.step()
        vector.frame.groups[0].rewards[1] = reward
        learner.record(vector.frame)
        learner.update(step: step + 1, advanced: 1)
        vector.advance()
      }
      let members = try learner.snapshot().group("learner").group("walker")
      return [try members.group("member-0"), try members.group("member-1")]
    }
    let calm = try second(0)
    let wild = try second(100)
    #expect(try calm[1].floats("online") != wild[1].floats("online"))
    #expect(calm[0] != calm[1])
  }

  @Test func `inactive slots are not stored`() throws {
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(agents: 3), seed: 0)
    learner.act(&vector.frame, step: 0)
    vector.step()
    vector.frame.groups[0].active[1] = false
    learner.record(vector.frame)
    let rows = try learner.snapshot().group("replay").group("walker").group("member-0").dataset("rows")
    #expect(rows.shape[0] == 2)
  }

  @Test func `weights of another policy are adopted if they fit, else refused with the reason`() throws {
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 0)
    bench.train(&vector, &learner, to: 200)
    var fresh = bench.start(KnownAnswerWorld.matching(), seed: 1).learner
    #expect(fresh.adopt(learner.policies) == nil)
    #expect(fresh.policies == learner.policies)
    var other = bench.start(KnownAnswerWorld.masked(), seed: 1).learner
    let before = other.snapshot()
    #expect(other.adopt(learner.policies)?.contains("actions") == true)
    #expect(other.snapshot() == before)
    var wide = bench
    wide.recipe.hidden = [20]
    var wider = wide.start(KnownAnswerWorld.matching(), seed: 1).learner
    #expect(wider.adopt(learner.policies)?.contains("layers") == true)
  }

  @Test func `continuous actions are not for it`() {
    let group = AgentGroup(
      name: "driver", count: 1, observation: ObservationSpace([]), action: .box([-1...1]))
    #expect(DQNLearner.unsupported([group])?.contains("driver") == true)
    #expect(DQNLearner.unsupported(KnownAnswerWorld.seenReward().groups) == nil)
  }

  /// The whole update in `Double`: a network of one tanh layer, Huber, clipping and Adam written out.
  @Test func `one update equals an independent computation in double precision`() throws {
    var recipe = bench.recipe
    recipe.hidden = [3]
    recipe.batchSize = 1
    recipe.warmupSteps = 0
    recipe.loss = .huber(threshold: 1)
    recipe.gradientClip = 0.1
    recipe.learningRate = 0.01
    recipe.doubleQ = false
    recipe.exploration = DQNConfiguration.Exploration(initial: 0, final: 0, steps: 1)
    var bench = bench
    bench.recipe = recipe
    var (vector, learner) = bench.start(KnownAnswerWorld.delayedReward(), seed: 8)
    let before = try member(of: learner).floats("online").map(Double.init)
    learner.act(&vector.frame, step: 0)
    vector.step()
    learner.record(vector.frame)
    let action = Int(vector.frame.groups[0].actions[0])
    learner.update(step: 1, advanced: 1)
    let after = try member(of: learner).floats("online").map(Double.init)

    let twin = TwinNetwork(before)
    let target = 0 + 0.9 * (twin.values([1, 1]).max() ?? 0)
    let expected = twin.updated(observation: [-1, 1], action: action, target: target, clip: 0.1, rate: 0.01)
    for index in after.indices { #expect(abs(after[index] - expected[index]) < 1e-6, "parameter \(index)") }
    #expect(zip(before, after).contains { abs($0 - $1) > 1e-3 }, "something moved")
  }
}

/// Two inputs, three tanh units, two outputs; PyTorch's order of parameters.
private struct TwinNetwork {
  let p: [Double]

  init(_ parameters: [Double]) { p = parameters }

  private func hidden(_ x: [Double]) -> [Double] {
    var result: [Double] = []
    for unit in 0..<3 {
      let sum = p[2 * unit] * x[0] + p[2 * unit + 1] * x[1] + p[6 + unit]
      result.append(tanh(sum))
    }
    return result
  }

  func values(_ x: [Double]) -> [Double] {
    let h = hidden(x)
    var result = [p[15], p[16]]
    for row in 0..<2 {
      for unit in 0..<3 { result[row] += p[9 + 3 * row + unit] * h[unit] }
    }
    return result
  }

  func updated(observation x: [Double], action: Int, target: Double, clip: Double, rate: Double) -> [Double] {
    let h = hidden(x)
    let error = values(x)[action] - target
    let slope = max(-1, min(1, error))
    var gradient = [Double](repeating: 0, count: p.count)
    for unit in 0..<3 {
      let back = slope * p[9 + 3 * action + unit] * (1 - h[unit] * h[unit])
      gradient[2 * unit] = back * x[0]
      gradient[2 * unit + 1] = back * x[1]
      gradient[6 + unit] = back
      gradient[9 + 3 * action + unit] = slope * h[unit]
    }
    gradient[15 + action] = slope
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let scale = min(1, clip / (norm + 1e-6))
    // Adam's first step: m / (1 − β₁) = g and √(v / (1 − β₂)) = |g|.
    return zip(p, gradient).map { $0 - rate * ($1 * scale) / (abs($1 * scale) + 1e-8) }
  }
}

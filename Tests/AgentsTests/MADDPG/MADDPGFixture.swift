import Agents
import Foundation
import NeuralNetworks
import ReinforcementLearning

/// Whole updates of a small world of three kinds of agents, computed by PyTorch; written by
/// Tests/Interoperability/make_maddpg_fixtures.py.
struct MADDPGFixture: Decodable {
  /// A group of the world.
  struct Group: Decodable {
    let name: String
    let count, observation: Int
    let choices: [Int]
    let ranges: [[Float]]

    var agents: AgentGroup {
      let fields = (0..<observation).map { ObservationField("x\($0)", unit: "1", in: -1...1, "a number") }
      let box = ranges.map { $0[0]...$0[1] }
      let action: ActionSpace =
        if choices.isEmpty {
          .box(box)
        } else if box.isEmpty {
          choices.count == 1 ? .discrete(labels: labels) : .multiDiscrete(choices)
        } else {
          .hybrid(labels: labels, box: box)
        }
      return AgentGroup(name: name, count: count, observation: ObservationSpace(fields), action: action)
    }

    private var labels: [String] { (0..<choices[0]).map { "option \($0)" } }
  }

  /// A step of one environment.
  struct Frame: Decodable {
    struct Part: Decodable {
      let observations, nextObservations: [[Float]]
      let masks, nextMasks: [[Bool]]
      let active, ended: [Bool]
      let actions: [Int32]
      let reals: [Float]
      let rewards: [Double]
    }

    let over: Bool
    let groups: [Part]

    func write(into frame: inout VectorFrame) {
      frame.episodeOver[0] = over
      for (index, part) in groups.enumerated() {
        frame.groups[index].observations = Array(part.observations.joined())
        frame.groups[index].nextObservations = Array(part.nextObservations.joined())
        frame.groups[index].masks = Array(part.masks.joined())
        frame.groups[index].nextMasks = Array(part.nextMasks.joined())
        frame.groups[index].active = part.active
        frame.groups[index].actions = part.actions
        frame.groups[index].continuousActions = part.reals
        frame.groups[index].rewards = part.rewards
        frame.groups[index].terminated = part.ended
        frame.groups[index].truncated = part.ended.map { over && !$0 }
      }
    }
  }

  /// Parameters of one set: the present ones, then the targets.
  struct Member: Decodable {
    let actor: [[Float]]
    let critics: [[[Float]]]
  }

  /// A recipe, what it begins with and what comes of it.
  struct Case: Decodable {
    let name, critic, sharing, indices, others, target, reward: String
    let embedding, delay, batchSize, capacity, updates: Int
    let twin, layerNorm: Bool
    let smoothing: [Float]?
    let temperature: Double
    let regularization, discount, tau, actorRate, criticRate: Float
    let actorHidden, criticHidden: [Int]
    let seed: UInt64
    let before, after: [Member]
    /// Of every update of every set: the first critic's loss and, where it moved, the actor's.
    let losses: [[Double]]

    var recipe: MADDPGConfiguration {
      var recipe = MADDPGConfiguration.paper
      recipe.name = name
      recipe.critic = critic == "joint" ? .joint : critic == "own" ? .own : .pooled(embedding: embedding)
      recipe.twinCritics = twin
      recipe.policyDelay = delay
      recipe.smoothing = smoothing.map { .init(deviation: $0[0], clip: $0[1]) }
      recipe.actorDescent = Descent(optimizer: .sgd(), learningRate: actorRate)
      recipe.criticDescent = Descent(optimizer: .sgd(), learningRate: criticRate)
      recipe.batchSize = batchSize
      recipe.replayCapacity = capacity
      recipe.warmupSteps = 0
      recipe.trainEvery = 1
      recipe.updatesPerBlock = updates
      recipe.discount = discount
      recipe.tau = tau
      recipe.actorHidden = actorHidden
      recipe.criticHidden = criticHidden
      recipe.activation = .tanh
      recipe.layerNorm = layerNorm
      recipe.sharing = sharing == "shared" ? .shared : .individual
      recipe.indices = indices == "shared" ? .shared : .individual
      recipe.others = others == "current" ? .current : .replayed
      recipe.targetChoice = target == "sampled" ? .sampled : .greedy
      recipe.reward = reward == "own" ? .own : reward == "mean" ? .mean : .sum
      recipe.temperature = .constant(temperature)
      recipe.regularization = regularization
      return recipe
    }
  }

  let groups: [Group]
  let frames: [Frame]
  let cases: [Case]

  static func load() throws -> MADDPGFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/maddpg-updates.json")
    return try JSONDecoder().decode(MADDPGFixture.self, from: Data(contentsOf: path))
  }

  /// The places of the sets of parameters in a snapshot, in the order of the world.
  func places(_ recipe: MADDPGConfiguration) -> [(group: String, member: Int)] {
    groups.flatMap { group in
      (0..<(recipe.sharing == .shared ? 1 : group.count)).map { (group.name, $0) }
    }
  }

  /// A learner with a case's parameters, after all frames.
  func learner(_ example: Case, _ change: (inout MADDPGConfiguration) -> Void = { _ in }) throws -> MADDPGLearner {
    var recipe = example.recipe
    change(&recipe)
    let agents = groups.map(\.agents)
    var learner = MADDPGLearner(recipe, groups: agents, environments: 1, seed: example.seed)
    for (place, member) in zip(places(recipe), example.before) {
      let pairs = [("actor", member.actor)] + member.critics.enumerated().map { ("critic-\($0)", $1) }
      for (part, values) in pairs {
        try learner.replace(
          part, [("online", values[0]), ("target", values[1])], group: place.group, member: place.member)
      }
    }
    var frame = VectorFrame(agents, environments: 1)
    for step in frames {
      step.write(into: &frame)
      learner.record(frame)
    }
    return learner
  }
}

import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// Every member of the family in worlds whose answers are known.
@Suite struct FamilyTests {
  /// A member: what it changes in the plain recipe, and what its values may be off by.
  struct Member: Sendable, CustomTestStringConvertible {
    let name: String
    var tolerance = 0.1
    /// Whether returns of several steps follow what is done, so that values are those of the exploring policy.
    var followsBehaviour = false
    let change: @Sendable (inout DQNConfiguration) -> Void

    var testDescription: String { name }

    var recipe: DQNConfiguration {
      var recipe = LearningBench().recipe
      recipe.hidden = [32]
      recipe.learningRate = 3e-3
      recipe.exploration = DQNConfiguration.Exploration(
        initial: 1, final: followsBehaviour ? 0.1 : 0.5, steps: 1000)
      change(&recipe)
      return recipe
    }
  }

  static let support = CategoricalSupport(minimum: -12, maximum: 12, count: 97)
  static let priority = DQNConfiguration.Priority(exponent: 0.6, initialCorrection: 0.4, steps: 4000, epsilon: 1e-3)

  static let members = [
    Member(name: "plain") { $0.doubleQ = false },
    Member(name: "double") { $0.doubleQ = true },
    Member(name: "dueling") { $0.dueling = true },
    Member(name: "n-step", tolerance: 0.15, followsBehaviour: true) { $0.returnSteps = 3 },
    Member(name: "prioritised") { $0.priority = priority },
    Member(name: "noisy", tolerance: 0.15) { $0.noise = 0.3 },
    Member(name: "c51", tolerance: 0.15) {
      $0.values = .categorical(support)
    },
    Member(name: "qr-dqn", tolerance: 0.15) {
      $0.values = .quantile(count: 21)
      $0.loss = .huber(threshold: 1)
    },
    Member(name: "layer norm, SiLU, AdamW, orthogonal", tolerance: 0.15) {
      $0.layerNorm = true
      $0.activation = .silu
      $0.optimizer = .adamW(weightDecay: 1e-5)
      $0.initialization = .orthogonal(gain: 1)
    },
    Member(name: "rainbow", tolerance: 0.2, followsBehaviour: true) {
      $0.dueling = true
      $0.noise = 0.3
      $0.values = .categorical(support)
      $0.returnSteps = 2
      $0.priority = priority
    },
  ]

  static let recurrent = Member(name: "recurrent", tolerance: 0.2) {
    $0.recurrence = .init(hidden: 16, length: 4, burnIn: 2, overlap: 2)
    $0.hidden = [16]
    $0.batchSize = 16
    $0.learningRate = 5e-3
  }

  private func defects(
    _ member: Member, _ worlds: [KnownAnswerWorld], steps: Int, seeds: [UInt64] = [0, 1], values: Bool = true
  ) -> [String] {
    let recipe = member.recipe
    return checkLearner(
      worlds, discount: Double(recipe.discount), steps: steps, seeds: seeds, tolerance: member.tolerance,
      make: { DQNLearner(recipe, groups: $0, environments: $1, seed: $2) },
      greedy: { PolicyController($0.policies, for: $1) },
      values: values ? { Self.values($0, $1, agent: $2) } : nil)
  }

  /// The action values of a learner for an agent that has seen an answer's observations.
  private static func values(_ learner: DQNLearner, _ answer: KnownAnswer, agent: Int) -> [Float]? {
    let policy = learner.policies.groups[0]
    guard policy.branches?.options.count == 1 else { return nil }
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 1)
    for observation in answer.observations {
      evaluation.evaluate(
        observation.span, rows: 0..<1, under: policy.parameters[policy.parameterIndex(ofAgent: agent)])
    }
    return evaluation.values
  }

  /// Traps T1, T2 and T7 as values: worlds with limits of 1, 3 and 10, ends that must not be crossed, masked states.
  @Test(arguments: members)
  func `reaches the known values and returns, forbids, repeats and resumes`(member: Member) {
    let worlds = KnownAnswerWorld.discrete().filter { !$0.needsMemory && $0.name != "branches" }
    #expect(worlds.count >= 6)
    let walk = worlds.filter { $0.name == "random walk" }
    let others = worlds.filter { $0.name != "random walk" }
    #expect(walk.count == 1)
    let found =
      defects(member, others, steps: 4000) + defects(member, walk, steps: 5000, values: !member.followsBehaviour)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test(arguments: DQNConfiguration.Sharing.allCases)
  func `several agents learn together, with one network or one each`(sharing: DQNConfiguration.Sharing) {
    let member = Member(name: "agents") { $0.sharing = sharing }
    let found = defects(member, [.matching(agents: 2), .maskedLater(agents: 3)], steps: 4000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `branching finds the best option of every branch, with and without dueling`() {
    for dueling in [false, true] {
      let member = Member(name: "branching") { $0.dueling = dueling }
      let found = defects(member, [.branches(), .branches(agents: 2)], steps: 5000, values: false)
      #expect(found.isEmpty, "dueling \(dueling): \(found.joined(separator: "\n"))")
    }
  }

  @Test func `levels of real numbers reach what their grid allows`() {
    let member = Member(name: "levels", tolerance: 0.1) { $0.levels = 9 }
    let found = defects(member, [.aiming(dimensions: 1), .aiming(dimensions: 2)], steps: 5000, values: false)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `memory solves what cannot be solved without it, and a plain learner does not`() {
    let world = KnownAnswerWorld.memory(delay: 3)
    let found = defects(Self.recurrent, [world], steps: 8000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    let plain = Member(name: "plain", tolerance: 0.2) { _ in }
    #expect(!defects(plain, [world], steps: 3000, seeds: [0], values: false).isEmpty)
  }

  @Test(arguments: DQNConfiguration.Sharing.allCases)
  func `each agent remembers its own cue, with one network or one each`(sharing: DQNConfiguration.Sharing) {
    var member = Self.recurrent
    let change = member.change
    member = Member(name: "recurrent agents", tolerance: 0.2) {
      change(&$0)
      $0.sharing = sharing
    }
    let found = defects(member, [.memory(delay: 2, agents: 2)], steps: 6000, seeds: [0])
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `a recurrent learner also learns where nothing needs to be remembered`() {
    let recurrent = Member(name: "recurrent", tolerance: 0.2) {
      $0.recurrence = .init(hidden: 16, length: 4, burnIn: 0, overlap: 0)
      $0.priority = Self.priority
      $0.returnSteps = 2
      $0.dueling = true
      $0.batchSize = 16
    }
    let worlds: [KnownAnswerWorld] = [.matching(), .maskedLater(), .delayedReward(), .constantReward(limit: 3)]
    let found = defects(recurrent, worlds, steps: 5000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }
}

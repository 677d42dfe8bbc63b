import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// VDN and QMIX in worlds whose answers are known.
@Suite struct TeamFamilyTests {
  /// A team: what it changes in the plain recipe.
  struct Member: Sendable, CustomTestStringConvertible {
    let name: String
    var mixing = ValueDecompositionConfiguration.Mixing.sum
    let change: @Sendable (inout ValueDecompositionConfiguration) -> Void

    var testDescription: String { name }

    var recipe: ValueDecompositionConfiguration {
      TeamBench(mixing) {
        $0.agents.hidden = [32]
        $0.agents.learningRate = 3e-3
        $0.agents.exploration = .init(initial: 1, final: 0.5, steps: 1000)
        change(&$0)
      }.recipe
    }
  }

  static let members = [
    Member(name: "vdn") { $0.agents.doubleQ = false },
    Member(name: "double, dueling vdn") { $0.agents.dueling = true },
    Member(name: "qmix", mixing: TeamBench.mixings[1]) { _ in },
    Member(name: "individual qmix, hidden units, RMSProp", mixing: TeamBench.mixings[2]) {
      $0.agents.sharing = .individual
      $0.agents.optimizer = .rmsProp()
      $0.agents.learningRate = 1e-3
    },
  ]

  private func defects(
    _ member: Member, _ worlds: [KnownAnswerWorld], steps: Int, seeds: [UInt64] = [0, 1], values: Bool = false
  ) -> [String] {
    let recipe = member.recipe
    return checkLearner(
      worlds, discount: Double(recipe.agents.discount), steps: steps, seeds: seeds,
      make: { ValueDecompositionLearner(recipe, groups: $0, environments: $1, seed: $2) },
      greedy: { PolicyController($0.policies, for: $1) },
      values: values ? { learner, answer, _ in Self.values(learner, answer) } : nil)
  }

  /// The action values of the only agent of a team, which are the team's where they are summed.
  private static func values(_ learner: ValueDecompositionLearner, _ answer: KnownAnswer) -> [Float]? {
    let policy = learner.policies.groups[0]
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: .expected, rows: 1)
    for observation in answer.observations {
      evaluation.evaluate(observation.span, rows: 0..<1, under: policy.parameters[0])
    }
    return evaluation.values
  }

  @Test(arguments: members)
  func `one agent reaches the known returns, and where values are summed the known values`(member: Member) {
    let worlds = KnownAnswerWorld.discrete()
    #expect(worlds.count >= 9)
    let found = defects(member, worlds, steps: 4000, values: member.mixing == .sum)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  /// The agents begin in the state that each draws for itself, and only the team's reward is learned from.
  @Test(arguments: members)
  func `several agents find their own best actions by the team's reward`(member: Member) {
    let found = defects(member, [.matching(agents: 2), .masked(agents: 3), .maskedLater(agents: 2)], steps: 5000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test(arguments: [0, 2])
  func `each choice of every agent is found, and levels of real numbers`(index: Int) {
    let member = Self.members[index]
    let found = defects(member, [.branches(agents: 2)], steps: 6000, seeds: [0])
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    let levels = Member(name: "levels", mixing: member.mixing) { $0.agents.levels = 5 }
    let aiming = defects(levels, [.aiming(dimensions: 1, agents: 2)], steps: 6000, seeds: [0])
    #expect(aiming.isEmpty, "\(aiming.joined(separator: "\n"))")
  }

  @Test(arguments: TeamBench.mixings.indices)
  func `learns, repeats and resumes with running normalisation and scaled rewards`(index: Int) {
    let member = Member(name: "scaled", mixing: TeamBench.mixings[index]) {
      $0.agents.normalization = .running
      $0.agents.scalesRewards = true
    }
    let world = KnownAnswerWorld.matching(agents: 2).inUnits(seenTimes: 300, plus: 2000)
    let found = defects(member, [world], steps: 5000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }
}

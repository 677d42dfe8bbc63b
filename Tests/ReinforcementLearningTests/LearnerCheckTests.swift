import ReinforcementLearning
import Testing

struct LearnerCheckTests {
  func check(_ flaw: TabularLearner.Flaw, _ worlds: [KnownAnswerWorld]) -> [String] {
    checkLearner(
      worlds, discount: 0.9, steps: 4000, tolerance: 0.02,
      make: { groups, _, seed in TabularLearner(flaw, groups: groups, discount: 0.9, seed: seed) },
      greedy: { learner, _ in TabularController(learner: learner) },
      values: { learner, answer, _ in learner.values(answer.observations.last ?? []).map { Float($0) } })
  }

  @Test(arguments: [1, 2])
  func `a sound learner keeps every promise`(agents: Int) {
    #expect(check(.none, KnownAnswerWorld.discrete(agents: agents)) == [])
  }

  @Test(
    arguments: [
      (.limitIsEnd, "constant reward, cut after 10: action values are q*", "(trap T1)"),
      (.crossesEpisodes, "slow start, cut after 2: action values are q*", "(trap T2)"),
      (.valuesForbidden, "masked later: action values are q*", "(trap T7)"),
      (.triesForbidden, "masked: only permitted actions are chosen", "option 0 of [0, 1, 1]"),
      (.forgetsStream, "matching: a restored learner goes on as the saved one", "it acts otherwise"),
      (.endGoesOn, "delayed reward: action values are q*", "nothing follows an end"),
      (.ownChance, "matching: a run is decided by its seed", "two runs differ"),
      (.mixesRows, "seen reward: action values are q*", "4 environments"),
      (.noDiscount, "delayed reward: action values are q*", "counts γ"),
    ] as [(TabularLearner.Flaw, String, String)])
  func `each flaw is found and named`(flaw: TabularLearner.Flaw, promise: String, finding: String) {
    let defects = check(flaw, KnownAnswerWorld.discrete())
    #expect(
      defects.contains { $0.hasPrefix(promise) && $0.contains(finding) }, "\(defects.joined(separator: "\n"))")
  }

  @Test func `a learner without memory does not pass where memory is needed`() {
    let defects = check(.none, [.memory(delay: 2)])
    #expect(defects.contains { $0.hasPrefix("memory of 2 steps: greedy actions are best") }, "\(defects)")
  }

  @Test func `what a learner cannot tell is not asked`() {
    let defects = checkLearner(
      [.matching()], discount: 0.9, steps: 100, seeds: [0],
      make: { groups, _, seed in TabularLearner(.noDiscount, groups: groups, discount: 0.9, seed: seed) })
    #expect(defects == [])
  }
}

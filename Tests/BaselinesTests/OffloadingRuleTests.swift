import Baselines
import EdgeCloud
import Testing

/// A world of one decision, told by hand: what is permitted, what waits where, and what is predicted.
private struct Table: OffloadingView {
  var options: [OffloadingOption] = [
    OffloadingOption(place: .none, isFullEffort: false),
    OffloadingOption(place: .device, isFullEffort: true),
    OffloadingOption(place: .device, isFullEffort: false),
    OffloadingOption(place: .edge(rank: 0), isFullEffort: false),
    OffloadingOption(place: .edge(rank: 0), isFullEffort: true),
    OffloadingOption(place: .cloud(rank: 0), isFullEffort: false),
    OffloadingOption(place: .cloud(rank: 0), isFullEffort: true),
    OffloadingOption(place: .edge(rank: 1), isFullEffort: false),
    OffloadingOption(place: .edge(rank: 1), isFullEffort: true),
    OffloadingOption(place: .cloud(rank: 1), isFullEffort: false),
    OffloadingOption(place: .cloud(rank: 1), isFullEffort: true),
  ]
  var permitted: Set<Int> = Set(1...10)
  var waits: [Int: Double] = [:]
  var seen: [Int: Double] = [:]
  var hidden: [Int: Double] = [:]
  var costs: [Int: Double] = [:]

  let deciderCount = 2

  func isDeciding(_ agent: Int) -> Bool { true }

  func isPermitted(_ option: Int, for agent: Int) -> Bool { permitted.contains(option) }

  func observedWait_s(at option: Int, for agent: Int) -> Double { waits[option] ?? 0 }

  func predictedLatency_s(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    (knowledge == .observation ? seen : hidden)[option] ?? 9
  }

  func predictedCost(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    costs[option] ?? 9
  }

  /// The same with no unit in reach.
  var alone: Table {
    var table = self
    table.permitted = [1, 2]
    return table
  }
}

@Suite struct OffloadingRuleTests {
  private func choice<Rule: OffloadingRule>(_ rule: Rule.Type, _ table: Table) -> Int {
    var rule = Rule(agents: 2)
    rule.begin(seed: 0)
    return rule.choose(for: 0, in: table)
  }

  @Test func `constants go where their names say, at full effort`() {
    let table = Table()
    #expect(choice(LocalRule.self, table) == 1)
    #expect(choice(EconomicalLocalRule.self, table) == 2)
    #expect(choice(EdgeRule.self, table) == 4)
    #expect(choice(CloudRule.self, table) == 6)
  }

  @Test func `rules that need a unit stay on the device at full speed where none is in reach`() {
    let alone = Table().alone
    #expect(choice(EdgeRule.self, alone) == 1)
    #expect(choice(CloudRule.self, alone) == 1)
    #expect(choice(LeastLoadedRule.self, alone) == 1)
    #expect(choice(RoundRobinRule.self, alone) == 1)
  }

  @Test func `least loaded takes the unit with the least reported work, the stronger of equals`() {
    var table = Table()
    table.waits = [3: 0.5, 4: 0.5, 7: 0.2, 8: 0.2]
    #expect(choice(LeastLoadedRule.self, table) == 8)
    table.waits = [3: 0.2, 4: 0.2, 7: 0.2, 8: 0.2]
    #expect(choice(LeastLoadedRule.self, table) == 4)
    table.waits = [3: 0, 4: 0, 5: -1, 6: -1]
    #expect(choice(LeastLoadedRule.self, table) == 4, "the cloud is no unit")
  }

  @Test
  func `round robin visits the device, the units and the cloud once each, every agent for itself, and begins anew`() {
    var rule = RoundRobinRule(agents: 2)
    let table = Table()
    func turn(_ agent: Int) -> Int { rule.choose(for: agent, in: table) }
    let first = (0..<8).map { _ in turn(0) }
    #expect(first == [1, 4, 8, 6, 1, 4, 8, 6])
    #expect(turn(1) == 1)
    #expect(turn(1) == 4)
    rule.begin(seed: 3)
    #expect(turn(0) == 1)
  }

  @Test func `greedy takes the least predicted latency from what is observed, the lowest of equals`() {
    var table = Table()
    table.seen = [1: 0.4, 4: 0.3, 6: 0.3]
    table.hidden = [1: 0.1]
    table.costs = [2: 0.2]
    #expect(choice(GreedyRule.self, table) == 4)
    #expect(choice(GreedyOracleRule.self, table) == 1)
    #expect(choice(GreedyCostRule.self, table) == 2)
    table.permitted = [2, 6]
    #expect(choice(GreedyRule.self, table) == 6)
  }

  @Test func `only the oracle sees more than an agent`() {
    let rules: [any OffloadingRule.Type] = [
      LocalRule.self, EconomicalLocalRule.self, EdgeRule.self, CloudRule.self, RoundRobinRule.self,
      LeastLoadedRule.self, GreedyRule.self, GreedyCostRule.self, GreedyOracleRule.self,
    ]
    #expect(rules.filter { $0.seesMore }.map { $0.name } == ["greedy-oracle"])
    #expect(Set(rules.map { $0.name }).count == rules.count)
  }
}

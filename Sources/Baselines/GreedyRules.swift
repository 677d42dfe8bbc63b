public import EdgeCloud

/// The option of least predicted latency, from exactly what the agent observes; the lowest of equals.
///
/// It expects the last slot to repeat itself: as many others at each unit, as much interference, queues as reported.
public struct GreedyRule: OffloadingRule {
  public static let name = "greedy"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.quickestOption(for: agent, from: .observation)
  }
}

/// The option of least predicted cost, from exactly what the agent observes; the lowest of equals.
///
/// As ``GreedyRule``, but it weighs latency, energy and deadlines as the reward does: the strongest rule that sees no
/// more than an agent and plans no further than its own task.
public struct GreedyCostRule: OffloadingRule {
  public static let name = "greedy-cost"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.cheapestOption(for: agent)
  }
}

/// The option of least predicted latency from the true present state of channels and queues: it sees more than an
/// agent does, but not what the others decide at the same moment.
public struct GreedyOracleRule: OffloadingRule {
  public static let name = "greedy-oracle"
  public static let seesMore = true

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.quickestOption(for: agent, from: .trueState)
  }
}

extension OffloadingView {
  fileprivate func cheapestOption(for agent: Int) -> Int {
    bestOption(for: agent, cost: { predictedCost(of: $0, for: agent, from: .observation) }, where: { _ in true }) ?? 0
  }

  fileprivate func quickestOption(for agent: Int, from knowledge: OffloadingKnowledge) -> Int {
    bestOption(for: agent, cost: { predictedLatency_s(of: $0, for: agent, from: knowledge) }, where: { _ in true })
      ?? 0
  }
}

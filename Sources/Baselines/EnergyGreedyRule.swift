public import EdgeCloud

/// The option of least energy among those predicted to meet the deadline, the quicker of equals; where none is, the
/// quickest.
///
/// Predictions are from exactly what the agent observes. On the device the least energy within a deadline T is that of
/// the clock C/T, the lowest that still meets it, so this is the optimum of a single task (κ C³/T² there, radiated power
/// times upload time elsewhere).
public struct EnergyGreedyRule: OffloadingRule {
  public static let name = "energy-greedy"
  /// Slack in comparing a latency with a deadline, since a clock set to the deadline ends exactly there.
  private static let tolerance_s = 1e-9

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    let deadline = view.deadline_s(for: agent) + Self.tolerance_s
    var best = -1
    var (least, soonest) = (Double.infinity, Double.infinity)
    var hasMet = false
    for option in 0..<view.options.count where view.isPermitted(option, for: agent) {
      let latency = view.predictedLatency_s(of: option, for: agent, from: .observation)
      let meets = latency <= deadline
      let energy = meets ? view.predictedEnergy_J(of: option, for: agent, from: .observation) : .infinity
      let isBetter =
        best < 0 || meets && !hasMet || meets == hasMet && (energy < least || energy == least && latency < soonest)
      if isBetter {
        (best, least, soonest, hasMet) = (option, energy, latency, meets)
      }
    }
    return max(best, 0)
  }
}

public import EdgeCloud

/// Lyapunov drift plus penalty: least energy in the long run, with at most a share β of each agent's tasks missed.
///
/// Each agent has a virtual queue Z of missed tasks beyond its due, Z ← max(0, Z + y − β) with y = 1 if its task is
/// predicted to miss the deadline, else 0. It takes the option that minimises V e/E₀ + Z y, with e the predicted energy and
/// E₀ the world's reference, so that deadlines count more the more of them were missed. For decisions that depend on the
/// present only and predictions that hold, the mean energy is at most B/V above the least that any policy needs for that
/// share, B = ½ max (y − β)², while Z grows as V (M. J. Neely, Stochastic Network Optimization, 2010, theorem 4.8).
///
/// Predictions are from exactly what the agent observes; the quicker of equals is taken.
public struct DriftPlusPenaltyRule: OffloadingRule {
  public static let name = "drift-plus-penalty"

  /// V, what a unit of energy counts against a missed task in the queue.
  public let penaltyWeight: Double
  /// β, the share of tasks that may be missed.
  public let missShare: Double
  /// Z of each agent.
  public private(set) var queues: [Double]

  /// V = 1 and β = 0.01.
  public init(agents: Int) { self.init(agents: agents, penaltyWeight: 1, missShare: 0.01) }

  /// A rule by its V and β.
  public init(agents: Int, penaltyWeight: Double, missShare: Double) {
    precondition(
      penaltyWeight >= 0 && (0...1).contains(missShare),
      "V must not be negative and a share lies in 0 ... 1, not \(penaltyWeight) and \(missShare)")
    self.penaltyWeight = penaltyWeight
    self.missShare = missShare
    queues = [Double](repeating: 0, count: agents)
  }

  public mutating func begin(seed: UInt64) {
    for agent in queues.indices { queues[agent] = 0 }
  }

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    let deadline = view.deadline_s(for: agent) + 1e-9
    let energyWeight = penaltyWeight / view.energyReference_J
    var best = -1
    var (least, soonest) = (Double.infinity, Double.infinity)
    for option in 0..<view.options.count where view.isPermitted(option, for: agent) {
      let latency = view.predictedLatency_s(of: option, for: agent, from: .observation)
      let energy = view.predictedEnergy_J(of: option, for: agent, from: .observation)
      let value = energyWeight * energy + (latency > deadline ? queues[agent] : 0)
      if best < 0 || value < least || value == least && latency < soonest {
        (best, least, soonest) = (option, value, latency)
      }
    }
    queues[agent] = max(0, queues[agent] + (soonest > deadline ? 1 : 0) - missShare)
    return max(best, 0)
  }
}

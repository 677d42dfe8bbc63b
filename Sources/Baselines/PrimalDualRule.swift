import Glibc
public import EdgeCloud

/// Online primal–dual prices: a task goes to the edge where what it saves is worth the processor time that it takes.
///
/// A unit asks λ = L (U/L)^min(1, w/T) for a second of its processor, where w is the wait that it reports and T the task's
/// deadline: the share of the time until then that is already taken. L and U are the least and the greatest saving for a
/// second. The task goes to the option that minimises cost + λ · service among the units in reach, if that is below the
/// least cost on the device and in the cloud, else there. By weak duality such prices save at least (OPT − L C)/max(1,
/// ln(U/L)) of a capacity C that small tasks fill, where OPT is the greatest saving in hindsight.
///
/// After the marginal prices of Q. Su, Q. Zhang, W. Li, X. Zhang, IEEE TMC 2023 (PDCO), for the world's own cost in place
/// of energy and one resource; the price is the standard exponential one. L and U, which the analysis takes as known, are
/// those of the tasks seen so far in the episode, unless they are given. Predictions are from exactly what the agent
/// observes.
public struct PrimalDualRule: OffloadingRule {
  public static let name = "primal-dual"

  private let given: ClosedRange<Double>?
  private var savings: ClosedRange<Double>?

  public init(agents: Int) { self.init(savings: nil) }

  /// A rule that knows L and U, savings for a second of a processor.
  public init(savings: ClosedRange<Double>?) {
    if let savings { precondition(savings.lowerBound > 0, "savings must be positive, not \(savings)") }
    given = savings
    self.savings = savings
  }

  public mutating func begin(seed: UInt64) { savings = given }

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    let otherwise = view.cheapest(for: agent)
    if given == nil { learn(from: agent, in: view, otherwise.cost) }
    var best = otherwise.option
    var least = otherwise.cost
    for option in 0..<view.options.count where view.isPermitted(option, for: agent) {
      guard case .edge = view.options[option].place else { continue }
      let cost = view.predictedCost(of: option, for: agent, from: .observation)
      let price = price(wait_s: view.observedWait_s(at: option, for: agent), deadline_s: view.deadline_s(for: agent))
      let total = cost + price * view.service_s(of: option, for: agent)
      if best == nil || total < least { (best, least) = (option, total) }
    }
    return best ?? 0
  }

  /// What a second of a unit's processor costs.
  func price(wait_s: Double, deadline_s: Double) -> Double {
    guard let savings else { return 0 }
    let taken = deadline_s.isFinite ? min(1, wait_s / deadline_s) : 0
    return savings.lowerBound * pow(savings.upperBound / savings.lowerBound, taken)
  }

  /// Widens L and U by the greatest saving of a task.
  private mutating func learn<View: OffloadingView>(from agent: Int, in view: borrowing View, _ otherwise: Double) {
    var greatest = 0.0
    for option in 0..<view.options.count where view.isPermitted(option, for: agent) {
      guard case .edge = view.options[option].place else { continue }
      let service = view.service_s(of: option, for: agent)
      let saving = otherwise - view.predictedCost(of: option, for: agent, from: .observation)
      if service > 0, saving.isFinite { greatest = max(greatest, saving / service) }
    }
    if greatest > 0 {
      savings = savings.map { min($0.lowerBound, greatest)...max($0.upperBound, greatest) } ?? greatest...greatest
    }
  }
}

extension OffloadingView {
  /// The least predicted cost on the device and in the cloud; no option and an infinite cost where neither is permitted.
  fileprivate func cheapest(for agent: Int) -> (option: Int?, cost: Double) {
    let option = bestOption(for: agent, cost: { predictedCost(of: $0, for: agent, from: .observation) }) { option in
      switch option.place {
      case .device, .cloud: true
      case .none, .edge: false
      }
    }
    return (option, option.map { predictedCost(of: $0, for: agent, from: .observation) } ?? .infinity)
  }
}

public import EdgeCloud

/// The unit in reach with the least work waiting, as last reported (least work left), at full power.
///
/// The stronger of equals; on the device where no unit is in reach.
public struct LeastLoadedRule: OffloadingRule {
  public static let name = "least-loaded"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    if let unit = view.leastLoadedUnit(for: agent) { return unit }
    return view.firstOption(for: agent) { $0.place == .device && $0.isFullEffort }
  }
}

extension OffloadingView {
  fileprivate func leastLoadedUnit(for agent: Int) -> Int? {
    bestOption(for: agent, cost: { observedWait_s(at: $0, for: agent) }) { option in
      if case .edge = option.place { return option.isFullEffort }
      return false
    }
  }
}

public import EdgeCloud

/// The unit in reach with the fewest tasks, waiting or computed, at full power: join the shortest queue.
///
/// The stronger of equals; on the device where no unit is in reach. It counts tasks and not their work, as
/// ``LeastLoadedRule`` does, and it counts them now, which no agent observes. For equal exponential servers and sizes that
/// are not known it is optimal (W. Winston, J. Applied Probability 14 (1977) 181).
public struct ShortestQueueRule: OffloadingRule {
  public static let name = "shortest-queue"
  public static let seesMore = true

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    if let unit = view.shortestQueue(for: agent) { return unit }
    return view.firstOption(for: agent) { $0.place == .device && $0.isFullEffort }
  }
}

extension OffloadingView {
  fileprivate func shortestQueue(for agent: Int) -> Int? {
    bestOption(for: agent, cost: { tasksInside(at: $0, for: agent).map(Double.init) ?? .infinity }) { option in
      if case .edge = option.place { return option.isFullEffort }
      return false
    }
  }
}

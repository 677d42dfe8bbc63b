public import EdgeCloud

/// Every task at the strongest unit in reach, at full power; on the device where there is none.
public struct EdgeRule: OffloadingRule {
  public static let name = "edge"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.firstOption(for: agent) { $0.place == .edge(rank: 0) && $0.isFullEffort }
  }
}

/// Every task in the cloud through the strongest unit in reach, at full power; on the device where there is none.
public struct CloudRule: OffloadingRule {
  public static let name = "cloud"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.firstOption(for: agent) { $0.place == .cloud(rank: 0) && $0.isFullEffort }
  }
}

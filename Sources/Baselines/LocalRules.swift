public import EdgeCloud

/// Every task on the device at full speed.
public struct LocalRule: OffloadingRule {
  public static let name = "local"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.firstOption(for: agent) { $0.place == .device && $0.isFullEffort }
  }
}

/// Every task on the device at the lowest clock speed that meets its deadline: least energy without a radio.
public struct EconomicalLocalRule: OffloadingRule {
  public static let name = "local-dvfs"

  public init(agents: Int) {}

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    view.firstOption(for: agent) { $0.place == .device && !$0.isFullEffort }
  }
}

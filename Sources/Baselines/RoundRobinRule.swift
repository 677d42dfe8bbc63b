public import EdgeCloud

/// One place after another: device, the units in reach, the cloud; each agent counts for itself.
///
/// Places are taken at full speed and power, the cloud through the strongest unit; places out of reach are skipped.
public struct RoundRobinRule: OffloadingRule {
  public static let name = "round-robin"

  private var turns: [Int]

  public init(agents: Int) { turns = [Int](repeating: 0, count: agents) }

  public mutating func begin(seed: UInt64) {
    for agent in turns.indices { turns[agent] = 0 }
  }

  public mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int {
    var nearby = 0
    var cloud: Int?
    for option in 0..<view.options.count where isOnRound(option, for: agent, in: view) {
      if view.options[option].place == .cloud(rank: 0) { cloud = option } else { nearby += 1 }
    }
    let places = nearby + (cloud == nil ? 0 : 1)
    guard places > 0 else {
      for option in 0..<view.options.count where view.isPermitted(option, for: agent) { return option }
      return 0
    }
    var remaining = turns[agent] % places
    turns[agent] += 1
    for option in 0..<view.options.count where isOnRound(option, for: agent, in: view) {
      if option == cloud { continue }
      if remaining == 0 { return option }
      remaining -= 1
    }
    return cloud ?? 0
  }

  private func isOnRound<View: OffloadingView>(_ option: Int, for agent: Int, in view: borrowing View) -> Bool {
    guard view.isPermitted(option, for: agent), view.options[option].isFullEffort else { return false }
    switch view.options[option].place {
    case .none: return false
    case .device, .edge: return true
    case .cloud(let rank): return rank == 0
    }
  }
}

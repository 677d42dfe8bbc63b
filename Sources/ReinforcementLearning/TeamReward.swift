/// How the rewards of all agents of a step become the one reward of a team.
public enum TeamReward: String, Sendable, CaseIterable {
  /// Their mean over the active agents: as much as one agent gets where all get the same.
  case mean
  /// Their sum over the active agents.
  case sum

  /// The reward of one environment's step; 0 where nobody is there.
  public func value(_ frame: borrowing VectorFrame, environment: Int) -> Double {
    var (total, present) = (0.0, 0)
    for group in 0..<frame.groups.count {
      let slots = frame.groups[group].group.count
      for row in environment * slots..<(environment + 1) * slots where frame.groups[group].active[row] {
        total += frame.groups[group].rewards[row]
        present += 1
      }
    }
    return self == .sum || present == 0 ? total : total / Double(present)
  }
}

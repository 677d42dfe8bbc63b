public import ReinforcementLearning

/// What agents may decide, and what they do when they do nothing.
extension IndustrialHall {
  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    let role = roles[group]
    if mask.count == 0 { return }
    let options = mask.count / countOf[group]
    let base = firstOf[group] - firstComputing
    let placements = actions.placements(of: role)
    let onDevice = placements - actions.servers - 2
    for slot in 0..<countOf[group] {
      if role == .controller {
        for option in 0..<options { mask[slot * options + option] = true }
        continue
      }
      let task = Int(ready[base + slot])
      let isPinned = task >= 0 && plans[plan(of: base + slot)].isPinned[task]
      for first in stride(from: slot * options, to: (slot + 1) * options, by: placements) {
        mask[first] = task < 0
        for placement in 1..<placements { mask[first + placement] = task >= 0 && (!isPinned || placement <= onDevice) }
      }
    }
  }

  /// The fewest copies at the lowest power; the task at hand waits.
  public func idleAction(for agent: Int) -> AgentAction {
    var group = roles.count - 1
    while group > 0, firstOf[group] > agent { group -= 1 }
    let space = groups[group].action
    var action = AgentAction(
      discrete: [Int32](repeating: 0, count: space.discreteCount),
      continuous: space.ranges.map(\.lowerBound))
    if parameters.actions == .continuous, roles[group] != .controller {
      // Equal scores are the device's.
      action.continuous[action.continuous.count - 1] = 1
    }
    return action
  }
}

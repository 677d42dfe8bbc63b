public import ReinforcementLearning

/// What agents may decide, and what they do when they do nothing.
extension IndustrialHall {
  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    let role = roles[group]
    let options = groups[group].action.maskCount
    if options == 0 { return }
    let base = firstAgent(ofGroup: group) - firstComputing
    let placements = actions.placements(of: role)
    let onDevice = placements - actions.servers - 2
    for slot in 0..<groups[group].count {
      if role == .controller {
        for option in 0..<options { mask[slot * options + option] = true }
        continue
      }
      let task = Int(ready[base + slot])
      let isPinned = task >= 0 && plans[plan(of: base + slot)].isPinned[task]
      for option in 0..<options {
        let placement = option % placements
        mask[slot * options + option] =
          task < 0 ? placement == 0 : placement > 0 && (!isPinned || placement <= onDevice)
      }
    }
  }

  /// The fewest copies at the lowest power; the task at hand waits.
  public func idleAction(for agent: Int) -> AgentAction {
    var group = roles.count - 1
    while group > 0, firstAgent(ofGroup: group) > agent { group -= 1 }
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

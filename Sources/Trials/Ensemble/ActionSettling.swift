import ReinforcementLearning

/// Actions that come from outside.
extension VectorFrame {
  /// Makes of the frame's actions what worlds may be given.
  ///
  /// An integer that is no option, or a number that is none, is an error and nothing is changed. A number outside its
  /// range becomes the range's nearer end. A choice that the mask forbids becomes that of the agent's idle action, and
  /// is counted. What is done stands in the frame afterwards. Inactive slots' choices are left alone.
  ///
  /// - Returns: how many forbidden choices were replaced.
  mutating func settleActions(mayForbid: Bool, idle: JointAction) throws(Failure) -> Int {
    var replaced = 0
    for group in 0..<groups.count {
      if let place = groups[group].firstNoOption() { throw noOption(place, in: group) }
      if let place = groups[group].firstNoNumber() { throw noNumber(place, in: group) }
    }
    for group in 0..<groups.count {
      groups[group].bringNumbersIntoRange()
      if mayForbid { replaced += groups[group].replaceForbidden(idle.discrete, from: idle.discreteStart[group]) }
    }
    return replaced
  }

  private func noOption(_ place: Int, in group: Int) -> Failure {
    let part = groups[group]
    let choices = part.group.action.choices
    let row = place / choices.count
    let options = choices[place % choices.count]
    return Failure(
      .usage,
      "environment \(row / part.group.count), \(part.group.name) \(row % part.group.count): "
        + "\(part.actions[place]) is no option; choose from 0 to \(options - 1)")
  }

  private func noNumber(_ place: Int, in group: Int) -> Failure {
    let part = groups[group]
    let row = place / part.group.action.continuousCount
    return Failure(
      .usage,
      "environment \(row / part.group.count), \(part.group.name) \(row % part.group.count): "
        + "\(part.continuousActions[place]) is not a number that an action can have; write a finite one")
  }
}

extension VectorFrame.Group {
  /// Where the first integer that is no option stands.
  fileprivate func firstNoOption() -> Int? {
    let choices = group.action.choices
    let values = actions.span
    if choices.count == 1 {
      let limit = UInt32(choices[0])
      for place in 0..<values.count where UInt32(bitPattern: values[place]) >= limit { return place }
      return nil
    }
    var choice = 0
    for place in 0..<values.count {
      if UInt32(bitPattern: values[place]) >= UInt32(choices[choice]) { return place }
      choice = choice + 1 == choices.count ? 0 : choice + 1
    }
    return nil
  }

  /// Where the first number that is infinite or none stands.
  fileprivate func firstNoNumber() -> Int? {
    let values = continuousActions.span
    for place in 0..<values.count where !values[place].isFinite { return place }
    return nil
  }

  fileprivate mutating func bringNumbersIntoRange() {
    let ranges = group.action.ranges
    if ranges.isEmpty { return }
    var values = continuousActions.mutableSpan
    var dimension = 0
    for place in 0..<values.count {
      values[place] = min(max(values[place], ranges[dimension].lowerBound), ranges[dimension].upperBound)
      dimension = dimension + 1 == ranges.count ? 0 : dimension + 1
    }
  }

  /// Replaces what masks forbid to agents that are there.
  fileprivate mutating func replaceForbidden(_ idle: [Int32], from start: Int) -> Int {
    let choices = group.action.choices
    if choices.isEmpty { return 0 }
    let slots = group.count
    var replaced = 0
    var option = 0
    for row in 0..<rows {
      for (choice, options) in choices.enumerated() {
        let place = row * choices.count + choice
        if active[row], !masks[option + Int(actions[place])] {
          let own = idle[start + row % slots * choices.count + choice]
          if actions[place] != own {
            actions[place] = own
            replaced += 1
          }
        }
        option += options
      }
    }
    return replaced
  }
}

extension JointAction {
  /// What all agents of a world do when they do nothing.
  init(idleIn world: some Environment) {
    self.init(for: world.groups)
    var agent = 0
    for (index, group) in world.groups.enumerated() {
      for slot in 0..<group.count {
        let own = world.idleAction(for: agent)
        for (choice, value) in own.discrete.enumerated() {
          discrete[discreteStart[index] + slot * group.action.discreteCount + choice] = value
        }
        for (dimension, value) in own.continuous.enumerated() {
          continuous[continuousStart[index] + slot * group.action.continuousCount + dimension] = value
        }
        agent += 1
      }
    }
  }
}

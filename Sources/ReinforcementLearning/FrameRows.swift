/// The rows of one environment in a frame: its actions, what came of them, and what it shows.
///
/// An environment is passed `inout` where it is only looked at: generic code would copy it otherwise, and a copy of a
/// large world costs as much as a step of a small one.
extension VectorFrame {
  /// Copies an environment's actions out of the frame.
  func loadActions(of index: Int, into actions: inout JointAction) {
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      let integers = groups[group].group.action.discreteCount * slots
      let reals = groups[group].group.action.continuousCount * slots
      for offset in 0..<integers {
        actions.discrete[actions.discreteStart[group] + offset] = groups[group].actions[index * integers + offset]
      }
      for offset in 0..<reals {
        actions.continuous[actions.continuousStart[group] + offset] =
          groups[group].continuousActions[index * reals + offset]
      }
    }
  }

  /// Writes what a step brought an environment's agents.
  mutating func store(_ outcome: borrowing StepOutcome, of index: Int) {
    var agent = 0
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      for row in index * slots..<(index + 1) * slots {
        groups[group].rewards[row] = outcome.rewards[agent]
        groups[group].terminated[row] = outcome.terminated[agent]
        groups[group].truncated[row] = outcome.truncated[agent]
        agent += 1
      }
    }
    episodeOver[index] = outcome.episodeOver
  }

  /// Writes an environment's observations, masks and advice after a step.
  mutating func showNext<World: Environment>(_ environment: inout World, at index: Int) {
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      let width = slots * groups[group].group.observation.count
      let maskWidth = slots * groups[group].group.action.maskCount
      var allNext = groups[group].nextObservations.mutableSpan
      var next = allNext._mutatingExtracting(index * width..<(index + 1) * width)
      environment.observe(group: group, into: &next)
      guard maskWidth > 0 else { continue }
      var allMasks = groups[group].nextMasks.mutableSpan
      var masks = allMasks._mutatingExtracting(index * maskWidth..<(index + 1) * maskWidth)
      environment.writeActionMask(group: group, into: &masks)
      guard environment.isAdvised else { continue }
      var allAdvice = groups[group].nextAdvice.mutableSpan
      var advice = allAdvice._mutatingExtracting(index * maskWidth..<(index + 1) * maskWidth)
      environment.writeAdvice(group: group, into: &advice)
    }
  }

  /// Writes an environment's observations, masks, advice and active flags before a step.
  mutating func show<World: Environment>(_ environment: inout World, at index: Int) {
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      let width = slots * groups[group].group.observation.count
      let maskWidth = slots * groups[group].group.action.maskCount
      var allObservations = groups[group].observations.mutableSpan
      var observations = allObservations._mutatingExtracting(index * width..<(index + 1) * width)
      environment.observe(group: group, into: &observations)
      guard maskWidth > 0 else { continue }
      var allMasks = groups[group].masks.mutableSpan
      var masks = allMasks._mutatingExtracting(index * maskWidth..<(index + 1) * maskWidth)
      environment.writeActionMask(group: group, into: &masks)
      guard environment.isAdvised else { continue }
      var allAdvice = groups[group].advice.mutableSpan
      var advice = allAdvice._mutatingExtracting(index * maskWidth..<(index + 1) * maskWidth)
      environment.writeAdvice(group: group, into: &advice)
    }
    showActive(&environment, at: index)
  }

  /// Writes who is there in an environment.
  mutating func showActive<World: Environment>(_ environment: inout World, at index: Int) {
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      var allActive = groups[group].active.mutableSpan
      var active = allActive._mutatingExtracting(index * slots..<(index + 1) * slots)
      environment.writeActive(group: group, into: &active)
    }
  }
}

import ReinforcementLearning

/// The rows of one environment, for policies that act in one at a time.
extension VectorFrame {
  /// Writes an environment's actions into the frame.
  mutating func storeActions(_ action: borrowing JointAction, of index: Int) {
    for group in 0..<groups.count {
      let integers = groups[group].group.action.discreteCount * groups[group].group.count
      let reals = groups[group].group.action.continuousCount * groups[group].group.count
      for offset in 0..<integers {
        groups[group].actions[index * integers + offset] = action.discrete[action.discreteStart[group] + offset]
      }
      for offset in 0..<reals {
        groups[group].continuousActions[index * reals + offset] =
          action.continuous[action.continuousStart[group] + offset]
      }
    }
  }

  /// Reads what the last step brought an environment's agents.
  func load(_ outcome: inout StepOutcome, of index: Int) {
    var agent = 0
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      for row in index * slots..<(index + 1) * slots {
        outcome.rewards[agent] = groups[group].rewards[row]
        outcome.terminated[agent] = groups[group].terminated[row]
        outcome.truncated[agent] = groups[group].truncated[row]
        agent += 1
      }
    }
    outcome.episodeOver = episodeOver[index]
  }
}

extension EpisodeEndings {
  /// Notes who is there before a step.
  mutating func noteActive(in frame: borrowing VectorFrame) {
    for group in 0..<acted.count {
      for row in 0..<acted[group].count { acted[group][row] = frame.groups[group].active[row] }
    }
  }

  /// Keeps what an environment showed last, before what is next becomes the present.
  mutating func keepLast(_ index: Int, of frame: borrowing VectorFrame) {
    for group in 0..<observations.count {
      let width = observations[group].count / isOver.count
      let options = masks[group].count / isOver.count
      for place in index * width..<(index + 1) * width {
        observations[group][place] = frame.groups[group].nextObservations[place]
      }
      for place in index * options..<(index + 1) * options {
        masks[group][place] = frame.groups[group].nextMasks[place]
      }
    }
  }
}

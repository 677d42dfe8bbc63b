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
      let active = frame.groups[group].active
      Self.write(active.span, into: &acted[group])
    }
  }

  /// Notes whose episodes a step ended, and lists them.
  mutating func noteOver(_ over: [Bool], _ ended: inout [Int]) {
    let flags = over.span
    for index in 0..<flags.count where flags[index] { ended.append(index) }
    Self.write(flags, into: &isOver)
  }

  private static func write(_ source: Span<Bool>, into target: inout [Bool]) {
    var target = target.mutableSpan
    precondition(source.count == target.count)
    for index in 0..<target.count { target[index] = source[index] }
  }

  /// Keeps what ended environments showed last, before what is next becomes the present.
  mutating func keepLast(_ ended: [Int], of frame: borrowing VectorFrame) {
    if ended.isEmpty { return }
    for group in 0..<observations.count {
      let (values, options) = (frame.groups[group].nextObservations, frame.groups[group].nextMasks)
      Self.copyRows(ended, values.span, into: &observations[group], of: isOver.count)
      Self.copyRows(ended, options.span, into: &masks[group], of: isOver.count)
    }
  }

  private static func copyRows<Value>(
    _ rows: [Int], _ source: Span<Value>, into target: inout [Value], of environments: Int
  ) {
    let width = source.count / environments
    var target = target.mutableSpan
    precondition(source.count == target.count)
    for row in rows {
      for place in row * width..<(row + 1) * width { target[place] = source[place] }
    }
  }
}

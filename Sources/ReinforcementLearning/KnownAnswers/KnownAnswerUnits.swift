extension KnownAnswerWorld {
  /// The same world in other units, to try learners that normalise: x is seen as `factor · x + shift`, its ranges
  /// widen likewise, and every reward, and so every answer, is `worth` times as large.
  public func inUnits(seenTimes factor: Float = 1, plus shift: Float = 0, worth: Double = 1) -> KnownAnswerWorld {
    precondition(factor > 0 && worth > 0, "units of \(factor) and rewards of \(worth)")
    let fields = groups[0].observation.fields.map { field in
      ObservationField(
        field.name, unit: field.unit,
        in: factor * field.range.lowerBound + shift...factor * field.range.upperBound + shift, field.meaning)
    }
    let states = states.map { state in
      var state = state
      state.observation = state.observation.map { factor * $0 + shift }
      for index in state.moves.indices { state.moves[index].reward *= worth }
      return state
    }
    precondition(worth == 1 || states.allSatisfy(\.target.isEmpty), "a box's miss has a unit of its own")
    return KnownAnswerWorld(
      "\(name), in other units", agents: groups[0].count, lesson: lesson, observing: fields, action: action,
      states: states, starts: starts, limit: limit, needsMemory: needsMemory)
  }
}

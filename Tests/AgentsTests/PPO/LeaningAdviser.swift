import ReinforcementLearning

/// A prior that leans the same way everywhere: weights of the options, taken over the permitted ones; where the first
/// number seen is negative, in the reverse order if it turns.
struct LeaningAdviser: Adviser {
  typealias World = KnownAnswerWorld

  let weights: [Float]
  let turns: Bool
  private var seen: [Float] = []
  private var mask: [Bool] = []

  init(_ weights: [Float], turns: Bool = false) {
    self.weights = weights
    self.turns = turns
  }

  func advising(_ world: KnownAnswerWorld) -> LeaningAdviser { self }

  mutating func advise(in world: borrowing KnownAnswerWorld, into advice: inout MutableSpan<Float>) {
    let group = world.groups[0]
    let (width, options) = (group.observation.count, group.action.maskCount)
    if seen.isEmpty {
      seen = [Float](repeating: 0, count: group.count * width)
      mask = [Bool](repeating: true, count: group.count * options)
    }
    do {
      var span = seen.mutableSpan
      world.observe(group: 0, into: &span)
    }
    do {
      var span = mask.mutableSpan
      world.writeActionMask(group: 0, into: &span)
    }
    for agent in 0..<group.count {
      let isReversed = turns && seen[agent * width] < 0
      var total: Float = 0
      for option in 0..<options {
        let weight = mask[agent * options + option] ? weights[isReversed ? options - 1 - option : option] : 0
        advice[agent * options + option] = weight
        total += weight
      }
      if total > 0 { for option in 0..<options { advice[agent * options + option] /= total } }
    }
  }
}

public import ReinforcementLearning

/// An action as one choice among options, or as one in each of several branches.
///
/// A choice of the world's is a branch. A real number becomes a branch when it is cut into levels: equally spaced
/// from the low to the high end of its range, both included. The options of all branches lie one after another;
/// those of the world's choices come first, so that its mask covers the leading ``maskCount`` and every level is
/// always permitted.
public struct ActionBranches: Sendable, Equatable {
  /// The number of options of each branch.
  public let options: [Int]
  /// The number of options of all branches.
  public let count: Int
  /// The number of leading options that the world's mask speaks of.
  public let maskCount: Int
  /// The number of leading branches that are integers of the action.
  public let integers: Int
  /// The levels of each real number of the action.
  public let levels: [[Float]]

  /// The branches of an action space; nil where real numbers are to be chosen and `levels` does not say how finely.
  ///
  /// - Parameter levels: the number of levels of each real number, at least 2.
  public init?(_ space: ActionSpace, levels: Int? = nil) {
    var choices: [Int] = []
    var ranges: [ClosedRange<Float>] = []
    switch space {
    case .discrete(let labels): choices = [labels.count]
    case .multiDiscrete(let counts): choices = counts
    case .box(let box): ranges = box
    case .hybrid(let labels, let box):
      choices = [labels.count]
      ranges = box
    }
    if !ranges.isEmpty {
      guard let levels, levels >= 2, ranges.allSatisfy({ $0.lowerBound.isFinite && $0.upperBound.isFinite })
      else { return nil }
    }
    integers = choices.count
    maskCount = choices.reduce(0, +)
    self.levels = ranges.map { range in
      let steps = (levels ?? 2) - 1
      return (0...steps).map { step in
        let part = Float(step) / Float(steps)
        return range.lowerBound * (1 - part) + range.upperBound * part
      }
    }
    options = choices + self.levels.map(\.count)
    count = options.reduce(0, +)
  }

  /// The permitted option of the greatest value in one branch, the lowest of equals; nil when none is permitted.
  ///
  /// - Parameters:
  ///   - values: a value for each option of all branches.
  ///   - mask: the world's mask, ``maskCount`` entries.
  ///   - branch: the branch's number.
  ///   - start: its first option.
  @inlinable
  public func greedyOption(_ values: Span<Float>, permitted mask: Span<Bool>, branch: Int, from start: Int) -> Int? {
    let options = start..<start + options[branch]
    if branch < integers { return greedyAction(values.extracting(options), permitted: mask.extracting(options)) }
    return greedyAction(values.extracting(options))
  }

  /// Writes a choice in every branch as an action's integers and real numbers.
  ///
  /// - Parameters:
  ///   - choices: an option for each branch.
  ///   - discrete: the action's integers, which begin at `firstInteger`.
  ///   - continuous: the action's real numbers, which begin at `firstReal`.
  public func write(
    _ choices: Span<Int32>, into discrete: inout [Int32], at firstInteger: Int, _ continuous: inout [Float],
    at firstReal: Int
  ) {
    for branch in 0..<integers { discrete[firstInteger + branch] = choices[branch] }
    for number in 0..<levels.count {
      continuous[firstReal + number] = levels[number][Int(choices[integers + number])]
    }
  }
}

/// The permitted action of the greatest value; the lowest of equals; nil when none is permitted or comparable.
@inlinable
public func greedyAction(_ values: Span<Float>, permitted mask: Span<Bool>) -> Int? {
  var best: Int?
  var greatest = -Float.infinity
  for action in 0..<values.count where mask[action] && (values[action] > greatest || best == nil) {
    if values[action].isNaN { continue }
    best = action
    greatest = values[action]
  }
  return best
}

/// The option of the greatest value; the lowest of equals; nil when none is comparable.
@inlinable
public func greedyAction(_ values: Span<Float>) -> Int? {
  var best: Int?
  var greatest = -Float.infinity
  for action in 0..<values.count where values[action] > greatest || (best == nil && !values[action].isNaN) {
    best = action
    greatest = values[action]
  }
  return best
}

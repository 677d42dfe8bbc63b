public import ReinforcementLearning
internal import LinearAlgebra

/// What an actor's outputs mean for an action space.
///
/// The logits of each choice's options lie first, choice after choice and in the order of the mask; behind them
/// one number x for each real number of the action, which stands for the middle of its range plus tanh(x) times half
/// its length. Acting greedily takes the permitted option of the greatest logit in each choice, the lowest on a tie.
public struct ActorOutputs: Sendable, Equatable {
  /// The number of options of each choice.
  public let choices: [Int]
  /// The number of logits: the options of all choices, as many as the mask has entries.
  public let logitCount: Int
  /// The range of each real number.
  public let ranges: [ClosedRange<Float>]

  /// The outputs for an action space; nil where a range has no end.
  public init?(_ space: ActionSpace) {
    (choices, ranges) = (space.choices, space.ranges)
    guard ranges.allSatisfy({ $0.lowerBound.isFinite && $0.upperBound.isFinite }) else { return nil }
    logitCount = choices.reduce(0, +)
  }

  /// The number of outputs: logits, then real numbers.
  public var count: Int { logitCount + ranges.count }

  /// A real number of the action by its place in [−1, 1] of its range.
  @inlinable
  public func real(_ index: Int, at place: Float) -> Float {
    let range = ranges[index]
    let half = range.upperBound / 2 - range.lowerBound / 2
    let value = range.lowerBound / 2 + range.upperBound / 2 + half * place
    return min(max(value, range.lowerBound), range.upperBound)
  }

  /// The place in [−1, 1] of a real number in its range; 0 where the range is one value.
  @inlinable
  public func place(_ index: Int, of value: Float) -> Float {
    let range = ranges[index]
    let half = range.upperBound / 2 - range.lowerBound / 2
    guard half > 0 else { return 0 }
    return min(max((value - (range.lowerBound / 2 + range.upperBound / 2)) / half, -1), 1)
  }

  /// Writes the greedy action of one row of outputs.
  ///
  /// - Parameters:
  ///   - outputs: ``count`` values.
  ///   - mask: the permitted options, ``logitCount`` entries.
  ///   - discrete: the action's integers, which begin at `firstInteger`.
  ///   - continuous: the action's real numbers, which begin at `firstReal`.
  public func writeGreedy(
    _ outputs: Span<Float>, permitted mask: Span<Bool>, into discrete: inout [Int32], at firstInteger: Int,
    _ continuous: inout [Float], at firstReal: Int
  ) {
    var start = 0
    for choice in 0..<choices.count {
      let options = start..<start + choices[choice]
      discrete[firstInteger + choice] = Int32(
        greedyAction(outputs.extracting(options), permitted: mask.extracting(options)) ?? 0)
      start = options.upperBound
    }
    for number in 0..<ranges.count {
      continuous[firstReal + number] = real(number, at: Vectorizable.tanh(outputs[logitCount + number]))
    }
  }
}

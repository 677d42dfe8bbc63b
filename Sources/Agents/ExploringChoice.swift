import Policies
import Randomness
import ReinforcementLearning

extension ActionBranches {
  /// Chooses for one row of a group by its evaluated action values, exploring with probability `epsilon`.
  ///
  /// - Parameters:
  ///   - chosen: room for an option of each branch.
  ///   - choices: the option taken in each branch of each row, of which the row's are written.
  ///   - part: the frame's part of the group, whose actions are written.
  func choose(
    row: Int, by evaluation: borrowing ValueEvaluation, exploring epsilon: Double, using stream: inout RandomStream,
    into chosen: inout [Int32], _ choices: inout [Float], _ part: inout VectorFrame.Group
  ) {
    let (masks, values) = (part.masks, evaluation.values)
    choose(
      values.span.extracting(row * count..<(row + 1) * count),
      permitted: masks.span.extracting(row * maskCount..<(row + 1) * maskCount), exploring: epsilon, using: &stream,
      into: &chosen)
    for branch in 0..<options.count { choices[row * options.count + branch] = Float(chosen[branch]) }
    write(
      chosen.span, into: &part.actions, at: row * integers, &part.continuousActions, at: row * levels.count)
  }

  /// Chooses an option in every branch: with probability `epsilon` each at random among the permitted ones, else each
  /// the permitted one of the greatest value. Branches without a permitted option get 0.
  ///
  /// - Parameters:
  ///   - values: a value for each option of all branches; not read where the choice is random.
  ///   - mask: the world's mask, ``ActionBranches/maskCount`` entries.
  ///   - chosen: at least one entry for each branch, overwritten.
  private func choose(
    _ values: Span<Float>, permitted mask: Span<Bool>, exploring epsilon: Double, using stream: inout RandomStream,
    into chosen: inout [Int32]
  ) {
    let explores = stream.uniform() < epsilon
    var start = 0
    for branch in 0..<options.count {
      let option =
        explores
        ? randomOption(branch, from: start, permitted: mask, using: &stream)
        : greedyOption(values, permitted: mask, branch: branch, from: start)
      chosen[branch] = Int32(option ?? 0)
      start += options[branch]
    }
  }

  private func randomOption(
    _ branch: Int, from start: Int, permitted mask: Span<Bool>, using stream: inout RandomStream
  ) -> Int? {
    let options = options[branch]
    guard branch < integers else { return stream.integer(below: options) }
    var count = 0
    for option in 0..<options where mask[start + option] { count += 1 }
    guard count > 0 else { return nil }
    var remaining = stream.integer(below: count)
    for option in 0..<options where mask[start + option] {
      if remaining == 0 { return option }
      remaining -= 1
    }
    return nil
  }
}

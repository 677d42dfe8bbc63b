import Policies
import ReinforcementLearning
import Snapshots

/// What the agents of a group saw and were permitted in a rollout, as their networks read it.
///
/// Row `step × rows + row` belongs to the row `row` of a frame. Observations are kept as they were normalised when they
/// were acted on. Behind the steps of the rollout lies one more: what is seen after the last step.
struct ObservedRollout: Sendable {
  let steps: Int
  /// Rows of a frame, environments × agents.
  let rows: Int
  /// Agents of the group.
  let agents: Int
  /// Values of an observation.
  let width: Int
  /// Entries of a mask.
  let maskCount: Int
  /// `[steps + 1, rows, width]`; zeros for empty slots.
  private(set) var inputs: [Float]
  /// `[steps, rows, maskCount]`.
  private(set) var masks: [Bool]
  /// A prior's probabilities, `[steps, rows, maskCount]`; empty where nothing is learned from one.
  private(set) var advice: [Float]

  init(_ group: AgentGroup, environments: Int, steps: Int, isAdvised: Bool) {
    self.steps = steps
    agents = group.count
    rows = environments * agents
    width = group.observation.count
    maskCount = group.action.maskCount
    inputs = [Float](repeating: 0, count: (steps + 1) * rows * width)
    masks = [Bool](repeating: true, count: steps * rows * maskCount)
    advice = [Float](repeating: 0, count: isAdvised ? masks.count : 0)
  }

  /// Stores what a frame shows before its step.
  mutating func see(_ part: borrowing VectorFrame.Group, at step: Int, through normalizer: borrowing Normalizer) {
    write(part.observations.span, at: step, through: normalizer)
    let (rows, width, maskCount) = (rows, width, maskCount)
    let first = step * rows
    do {
      var span = inputs.mutableSpan
      for row in 0..<rows where !part.active[row] { Self.clear(first + row, width, &span) }
    }
    do {
      let seen = part.masks.span
      var span = masks.mutableSpan
      for index in 0..<rows * maskCount { span[first * maskCount + index] = seen[index] }
    }
    guard !advice.isEmpty, !part.advice.isEmpty else { return }
    let told = part.advice.span
    var span = advice.mutableSpan
    for index in 0..<rows * maskCount { span[first * maskCount + index] = told[index] }
  }

  /// Stores what a frame shows after its step, for those whose trajectory can go on; the newcomers are not known yet.
  mutating func seeNext(_ part: borrowing VectorFrame.Group, through normalizer: borrowing Normalizer) {
    write(part.nextObservations.span, at: steps, through: normalizer)
    let (steps, rows, width) = (steps, rows, width)
    var span = inputs.mutableSpan
    for row in 0..<rows where !part.active[row] || part.terminated[row] {
      Self.clear(steps * rows + row, width, &span)
    }
  }

  private mutating func write(_ observations: Span<Float>, at step: Int, through normalizer: borrowing Normalizer) {
    let count = rows * width
    let rows = rows
    var span = inputs.mutableSpan
    var part = span._mutatingExtracting(step * count..<(step + 1) * count)
    normalizer.apply(observations, rows: rows, into: &part)
  }

  private static func clear(_ row: Int, _ width: Int, _ span: inout MutableSpan<Float>) {
    for index in row * width..<(row + 1) * width { span[index] = 0 }
  }

  /// The first `filled` steps.
  func snapshot(filled: Int) -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("inputs", Array(inputs[..<(filled * rows * width)]))
    snapshot.set("masks", Array(masks[..<(filled * rows * maskCount)]))
    if !advice.isEmpty { snapshot.set("advice", Array(advice[..<(filled * rows * maskCount)])) }
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot, filled: Int) throws(SnapshotError) {
    let inputs = try snapshot.floats("inputs", count: filled * rows * width)
    let masks = try snapshot.bools("masks", count: filled * rows * maskCount)
    if !advice.isEmpty {
      let advice = try snapshot.floats("advice", count: filled * rows * maskCount)
      self.advice.replaceSubrange(..<advice.count, with: advice)
    }
    self.inputs.replaceSubrange(..<inputs.count, with: inputs)
    self.masks.replaceSubrange(..<masks.count, with: masks)
  }
}

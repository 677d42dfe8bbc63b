import ReinforcementLearning
import Snapshots

/// What one set of parameters did in a rollout and what came of it.
///
/// Sample `step × slots + slot`: the rows of a frame for which these parameters act are its slots.
struct TakenRollout: Sendable {
  let slots: Int
  let integerCount: Int
  let numberCount: Int
  /// The option of each choice.
  private(set) var integers: [Int32]
  /// Real numbers before they are squashed.
  private(set) var numbers: [Float]
  /// The logarithm of the probability with which the action was taken.
  private(set) var logProbabilities: [Float]
  /// The reward of each step.
  private(set) var rewards: [Float]
  /// Raw values of ``StepKind``.
  private(set) var kinds: [UInt8]
  /// The critic's output after each step that is cut.
  var bootstraps: [Float]

  init(slots: Int, steps: Int, action: ActionSpace) {
    self.slots = slots
    integerCount = action.discreteCount
    numberCount = action.continuousCount
    let count = slots * steps
    integers = [Int32](repeating: 0, count: count * integerCount)
    numbers = [Float](repeating: 0, count: count * numberCount)
    logProbabilities = [Float](repeating: 0, count: count)
    rewards = logProbabilities
    kinds = [UInt8](repeating: StepKind.absent.rawValue, count: count)
    bootstraps = logProbabilities
  }

  /// Lends the actions, to be written: integers, real numbers, logarithms of probabilities.
  mutating func withActions(
    _ body: (inout MutableSpan<Int32>, inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
  ) {
    var (integers, numbers, logProbabilities): ([Int32], [Float], [Float]) = ([], [], [])
    swap(&integers, &self.integers)
    swap(&numbers, &self.numbers)
    swap(&logProbabilities, &self.logProbabilities)
    do {
      var first = integers.mutableSpan
      var second = numbers.mutableSpan
      var third = logProbabilities.mutableSpan
      body(&first, &second, &third)
    }
    swap(&integers, &self.integers)
    swap(&numbers, &self.numbers)
    swap(&logProbabilities, &self.logProbabilities)
  }

  /// Stores what came of a step of a slot.
  mutating func note(_ kind: StepKind, reward: Double, sample: Int) {
    rewards[sample] = Float(reward)
    kinds[sample] = kind.rawValue
    bootstraps[sample] = 0
  }

  /// Whether there is anything to learn from in a sample.
  func isPresent(_ sample: Int) -> Bool { kinds[sample] != StepKind.absent.rawValue }

  /// The first `filled` steps.
  func snapshot(filled: Int) -> Snapshot {
    let count = filled * slots
    var snapshot = Snapshot()
    snapshot.set("integers", Array(integers[..<(count * integerCount)]))
    snapshot.set("numbers", Array(numbers[..<(count * numberCount)]))
    snapshot.set("log_probabilities", Array(logProbabilities[..<count]))
    snapshot.set("rewards", Array(rewards[..<count]))
    snapshot.set("kinds", Array(kinds[..<count]))
    snapshot.set("bootstraps", Array(bootstraps[..<count]))
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot, filled: Int) throws(SnapshotError) {
    let count = filled * slots
    let integers = try snapshot.int32s("integers", count: count * integerCount)
    let numbers = try snapshot.floats("numbers", count: count * numberCount)
    let logProbabilities = try snapshot.floats("log_probabilities", count: count)
    let rewards = try snapshot.floats("rewards", count: count)
    let kinds = try snapshot.bytes("kinds", count: count)
    let bootstraps = try snapshot.floats("bootstraps", count: count)
    if let wrong = kinds.first(where: { StepKind(rawValue: $0) == nil }) {
      throw snapshot.mismatch("kinds", expected: "bytes from 0 to 3", found: "\(wrong)")
    }
    self.integers.replaceSubrange(..<integers.count, with: integers)
    self.numbers.replaceSubrange(..<numbers.count, with: numbers)
    self.logProbabilities.replaceSubrange(..<count, with: logProbabilities)
    self.rewards.replaceSubrange(..<count, with: rewards)
    self.kinds.replaceSubrange(..<count, with: kinds)
    self.bootstraps.replaceSubrange(..<count, with: bootstraps)
  }
}

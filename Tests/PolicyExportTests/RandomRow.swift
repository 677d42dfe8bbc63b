import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning

/// A random observation with a mask that permits something, and a recurrent state.
struct RandomRow {
  var observation: [Float] = []
  var mask: [Bool] = []
  var state: [Float] = []

  /// Uniform over each range, normal where it has no end; each third state is zero, the others in [−1, 1].
  init(_ policy: GroupPolicy, _ branches: ActionBranches, using stream: inout RandomStream) {
    for field in policy.group.observation.fields {
      let range = field.range
      observation.append(
        range.upperBound.isFinite
          ? Float(stream.uniform(in: Double(range.lowerBound)..<Double(range.upperBound)))
          : Float(3 * stream.normal()))
    }
    for options in branches.options[..<branches.integers] {
      let open = stream.integer(below: options)
      mask += (0..<options).map { $0 == open || stream.bernoulli(0.5) }
    }
    let begins = stream.integer(below: 3) == 0
    state = (0..<policy.network.stateCount).map { _ in begins ? 0 : Float(stream.uniform(in: -1..<1)) }
  }
}

public import ReinforcementLearning

/// A learner whose result is a set of policies that act without it.
public protocol PolicyLearner: Learner {
  /// The policies as they are now, without exploration.
  var policies: PolicySet { get }

  /// Begins from another policy's parameters.
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  mutating func adopt(_ policies: PolicySet) -> String?
}

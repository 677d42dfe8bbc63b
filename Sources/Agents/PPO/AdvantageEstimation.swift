/// What a step of a slot was to the trajectory of its agent.
public enum StepKind: UInt8, Sendable {
  /// The slot was empty; nothing is learned from it.
  case absent
  /// The trajectory goes on with the next step.
  case goesOn
  /// The trajectory ended for good: nothing follows.
  case terminated
  /// The trajectory was cut, by a time limit or by the end of what is stored: the future is bootstrapped.
  case cut
}

/// Generalised advantage estimation.
///
/// For each slot, from its last step to its first: δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ) and Aₜ = δₜ + γ λ Aₜ₊₁. After a
/// terminated step V(sₜ₊₁) is 0; after a cut one it is that of the true last observation. Beyond either Aₜ₊₁ is 0, so
/// that nothing leaks from one trajectory into another, whoever takes the slot. Aₜ + V(sₜ) is the return that V is to
/// learn.
///
/// Source: J. Schulman, P. Moritz, S. Levine, M. Jordan, P. Abbeel, "High-dimensional continuous control using
/// generalized advantage estimation", ICLR 2016, equations 11 to 16.
public struct AdvantageEstimation: Sendable, Equatable {
  /// The discount γ.
  public let discount: Float
  /// The weight λ: 0 trusts the values, 1 the rewards.
  public let decay: Float

  /// An estimation by its weights.
  public init(discount: Float, decay: Float) {
    precondition(
      (0...1).contains(discount) && (0...1).contains(decay), "a discount of \(discount) with traces of \(decay)")
    self.discount = discount
    self.decay = decay
  }

  /// Writes the advantage of each step.
  ///
  /// - Parameters:
  ///   - rewards: `[steps, slots]`, the slots of a step one after another.
  ///   - values: as many; V before each step.
  ///   - bootstraps: as many; V after each step that is cut, whatever stands elsewhere.
  ///   - kinds: as many raw values of ``StepKind``; no slot of the last step goes on.
  ///   - advantages: as many, overwritten; 0 for absent steps.
  public func estimate(
    rewards: Span<Float>, values: Span<Float>, bootstraps: Span<Float>, kinds: Span<UInt8>, slots: Int,
    into advantages: inout MutableSpan<Float>
  ) {
    let count = rewards.count
    precondition(
      slots > 0 && count % slots == 0 && values.count == count && bootstraps.count == count && kinds.count == count
        && advantages.count == count,
      "\(count) rewards, \(values.count) values, \(bootstraps.count) bootstraps, \(kinds.count) kinds of \(slots) slots"
    )
    let trace = discount * decay
    for index in (0..<count).reversed() {
      switch StepKind(rawValue: kinds[index]) {
      case .goesOn:
        let error = rewards[index] + discount * values[index + slots] - values[index]
        advantages[index] = error + trace * advantages[index + slots]
      case .terminated: advantages[index] = rewards[index] - values[index]
      case .cut: advantages[index] = rewards[index] + discount * bootstraps[index] - values[index]
      case .absent, nil: advantages[index] = 0
      }
    }
  }
}

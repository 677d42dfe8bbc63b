public import NeuralNetworks

/// Which parameters of a learner take part in a federation, and what becomes of the rest of its state when a merged
/// model arrives.
public struct SharedParameters: Sendable, Equatable {
  /// What is shared. A value network is actor and critic in one.
  public enum Part: String, Sendable, CaseIterable {
    /// What acts.
    case actors
    /// What judges actions while training.
    case critics
    /// Both.
    case both
  }

  /// What becomes of target networks.
  public enum Targets: String, Sendable, CaseIterable {
    /// They travel with the parameters and are merged by the same rule.
    case merge
    /// They become copies of the merged parameters.
    case copy
    /// They stay as they are.
    case keep
  }

  /// What becomes of an optimizer's moments.
  public enum Moments: String, Sendable, CaseIterable {
    /// They travel with the parameters; each client goes on from their mean, its number of steps its own.
    case merge
    /// They begin anew at zero, with the optimizer's number of steps; as it has one, so do those of personal layers
    /// beside shared ones. Schedules go on.
    case reset
    /// They stay as they are.
    case keep
  }

  /// What is shared.
  public var part: Part
  /// How many layers with parameters of every network, counted from its outputs, stay with the client, with their
  /// targets and moments. A head of several streams is one layer; log deviations belong to an actor's last one.
  public var personalLayers: Int
  /// What becomes of target networks of what is shared.
  public var targets: Targets
  /// What becomes of the moments of what is shared.
  public var moments: Moments

  /// A choice by its parts.
  public init(part: Part = .both, personalLayers: Int = 0, targets: Targets = .copy, moments: Moments = .reset) {
    self.part = part
    self.personalLayers = personalLayers
    self.targets = targets
    self.moments = moments
  }
}

/// What travels between a client and its server: parameters only, never experience or statistics of it.
public struct SharedLayout: Sendable, Equatable {
  /// Where everything lies: `<group>.member-<n>.actor.<path>`, `….critic-0.<path>`, `….value.<path>`; behind them the
  /// targets as `targets.…` and the moments as `moments-<n>.…`, where they travel.
  public var layout: ParameterLayout
  /// How many leading elements the rule merges, parameters and targets; those behind are moments, of which every
  /// client takes the mean.
  public var mergedCount: Int

  /// A layout by its parts.
  public init(layout: ParameterLayout, mergedCount: Int) {
    self.layout = layout
    self.mergedCount = mergedCount
  }
}

/// A learner whose parameters can be read and replaced from without while it learns.
public protocol SharingLearner: PolicyLearner {
  /// Why it cannot share so, as the end of a sentence; nil when it can.
  func unsupported(_ shared: SharedParameters) -> String?

  /// What travels, in the same order as the values of ``values(of:)``. Two learners can share when theirs are equal.
  func layout(of shared: SharedParameters) -> SharedLayout

  /// The values that travel: as many as the layout has.
  func values(of shared: SharedParameters) -> [Float]

  /// Takes over merged values, as many as the layout has; targets and moments as the choice says. What stays with the
  /// client, its experience, its statistics, random numbers and schedules remain as they are.
  mutating func adopt(_ values: [Float], of shared: SharedParameters)

  /// From now on each gradient of what is shared gets `strength` · (θ − θ₀) added, with θ₀ the parameters as they are
  /// now: FedProx's proximal term (T. Li et al., "Federated optimization in heterogeneous networks", MLSys 2020).
  /// The state belongs to the snapshot. 0 takes the hold away.
  mutating func holdNear(_ shared: SharedParameters, by strength: Float)
}

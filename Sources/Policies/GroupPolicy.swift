public import NeuralNetworks
public import ReinforcementLearning

/// What acts for one group: a network, its normaliser, and one set of parameters for all agents or one for each.
public struct GroupPolicy: Sendable, Equatable {
  /// How the network's outputs become an action.
  public enum Head: String, Sendable, CaseIterable {
    /// The outputs are action values; in each branch the permitted option of the greatest value is taken, the
    /// lowest on a tie.
    case greedyValue = "argmax-q"
    /// The outputs are an actor's (``ActorOutputs``): in each choice the permitted option of the greatest logit is
    /// taken, the lowest on a tie; real numbers are squashed into their ranges. Without noise.
    case actor

    /// What its networks are called in files.
    var networkName: String { self == .greedyValue ? "q" : "actor" }
  }

  /// The group that it acts for.
  public let group: AgentGroup
  /// What the outputs mean.
  public let head: Head
  /// How an action value is made of outputs; `expected` for an actor, whose outputs are taken as they are.
  public let values: ValueHead
  /// The number of levels into which each real number of an action is cut; nil where there are none.
  public let levels: Int?
  /// The network's description.
  public let network: Network
  /// What the network reads.
  public let normalizer: Normalizer
  /// One parameter vector shared by all agents of the group, or one for each.
  public var parameters: [ParameterVector]

  /// A policy by its parts.
  public init(
    group: AgentGroup, head: Head, values: ValueHead = .expected, levels: Int? = nil, network: Network,
    normalizer: Normalizer, parameters: [ParameterVector]
  ) {
    precondition(
      parameters.count == 1 || parameters.count == group.count,
      "\(parameters.count) parameter vectors for \(group.count) agents")
    precondition(
      network.inputCount == group.observation.count && normalizer.offset.count == network.inputCount,
      "a network of \(network.inputCount) inputs for \(group.observation.count) observed values")
    precondition(
      head == .greedyValue || values == .expected && levels == nil, "an actor has no distributions and no levels")
    self.group = group
    self.head = head
    self.values = values
    self.levels = levels
    self.network = network
    self.normalizer = normalizer
    self.parameters = parameters
  }

  /// Whether all agents of the group share one set of parameters.
  public var isShared: Bool { parameters.count == 1 }

  /// The branches among whose values a policy of action values chooses; nil where the group's real numbers have no
  /// levels.
  public var branches: ActionBranches? { ActionBranches(group.action, levels: levels) }

  /// The outputs of an actor; nil where a range has no end.
  public var actorOutputs: ActorOutputs? { ActorOutputs(group.action) }

  /// The number of outputs that the network must have; nil where no number fits.
  public var outputCount: Int? {
    switch head {
    case .greedyValue: branches.map { $0.count * values.atoms }
    case .actor: actorOutputs?.count
    }
  }

  /// The parameters that act for an agent of the group.
  public func parameterIndex(ofAgent agent: Int) -> Int { isShared ? 0 : agent }

  /// The network's name in files: `q`, or `actor`, when shared, else `q-<agent>`.
  public func networkName(_ index: Int) -> String { isShared ? head.networkName : "\(head.networkName)-\(index)" }
}

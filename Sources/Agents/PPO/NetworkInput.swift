import ReinforcementLearning

/// What a network of one set of parameters reads of a rollout.
///
/// The samples of a set of parameters are counted through the rows that it acts for: sample j is row
/// `j · stride + first` of the group. An actor, or a critic of its own observation, reads that row. A central critic
/// reads the rows of all agents of all groups of that environment and step, and then, where several agents share it, a
/// 1 among zeros for the agent itself.
struct NetworkInput: Sendable {
  /// The number of values.
  let width: Int
  let stride: Int
  let first: Int
  private let group: Int
  private let agents: Int
  private let isCentral: Bool
  private let isNumbered: Bool

  /// - Parameters:
  ///   - group: the number of the group among all.
  ///   - member: the agent whose own parameters they are; nil where all share.
  init(groups: [AgentGroup], group: Int, member: Int?, isCentral: Bool) {
    self.group = group
    self.isCentral = isCentral
    agents = groups[group].count
    stride = member == nil ? 1 : agents
    first = member ?? 0
    isNumbered = isCentral && member == nil && agents > 1
    width =
      isCentral
      ? groups.reduce(0) { $0 + $1.count * $1.observation.count } + (isNumbered ? agents : 0)
      : groups[group].observation.count
  }

  /// Writes the rows of some samples, one after another.
  func gather(_ samples: Span<Int32>, from rollouts: [ObservedRollout], into inputs: inout [Float]) {
    guard isCentral else {
      copy(samples, from: rollouts[group].inputs, block: rollouts[group].width, dividing: 1, at: 0, into: &inputs)
      return
    }
    var column = 0
    for rollout in rollouts {
      let block = rollout.agents * rollout.width
      copy(samples, from: rollout.inputs, block: block, dividing: agents, at: column, into: &inputs)
      column += block
    }
    guard isNumbered else { return }
    var span = inputs.mutableSpan
    for index in 0..<samples.count {
      let start = index * width + column
      for agent in 0..<agents { span[start + agent] = 0 }
      span[start + (Int(samples[index]) * stride + first) % agents] = 1
    }
  }

  /// Copies block `row / divisor` of each sample's row to a column of its input.
  private func copy(
    _ samples: Span<Int32>, from values: [Float], block: Int, dividing divisor: Int, at column: Int,
    into inputs: inout [Float]
  ) {
    let from = values.span
    var span = inputs.mutableSpan
    for index in 0..<samples.count {
      let row = Int(samples[index]) * stride + first
      let (source, target) = (row / divisor * block, index * width + column)
      for offset in 0..<block { span[target + offset] = from[source + offset] }
    }
  }
}

import LinearAlgebra
import NeuralNetworks
import Policies
import Randomness

/// What a critic computes, and the memory for it: values of the agents of one set of parameters, and their
/// derivatives by parameters and by these agents' actions. Owns no parameters.
///
/// One row for each agent and transition, as in ``AgentBatch``. What a row holds:
/// - joint: the observations of all agents, then the actions of all, in the order of the world; where several
///   agents share the critic, a one-hot number of the agent behind them.
/// - own: the agent's observation and action.
/// - pooled: the agent's observation and action, then for each group the mean over its other active agents of an
///   embedding relu(W [o, a] + b), learned with the critic (M. Zaheer et al., "Deep sets", NeurIPS 2017). Its cost
///   grows with the number of agents, not with its square.
struct CriticModel: Sendable {
  private let kind: MADDPGConfiguration.Critic
  private let place: Place
  private let head: Network
  /// For each group, what embeds an agent of it; empty where nothing is pooled.
  private let embeddings: [Network]
  private let headRange: Range<Int>
  private let embeddingRanges: [Range<Int>]
  /// Where the parameters lie: `embedding-<group>.…`, then the head's `layers.…`.
  let layout: ParameterLayout
  private let size: Int
  /// Where, in a row of the head's inputs, this set's first agent's action begins, and how far apart the next ones are.
  private let actionStart, actionStride, actionCount: Int
  private var inputs: [Float]
  private var workspace: Workspace
  /// For each group, observations and actions of all its agents, agent after agent, and who is there.
  private var features, presence: [[Float]]
  private var embeddingWorkspaces: [Workspace]
  /// Sums over the active agents of each group, and the number of these: groups × size (× embedding).
  private var sums, counts: [[Float]]
  private let embeddingCount: Int

  /// - Parameters:
  ///   - batches: those of all sets of parameters, in the order of the world.
  init(_ recipe: MADDPGConfiguration, _ place: Place, among batches: [AgentBatch]) {
    kind = recipe.critic
    self.place = place
    size = recipe.batchSize
    guard let own = batches.first(where: { $0.place == place }) else {
      preconditionFailure("\(place) is not among the sets of parameters")
    }
    let rows = own.rows
    let ownCount = own.observationCount + own.outputs.count
    let sharedBy = place.slots.count
    var layout = ParameterLayout()
    var embeddings: [Network] = []
    var ranges: [Range<Int>] = []
    var features: [[Float]] = []
    var embeddingCount = 0
    let inputCount: Int
    switch recipe.critic {
    case .joint:
      let all = batches.reduce(0) { $0 + $1.place.slots.count * ($1.observationCount + $1.outputs.count) }
      inputCount = all + (sharedBy > 1 ? sharedBy : 0)
      let observed = batches.reduce(0) { $0 + $1.place.slots.count * $1.observationCount }
      let before = batches.prefix { $0.place != place }.reduce(0) { $0 + $1.place.slots.count * $1.outputs.count }
      actionStart = observed + before
      actionStride = own.outputs.count
    case .own:
      inputCount = ownCount
      actionStart = own.observationCount
      actionStride = 0
    case .pooled(let width):
      let groups = Set(batches.map(\.place.group)).count
      embeddingCount = width
      inputCount = ownCount + groups * width
      actionStart = own.observationCount
      actionStride = 0
      for group in 0..<groups {
        let members = batches.filter { $0.place.group == group }
        let count = members[0].observationCount + members[0].outputs.count
        let agents = members.reduce(0) { $0 + $1.place.slots.count }
        let network = Network(layers: [.dense(Dense(inputs: count, outputs: width, activation: .relu))])
        ranges.append(layout.append(network.layout, prefix: "embedding-\(group)."))
        embeddings.append(network)
        features.append([Float](repeating: 0, count: agents * recipe.batchSize * count))
      }
    }
    let head = MADDPGConfiguration.network(
      inputs: inputCount, hidden: recipe.criticHidden, outputs: 1, recipe.activation, layerNorm: recipe.layerNorm)
    headRange = layout.append(head.layout, prefix: "")
    self.layout = layout
    self.head = head
    self.embeddings = embeddings
    embeddingRanges = ranges
    self.embeddingCount = embeddingCount
    actionCount = own.outputs.count
    inputs = [Float](repeating: 0, count: rows * inputCount)
    workspace = head.makeWorkspace(batch: rows, training: true, inputGradients: true)
    self.features = features
    presence = zip(features, embeddings).map { [Float](repeating: 1, count: $0.count / $1.inputCount) }
    embeddingWorkspaces = zip(presence, embeddings).map { $1.makeWorkspace(batch: $0.count, training: true) }
    let batchSize = recipe.batchSize
    sums = embeddings.map { _ in [Float](repeating: 0, count: batchSize * embeddingCount) }
    counts = embeddings.map { _ in [Float](repeating: 0, count: batchSize) }
  }

  /// Draws parameters.
  func initialParameters(_ scheme: Initialization, using stream: inout RandomStream) -> ParameterVector {
    let parts = (embeddings + [head]).map { $0.initialParameters(scheme, using: &stream).values }
    return ParameterVector(layout: layout, values: Array(parts.joined()))
  }

  private var rows: Int { place.slots.count * size }

  /// The values of the last evaluation, one for each row.
  var values: [Float] { workspace.outputs }

  // MARK: What is read

  /// Reads drawn transitions.
  ///
  /// - Returns: the rows to evaluate where they can be read as they are; nil where this model has rows of its own.
  mutating func load(_ batch: PreparedBatch, _ moment: Moment) -> [Float]? {
    switch kind {
    case .joint:
      if place.slots.count == 1 { return batch[moment].values }
      loadJoint(batch[moment])
    case .own: loadOwn(batch, moment)
    case .pooled:
      loadOwn(batch, moment)
      loadFeatures(batch.agents, moment)
    }
    return nil
  }

  /// Makes rows of its own of those that ``load(_:_:)`` gave.
  mutating func keep(_ rows: [Float]?) {
    guard let rows else { return }
    edit(&inputs) { copy(rows.span, into: &$0) }
  }

  /// Puts the agents' own actions in the place of what was read: rows × outputs.
  mutating func setOwnActions(_ actions: [Float]) {
    let (width, rows, size) = (head.inputCount, rows, size)
    let (start, stride, count) = (actionStart, actionStride, actionCount)
    edit(&inputs) { target in
      for row in 0..<rows {
        let first = row * width + start + (stride == 0 ? 0 : row / size * stride)
        for index in 0..<count { target[first + index] = actions[row * count + index] }
      }
    }
  }

  /// Puts what all other agents would do now in the place of what they did.
  mutating func setOthersCurrent(_ batches: [AgentBatch]) {
    switch kind {
    case .own: break
    case .joint:
      var offset = batches.reduce(0) { $0 + $1.place.slots.count * $1.observationCount }
      for batch in batches {
        offset = JointRows.copy(
          batch.current.actions, batch.outputs.count, batch, batch.isFull ? nil : batch.active, to: offset,
          head.inputCount, &inputs)
      }
      replicateJoint()
    case .pooled:
      for batch in batches {
        let group = batch.place.group
        copyFeatures(
          batch.current.actions, batch.outputs.count, batch, batch.isFull ? nil : batch.active,
          to: embeddings[group].inputCount - batch.outputs.count)
      }
    }
  }

  /// Gives every own agent the joint rows, with its number behind them.
  private mutating func loadJoint(_ joint: JointRows) {
    let width = head.inputCount
    let size = size
    edit(&inputs) { target in
      for row in 0..<size {
        for index in 0..<joint.width { target[row * width + index] = joint.values[row * joint.width + index] }
      }
    }
    replicateJoint()
  }

  /// Gives the further own agents the rows of the first, each with its number.
  private mutating func replicateJoint() {
    let agents = place.slots.count
    guard agents > 1 else { return }
    let (width, size) = (head.inputCount, size)
    edit(&inputs) { target in
      for agent in 0..<agents {
        for row in 0..<size {
          let first = (agent * size + row) * width
          if agent > 0 {
            for index in 0..<width - agents { target[first + index] = target[row * width + index] }
          }
          for number in 0..<agents { target[first + width - agents + number] = number == agent ? 1 : 0 }
        }
      }
    }
  }

  private mutating func loadOwn(_ batch: PreparedBatch, _ moment: Moment) {
    guard let index = batch.index(of: place) else { return }
    let (width, rows) = (head.inputCount, rows)
    let observations = batch.agents[index].observed(moment).values
    let actions = batch.agents[index].done(moment).values
    let (seen, done) = (batch.agents[index].observationCount, batch.agents[index].outputs.count)
    edit(&inputs) { target in
      for row in 0..<rows {
        for index in 0..<seen { target[row * width + index] = observations[row * seen + index] }
        for index in 0..<done { target[row * width + seen + index] = actions[row * done + index] }
      }
    }
  }

  private mutating func loadFeatures(_ batches: [AgentBatch], _ moment: Moment) {
    for batch in batches {
      let (seen, active) = batch.observed(moment)
      let done = batch.done(moment).values
      copyFeatures(seen, batch.observationCount, batch, active, to: 0)
      copyFeatures(done, batch.outputs.count, batch, active, to: batch.observationCount)
      let first = batch.place.slots.lowerBound * size
      for row in 0..<batch.rows { presence[batch.place.group][first + row] = active?[row] ?? 1 }
    }
  }

  private mutating func copyFeatures(
    _ values: [Float], _ count: Int, _ batch: AgentBatch, _ active: [Float]?, to column: Int
  ) {
    let group = batch.place.group
    let width = embeddings[group].inputCount
    let first = batch.place.slots.lowerBound * size
    edit(&features[group]) { target in
      for row in 0..<batch.rows {
        let isThere = active.map { $0[row] == 1 } ?? true
        for index in 0..<count {
          target[(first + row) * width + column + index] = isThere ? values[row * count + index] : 0
        }
      }
    }
  }

  // MARK: Values and derivatives

  /// Evaluates what was read under some parameters.
  ///
  /// - Parameter rows: what ``load(_:_:)`` gave; nil for the model's own rows.
  mutating func evaluate(_ parameters: borrowing ParameterVector, reading given: [Float]? = nil) {
    for group in embeddings.indices {
      let (own, rows) = (features[group], presence[group].count)
      embeddings[group].forward(
        parameters.values.span.extracting(embeddingRanges[group]), own.span, rows: rows,
        in: &embeddingWorkspaces[group])
      sumEmbeddings(group)
      pool(group)
    }
    let (inputs, rows) = (given ?? inputs, rows)
    head.forward(parameters.values.span.extracting(headRange), inputs.span, rows: rows, in: &workspace)
  }

  /// Adds up the embeddings of the active agents of a group, for each transition.
  private mutating func sumEmbeddings(_ group: Int) {
    let (width, size) = (embeddingCount, size)
    let outputs = embeddingWorkspaces[group].outputs
    let source = outputs.span
    let presence = presence[group]
    var (totals, numbers): ([Float], [Float]) = ([], [])
    swap(&totals, &sums[group])
    swap(&numbers, &counts[group])
    defer {
      swap(&totals, &sums[group])
      swap(&numbers, &counts[group])
    }
    var total = totals.mutableSpan
    var number = numbers.mutableSpan
    for index in 0..<total.count { total[index] = 0 }
    for index in 0..<number.count { number[index] = 0 }
    for agent in 0..<presence.count / size {
      for row in 0..<size where presence[agent * size + row] == 1 {
        number[row] += 1
        let from = source.extracting((agent * size + row) * width..<(agent * size + row + 1) * width)
        var to = total._mutatingExtracting(row * width..<(row + 1) * width)
        for index in 0..<width { to[index] += from[index] }
      }
    }
  }

  /// Writes the mean over the others into the head's inputs.
  private mutating func pool(_ group: Int) {
    let width = embeddingCount
    let outputs = embeddingWorkspaces[group].outputs
    let (totals, numbers, presence) = (sums[group], counts[group], presence[group])
    let column = actionStart + actionCount + group * width
    let stride = head.inputCount
    let isOwn = group == place.group
    let (rows, size, place) = (rows, size, place)
    edit(&inputs) { target in
      for row in 0..<rows {
        let transition = row % size
        let agent = place.slots.lowerBound * size + row
        let leavesOut = isOwn && presence[agent] == 1
        let others = numbers[transition] - (leavesOut ? 1 : 0)
        let share = others > 0 ? 1 / others : 0
        for index in 0..<width {
          let own = leavesOut ? outputs[agent * width + index] : 0
          target[row * stride + column + index] = (totals[transition * width + index] - own) * share
        }
      }
    }
  }

  /// Writes the derivatives of a loss by the values, and propagates them back to the parameters.
  mutating func differentiate(
    _ parameters: borrowing ParameterVector, reading given: [Float]? = nil, _ derivatives: [Float],
    into gradient: inout ParameterVector
  ) {
    setDerivatives(derivatives)
    workspace.wantedInputs = actionStart + actionCount..<head.inputCount
    if embeddings.isEmpty { workspace.wantedInputs = 0..<0 }
    let (inputs, rows) = (given ?? inputs, rows)
    var whole = gradient.values.mutableSpan
    do {
      var part = whole._mutatingExtracting(headRange)
      head.backward(
        parameters.values.span.extracting(headRange), inputs.span, rows: rows, in: &workspace, gradient: &part)
    }
    for group in embeddings.indices {
      unpool(group)
      let (own, rows) = (features[group], presence[group].count)
      var part = whole._mutatingExtracting(embeddingRanges[group])
      embeddings[group].backward(
        parameters.values.span.extracting(embeddingRanges[group]), own.span, rows: rows,
        in: &embeddingWorkspaces[group], gradient: &part)
    }
  }

  private mutating func setDerivatives(_ derivatives: [Float]) {
    workspace.withOutputGradients(rows: rows) { _, gradients in copy(derivatives.span, into: &gradients) }
  }

  /// Turns derivatives by the means into derivatives by every agent's embedding.
  private mutating func unpool(_ group: Int) {
    let width = embeddingCount
    let column = actionStart + actionCount + group * width
    let stride = head.inputCount
    let slopes = workspace.inputGradients
    let (numbers, presence) = (counts[group], presence[group])
    let isOwn = group == place.group
    var total: [Float] = []
    swap(&total, &sums[group])
    for index in total.indices { total[index] = 0 }
    for row in 0..<rows {
      let transition = row % size
      let share = self.share(row, transition, numbers, presence, isOwn)
      for index in 0..<width {
        total[transition * width + index] += slopes[row * stride + column + index] * share
      }
    }
    var gradients: [Float] = []
    swap(&gradients, &embeddingWorkspaces[group].outputGradients)
    for agent in 0..<presence.count / size {
      for transition in 0..<size {
        let place = agent * size + transition
        let isThere = presence[place] == 1
        let row = isOwn && self.place.slots.contains(agent) ? place - self.place.slots.lowerBound * size : nil
        let share = row.map { self.share($0, transition, numbers, presence, isOwn) } ?? 0
        for index in 0..<width {
          let own = row.map { slopes[$0 * stride + column + index] * share } ?? 0
          gradients[place * width + index] = isThere ? total[transition * width + index] - own : 0
        }
      }
    }
    swap(&gradients, &embeddingWorkspaces[group].outputGradients)
    swap(&total, &sums[group])
  }

  /// 1 / the number of others whom a row's mean is over; 0 where there are none.
  private func share(
    _ row: Int, _ transition: Int, _ numbers: [Float], _ presence: [Float], _ isOwn: Bool
  ) -> Float {
    let leavesOut = isOwn && presence[place.slots.lowerBound * size + row] == 1
    let others = numbers[transition] - (leavesOut ? 1 : 0)
    return others > 0 ? 1 / others : 0
  }

  /// Propagates derivatives by the values back to the own actions only: rows × outputs.
  mutating func differentiateActions(
    _ parameters: borrowing ParameterVector, _ derivatives: [Float], into slopes: inout [Float]
  ) {
    setDerivatives(derivatives)
    let agents = actionStride == 0 ? 1 : place.slots.count
    workspace.wantedInputs = actionStart..<actionStart + agents * actionCount
    head.backwardToInputs(parameters.values.span.extracting(headRange), rows: rows, in: &workspace)
    let all = workspace.inputGradients
    let (width, rows, size) = (head.inputCount, rows, size)
    let (start, stride, count) = (actionStart, actionStride, actionCount)
    edit(&slopes) { target in
      for row in 0..<rows {
        let first = row * width + start + (stride == 0 ? 0 : row / size * stride)
        for index in 0..<count { target[row * count + index] = all[first + index] }
      }
    }
  }
}

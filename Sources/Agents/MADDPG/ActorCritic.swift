import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// One set of parameters: an actor, its one or two critics, their targets and optimizers, and the memory of an update.
///
/// An update reads what other sets published before and changes nothing but its own, so that sets may be updated in
/// any order and at the same time.
struct ActorCritic: Sendable {
  let place: Place
  let network: Network
  private(set) var actor: TrainedParameters
  private(set) var critics: [TrainedParameters]
  /// What it learns from where it draws transitions of its own: a batch for each set of parameters; else empty.
  private(set) var batches: [AgentBatch]
  private var drawn: DrawnRows
  private var model: CriticModel
  private var workspace: Workspace
  private var sample: ActionSample
  private var stream: RandomStream
  private var values, targets, weights, derivatives, slopes: [Float]
  /// Sums since the last ``takeFigures()``.
  private var sums = Sums()

  /// What an update adds to the figures.
  struct Sums: Sendable, Equatable {
    var criticLoss = 0.0
    var value = 0.0
    var actorLoss = 0.0
    var criticUpdates = 0
    var actorUpdates = 0
  }

  /// - Parameters:
  ///   - batches: those of all sets of parameters, in the order of the world.
  ///   - drawsItself: whether it draws transitions of its own.
  init(
    _ recipe: MADDPGConfiguration, _ place: Place, network: Network, among batches: [AgentBatch], drawsItself: Bool,
    stream: RandomStream
  ) {
    guard let own = batches.first(where: { $0.place == place }) else {
      preconditionFailure("\(place) is not among the sets of parameters")
    }
    self.place = place
    self.network = network
    var initial = stream.split(0)
    actor = TrainedParameters(network.initialParameters(recipe.initialization, using: &initial), recipe.actorDescent)
    let model = CriticModel(recipe, place, among: batches)
    critics = (0..<(recipe.twinCritics ? 2 : 1)).map { _ in
      TrainedParameters(model.initialParameters(recipe.initialization, using: &initial), recipe.criticDescent)
    }
    self.model = model
    self.stream = stream.split(1)
    self.batches = drawsItself ? batches : []
    for index in self.batches.indices { self.batches[index].stream = stream.split(UInt64(2 + index)) }
    drawn = DrawnRows(size: recipe.batchSize)
    workspace = network.makeWorkspace(batch: own.rows, training: true)
    sample = ActionSample(own.outputs, rows: own.rows)
    values = [Float](repeating: 0, count: own.rows)
    targets = values
    weights = values
    derivatives = values
    slopes = [Float](repeating: 0, count: own.rows * own.outputs.count)
  }

  /// Draws transitions of its own and learns from them.
  mutating func updateAlone(
    _ replay: borrowing JointReplay, _ normalizers: Normalizers, _ actors: [PublishedActor],
    _ recipe: MADDPGConfiguration, temperature: Float
  ) {
    drawn.draw(from: replay, using: &stream)
    for index in batches.indices {
      batches[index].prepare(
        drawn, of: replay, through: normalizers[batches[index].place.group], actors[index], recipe)
    }
    var batches: [AgentBatch] = []
    swap(&batches, &self.batches)
    update(batches, recipe, temperature: temperature)
    swap(&batches, &self.batches)
  }

  /// Learns from prepared transitions.
  mutating func update(_ batches: [AgentBatch], _ recipe: MADDPGConfiguration, temperature: Float) {
    guard let index = batches.firstIndex(where: { $0.place == place }), weigh(batches[index].active) else { return }
    let isActorsTurn = (critics[0].updates + 1) % recipe.policyDelay == 0
    writeTargets(batches, index, discount: recipe.discount)
    updateCritics(batches, dragging: isActorsTurn ? recipe.tau : nil)
    if isActorsTurn { updateActor(batches, index, recipe, temperature) }
  }

  /// Gives every active row the same weight; false where nobody is active.
  private mutating func weigh(_ active: [Float]) -> Bool {
    let count = active.reduce(0, +)
    guard count > 0 else { return false }
    let share = 1 / count
    for row in weights.indices { weights[row] = active[row] * share }
    return true
  }

  /// y = r + γ · min over critics of Q⁻(next), and y = r where the trajectory ended.
  private mutating func writeTargets(_ batches: [AgentBatch], _ index: Int, discount: Float) {
    model.load(batches, .next)
    model.evaluate(critics[0].target)
    copyValues()
    if critics.count > 1 {
      model.evaluate(critics[1].target)
      let other = model.values
      for row in values.indices { values[row] = min(values[row], other[row]) }
    }
    let (rewards, ended) = (batches[index].rewards, batches[index].ended)
    for row in targets.indices {
      targets[row] = ended[row] == 1 ? rewards[row] : rewards[row] + discount * values[row]
    }
  }

  private mutating func copyValues() {
    let all = model.values
    for row in values.indices { values[row] = all[row] }
  }

  private mutating func updateCritics(_ batches: [AgentBatch], dragging tau: Float?) {
    model.load(batches, .present)
    for critic in critics.indices {
      model.evaluate(critics[critic].online)
      let all = model.values
      var (loss, value): (Float, Float) = (0, 0)
      for row in weights.indices {
        // What is not weighted is not looked at: it may be anything.
        let difference = weights[row] == 0 ? 0 : all[row] - targets[row]
        derivatives[row] = 2 * weights[row] * difference
        loss += weights[row] * difference * difference
        value += weights[row] == 0 ? 0 : weights[row] * all[row]
      }
      model.differentiate(critics[critic].online, derivatives, into: &critics[critic].gradient)
      critics[critic].descend(dragging: tau)
      if critic == 0 {
        sums.criticLoss += Double(loss)
        sums.value += Double(value)
        sums.criticUpdates += 1
      }
    }
  }

  /// Moves the actor along ∇ₐQ of the first critic, which stays as it is.
  private mutating func updateActor(
    _ batches: [AgentBatch], _ index: Int, _ recipe: MADDPGConfiguration, _ temperature: Float
  ) {
    let rows = weights.count
    let (observations, masks) = (batches[index].observations, batches[index].masks)
    network.forward(actor.online, observations, rows: rows, in: &workspace)
    let outputs = workspace.outputs
    sample.draw(outputs.span, permitted: masks.span, rows: rows, temperature: temperature, using: &stream)
    if recipe.others == .current { model.setOthersCurrent(batches) }
    model.setOwnActions(sample.actions)
    model.evaluate(critics[0].online)
    let all = model.values
    var loss: Float = 0
    for row in weights.indices {
      derivatives[row] = -weights[row]
      loss -= weights[row] == 0 ? 0 : weights[row] * all[row]
    }
    model.differentiateActions(critics[0].online, derivatives, into: &slopes)
    let (slopes, weights, sample) = (slopes, weights, sample)
    workspace.withOutputGradients(rows: rows) { outputs, gradient in
      sample.differentiate(
        slopes.span, outputs, permitted: masks.span, rows: rows, temperature: temperature,
        regularization: recipe.regularization, weights: weights.span, into: &gradient)
    }
    network.backward(actor.online, observations, rows: rows, in: &workspace, gradient: &actor.gradient)
    actor.descend(dragging: recipe.tau)
    sums.actorLoss += Double(loss)
    sums.actorUpdates += 1
  }

  mutating func adopt(_ parameters: ParameterVector) { actor.adopt(parameters) }

  /// What has been summed since the last call; nil without updates.
  mutating func takeFigures() -> Sums? {
    defer { sums = Sums() }
    return sums.criticUpdates == 0 ? nil : sums
  }

  /// The action of the agents' rows as the last actor's update drew them: rows × outputs.
  package var sampledActions: [Float] { sample.actions }
}

/// What the networks of each group read now.
struct Normalizers: Sendable {
  let fixed: [Normalizer]
  let running: [RunningNormalizer]

  subscript(group: Int) -> Normalizer { running.isEmpty ? fixed[group] : running[group].normalizer }
}

extension ActorCritic: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("actor", actor.snapshot())
    for (index, critic) in critics.enumerated() { snapshot.set("critic-\(index)", critic.snapshot()) }
    snapshot.set("stream", stream.words)
    snapshot.set("batch_streams", batches.flatMap(\.stream.words))
    let counts = [sums.criticUpdates, sums.actorUpdates].map(Double.init)
    snapshot.set("figures", [sums.criticLoss, sums.value, sums.actorLoss] + counts)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.actor.restore(from: try snapshot.group("actor"))
    for index in critics.indices { try copy.critics[index].restore(from: try snapshot.group("critic-\(index)")) }
    copy.stream = try RandomStream(named: "stream", in: snapshot)
    try copy.batches.restoreStreams(named: "batch_streams", in: snapshot)
    let figures = try snapshot.doubles("figures", count: 5)
    guard let updates = Int(exactly: figures[3]), let turns = Int(exactly: figures[4]), updates >= 0, turns >= 0 else {
      throw snapshot.mismatch("figures", expected: "three sums and two numbers of updates", found: "\(figures)")
    }
    copy.sums = Sums(
      criticLoss: figures[0], value: figures[1], actorLoss: figures[2], criticUpdates: updates, actorUpdates: turns)
    self = copy
  }
}

extension RandomStream {
  /// The stream whose words a snapshot holds under a name.
  init(named name: String, in snapshot: Snapshot) throws(SnapshotError) {
    guard let stream = RandomStream(words: try snapshot.uint64s(name, count: 8)) else {
      throw snapshot.mismatch(name, expected: "the state of a random stream", found: "other words")
    }
    self = stream
  }
}

extension [AgentBatch] {
  /// Takes over the streams whose words a snapshot holds one after another.
  mutating func restoreStreams(named name: String, in snapshot: Snapshot) throws(SnapshotError) {
    let words = try snapshot.uint64s(name, count: 8 * count)
    for index in indices {
      guard let stream = RandomStream(words: Array<UInt64>(words[8 * index..<8 * index + 8])) else {
        throw snapshot.mismatch(name, expected: "the states of random streams", found: "other words")
      }
      self[index].stream = stream
    }
  }
}

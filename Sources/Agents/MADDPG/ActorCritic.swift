import LinearAlgebra
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
  var actor: TrainedParameters
  var critics: [TrainedParameters]
  /// What it learns from where it draws transitions of its own.
  private(set) var own: PreparedBatch?
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
    guard let part = batches.first(where: { $0.place == place }) else {
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
    if drawsItself {
      var parts = batches
      for index in parts.indices { parts[index].stream = stream.split(UInt64(2 + index)) }
      self.own = PreparedBatch(parts, recipe)
    }
    drawn = DrawnRows(size: recipe.batchSize)
    workspace = network.makeWorkspace(batch: part.rows, training: true)
    sample = ActionSample(part.outputs, rows: part.rows)
    values = [Float](repeating: 0, count: part.rows)
    targets = values
    weights = values
    derivatives = values
    slopes = [Float](repeating: 0, count: part.rows * part.outputs.count)
  }

  /// Draws transitions of its own and learns from them.
  mutating func updateAlone(
    _ replay: borrowing JointReplay, _ normalizers: GroupNormalizers, _ actors: [PublishedActor],
    _ recipe: MADDPGConfiguration, temperature: Float
  ) {
    var own: PreparedBatch?
    swap(&own, &self.own)
    defer { swap(&own, &self.own) }
    guard own != nil else { preconditionFailure("this set of parameters learns from what others draw") }
    drawn.draw(from: replay, using: &stream)
    for index in actors.indices {
      let group = own?.agents[index].place.group ?? 0
      own?.agents[index].prepare(drawn, of: replay, through: normalizers[group], actors[index], recipe)
    }
    for index in own?.joint.indices ?? 0..<0 { Self.load(&own, index) }
    if let own { update(own, recipe, temperature: temperature) }
  }

  private static func load(_ batch: inout PreparedBatch?, _ index: Int) {
    guard let agents = batch?.agents else { return }
    batch?.joint[index].load(agents)
  }

  /// Learns from prepared transitions.
  mutating func update(_ batch: PreparedBatch, _ recipe: MADDPGConfiguration, temperature: Float) {
    guard let index = batch.index(of: place), weigh(batch.agents[index].active) else { return }
    let isActorsTurn = (critics[0].updates + 1) % recipe.policyDelay == 0
    writeTargets(batch, index, discount: recipe.discount)
    updateCritics(batch, dragging: isActorsTurn ? recipe.tau : nil)
    if isActorsTurn { updateActor(batch.agents, index, recipe, temperature) }
  }

  /// Gives every active row the same weight; false where nobody is active.
  private mutating func weigh(_ active: [Float]) -> Bool {
    let count = active.reduce(0, +)
    guard count > 0 else { return false }
    let share = 1 / count
    edit(&weights) { own in
      for row in 0..<own.count { own[row] = active[row] * share }
    }
    return true
  }

  /// y = r + γ · min over critics of Q⁻(next), and y = r where the trajectory ended.
  private mutating func writeTargets(_ batch: PreparedBatch, _ index: Int, discount: Float) {
    let rows = model.load(batch, .next)
    model.evaluate(critics[0].target, reading: rows)
    let first = model.values
    edit(&values) { copy(first.span, into: &$0) }
    if critics.count > 1 {
      model.evaluate(critics[1].target, reading: rows)
      let other = model.values
      edit(&values) { own in
        for row in 0..<own.count { own[row] = min(own[row], other[row]) }
      }
    }
    let (rewards, ended) = (batch.agents[index].rewards, batch.agents[index].ended)
    let values = values
    edit(&targets) { own in
      for row in 0..<own.count {
        own[row] = ended[row] == 1 ? rewards[row] : rewards[row] + discount * values[row]
      }
    }
  }

  private mutating func updateCritics(_ batch: PreparedBatch, dragging tau: Float?) {
    let rows = model.load(batch, .present)
    for critic in critics.indices {
      model.evaluate(critics[critic].online, reading: rows)
      let all = model.values
      let (weights, targets) = (weights, targets)
      var (loss, value): (Float, Float) = (0, 0)
      edit(&derivatives) { slopes in
        for row in 0..<slopes.count {
          // What is not weighted is not looked at: it may be anything.
          let weight = weights[row]
          let difference = weight == 0 ? 0 : all[row] - targets[row]
          slopes[row] = 2 * weight * difference
          loss += weight * difference * difference
          value += weight == 0 ? 0 : weight * all[row]
        }
      }
      model.differentiate(
        critics[critic].online, reading: rows, derivatives, into: &critics[critic].gradient)
      critics[critic].descend(dragging: tau)
      if critic == 0 {
        sums.criticLoss += Double(loss)
        sums.value += Double(value)
        sums.criticUpdates += 1
      }
    }
    model.keep(rows)
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
    let (weights, sample) = (weights, sample)
    var loss: Float = 0
    edit(&derivatives) { own in
      for row in 0..<own.count {
        own[row] = -weights[row]
        loss -= weights[row] == 0 ? 0 : weights[row] * all[row]
      }
    }
    model.differentiateActions(critics[0].online, derivatives, into: &slopes)
    let slopes = slopes
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

extension ActorCritic: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("actor", actor.snapshot())
    for (index, critic) in critics.enumerated() { snapshot.set("critic-\(index)", critic.snapshot()) }
    snapshot.set("stream", stream.words)
    snapshot.set("batch_streams", (own?.agents ?? []).flatMap(\.stream.words))
    let counts = [sums.criticUpdates, sums.actorUpdates].map(Double.init)
    snapshot.set("figures", [sums.criticLoss, sums.value, sums.actorLoss] + counts)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.actor.restore(from: try snapshot.group("actor"))
    for index in critics.indices { try copy.critics[index].restore(from: try snapshot.group("critic-\(index)")) }
    copy.stream = try snapshot.stream("stream")
    var parts = own?.agents ?? []
    try parts.restoreStreams(named: "batch_streams", in: snapshot)
    copy.own?.agents = parts
    let figures = try snapshot.doubles("figures", count: 5)
    guard let updates = Int(exactly: figures[3]), let turns = Int(exactly: figures[4]), updates >= 0, turns >= 0 else {
      throw snapshot.mismatch("figures", expected: "three sums and two numbers of updates", found: "\(figures)")
    }
    copy.sums = Sums(
      criticLoss: figures[0], value: figures[1], actorLoss: figures[2], criticUpdates: updates, actorUpdates: turns)
    self = copy
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

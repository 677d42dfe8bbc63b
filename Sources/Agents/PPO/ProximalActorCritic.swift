import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// One set of parameters of proximal policy optimisation: actor and critic, what they did in the running rollout, and
/// the random numbers that they draw.
///
/// Shares nothing with other sets but what was observed, which it only reads.
struct ProximalActorCritic: Sendable {
  private let group: Int
  private let steps: Int
  private let epochs: Int
  private let minibatches: Int
  private let estimation: AdvantageEstimation
  private let normalizesAdvantages: Bool
  private let prior: PPOConfiguration.Prior?
  private let agreement: PriorAgreement
  var actor: ProximalActor
  var critic: ProximalCritic
  private var taken: TakenRollout
  private var returns: ValueNormalizer?
  private var acting: RandomStream
  private var shuffling: RandomStream
  private var figures: PPOFigures
  /// Samples to be worked on, in the leading part.
  private var order: [Int32]
  /// For each sample, before the update: value, advantage and the value's target.
  private var values: [Float]
  private var advantages: [Float]
  private var targets: [Float]

  init(
    _ configuration: PPOConfiguration, groups: [AgentGroup], group: Int, member: Int?, outputs: ActorOutputs,
    environments: Int, stream: RandomStream
  ) {
    self.group = group
    steps = configuration.rolloutSteps
    epochs = configuration.epochs
    minibatches = configuration.minibatches
    estimation = AdvantageEstimation(discount: configuration.discount, decay: configuration.traceDecay)
    normalizesAdvantages = configuration.normalizesAdvantages
    prior = configuration.prior
    agreement = PriorAgreement(choices: outputs.choices)
    figures = PPOFigures(hasPrior: prior != nil)
    let slots = environments * (member == nil ? groups[group].count : 1)
    let count = slots * steps
    let batch = (count + minibatches - 1) / minibatches
    var (first, second) = (stream.split(0), stream.split(1))
    actor = ProximalActor(
      configuration, group: groups[group], outputs: outputs,
      input: NetworkInput(groups: groups, group: group, member: member, isCentral: false), slots: slots, batch: batch,
      stream: &first)
    critic = ProximalCritic(
      configuration,
      input: NetworkInput(
        groups: groups, group: group, member: member, isCentral: configuration.criticSees == .central),
      batch: batch, stream: &second)
    taken = TakenRollout(slots: slots, steps: steps, action: groups[group].action)
    returns = configuration.valueDecay.map { ValueNormalizer(decay: $0) }
    acting = stream.split(2)
    shuffling = stream.split(3)
    order = [Int32](repeating: 0, count: count)
    values = [Float](repeating: 0, count: count)
    (advantages, targets) = (values, values)
  }

  var updates: Int { actor.parameters.updates }

  mutating func adopt(_ policy: ParameterVector) { actor.adopt(policy) }

  mutating func takeFigures() -> PPOFigures {
    defer { figures = PPOFigures(hasPrior: prior != nil) }
    return figures
  }

  /// Chooses the actions of a step.
  ///
  /// - Parameter moment: the environment steps before the rollout.
  mutating func act(
    _ part: inout VectorFrame.Group, at step: Int, from rollouts: [ObservedRollout], moment: Int
  ) {
    for slot in 0..<taken.slots { order[slot] = Int32(step * taken.slots + slot) }
    let samples = order
    actor.act(samples.span.extracting(0..<taken.slots), at: step, &part, from: rollouts, into: &taken, &acting)
    if let prior, prior.acts(at: moment) {
      actor.follow(samples.span.extracting(0..<taken.slots), &part, with: agreement, into: &taken, &acting)
    }
  }

  /// Stores what came of a step; ``bootstrap(at:from:)`` must follow where a trajectory was cut.
  ///
  /// - Parameter isLast: whether the rollout ends with it.
  mutating func record(_ part: borrowing VectorFrame.Group, episodeOver: [Bool], at step: Int, isLast: Bool) {
    for slot in 0..<taken.slots {
      let row = slot * actor.input.stride + actor.input.first
      let isCut = isLast || part.truncated[row] || episodeOver[row / part.group.count]
      let kind: StepKind =
        !part.active[row] ? .absent : part.terminated[row] ? .terminated : isCut ? .cut : .goesOn
      taken.note(kind, reward: part.rewards[row], sample: step * taken.slots + slot)
    }
  }

  /// Values what was seen behind the rollout's last observed step for the trajectories that a step cut.
  mutating func bootstrap(at step: Int, from rollouts: [ObservedRollout]) {
    var count = 0
    for slot in 0..<taken.slots where taken.kinds[step * taken.slots + slot] == StepKind.cut.rawValue {
      order[count] = Int32(steps * taken.slots + slot)
      count += 1
    }
    guard count > 0 else { return }
    let samples = order
    critic.evaluate(
      samples.span.extracting(0..<count), from: rollouts, into: &taken.bootstraps,
      shiftedBy: (step - steps) * taken.slots)
  }

  /// Learns from a whole rollout.
  ///
  /// - Parameter moment: the environment steps before the rollout: where the schedules stand.
  mutating func update(from rollouts: [ObservedRollout], moment: Int) {
    var count = 0
    for sample in 0..<steps * taken.slots where taken.isPresent(sample) {
      order[count] = Int32(sample)
      count += 1
    }
    guard count > 0 else { return }
    estimate(count, from: rollouts)
    let parts = min(minibatches, count)
    let isLed = prior?.acts(at: moment) ?? false
    let strength = prior?.strength(at: moment) ?? 0
    for _ in 0..<epochs {
      if parts > 1 { shuffle(count) }
      let samples = order
      for part in 0..<parts {
        let range = samples.span.extracting(count * part / parts..<count * (part + 1) / parts)
        let surrogate =
          isLed
          ? actor.imitate(agreement, on: range, from: rollouts, group: group, moment: moment)
          : actor.improve(
            on: range, from: rollouts, group: group, taken: taken, advantages: advantages, strength: strength,
            moment: moment)
        let loss = critic.improve(on: range, from: rollouts, targets: targets, before: values, moment: moment)
        figures.add(surrogate, valueLoss: loss)
      }
    }
  }

  /// Puts the first samples in a random order.
  private mutating func shuffle(_ count: Int) {
    var stream = shuffling
    var span = order.mutableSpan
    for last in stride(from: count - 1, to: 0, by: -1) { span.swapAt(last, stream.integer(below: last + 1)) }
    shuffling = stream
  }

  /// Computes values, advantages and targets of the samples in order.
  ///
  /// The critic's outputs are taken back to the rewards' unit by the statistics that it learned in; then these take in
  /// the new returns, and targets and values are expressed in the new unit.
  private mutating func estimate(_ count: Int, from rollouts: [ObservedRollout]) {
    let samples = order
    critic.evaluate(samples.span.extracting(0..<count), from: rollouts, into: &values)
    if let returns {
      for index in 0..<count {
        let sample = Int(samples[index])
        values[sample] = returns.denormalized(values[sample])
        if taken.kinds[sample] == StepKind.cut.rawValue {
          taken.bootstraps[sample] = returns.denormalized(taken.bootstraps[sample])
        }
      }
    }
    do {
      let (values, taken, estimation) = (values, taken, estimation)
      var span = advantages.mutableSpan
      estimation.estimate(
        rewards: taken.rewards.span, values: values.span, bootstraps: taken.bootstraps.span, kinds: taken.kinds.span,
        slots: taken.slots, into: &span)
    }
    var (sum, squares) = (0.0, 0.0)
    for index in 0..<count {
      let sample = Int(samples[index])
      let target = advantages[sample] + values[sample]
      targets[sample] = target
      sum += Double(target)
      squares += Double(target) * Double(target)
    }
    if var moved = returns {
      moved.add(mean: sum / Double(count), meanSquare: squares / Double(count))
      for index in 0..<count {
        let sample = Int(samples[index])
        targets[sample] = moved.normalized(targets[sample])
        values[sample] = moved.normalized(values[sample])
      }
      returns = moved
    }
    if normalizesAdvantages { normalizeAdvantages(count) }
  }

  /// Mean 0 and deviation 1 over the samples in order; 10⁻⁵ keeps rounding from being blown up.
  private mutating func normalizeAdvantages(_ count: Int) {
    let samples = order
    var (mean, variance) = (0.0, 0.0)
    for index in 0..<count { mean += Double(advantages[Int(samples[index])]) }
    mean /= Double(count)
    for index in 0..<count {
      let distance = Double(advantages[Int(samples[index])]) - mean
      variance += distance * distance
    }
    let scale = 1 / ((variance / Double(count)).squareRoot() + 1e-5)
    for index in 0..<count {
      let sample = Int(samples[index])
      advantages[sample] = Float((Double(advantages[sample]) - mean) * scale)
    }
  }

  /// The critic's values of the samples of one observed step, in the rewards' unit.
  func values(at step: Int, from rollouts: [ObservedRollout]) -> [Float] {
    var critic = critic
    var values = [Float](repeating: 0, count: taken.slots)
    let samples = (0..<taken.slots).map { Int32(step * taken.slots + $0) }
    critic.evaluate(samples.span, from: rollouts, into: &values, shiftedBy: -step * taken.slots)
    return returns.map { returns in values.map { returns.denormalized($0) } } ?? values
  }
}

/// The state; of the rollout the steps that were recorded.
extension ProximalActorCritic {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("actor", actor.snapshot())
    snapshot.set("critic", critic.snapshot())
    if let returns { snapshot.set("returns", returns.snapshot()) }
    snapshot.set("figures", figures.sums)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.actor.restore(from: try snapshot.group("actor"))
    try copy.critic.restore(from: try snapshot.group("critic"))
    if returns != nil { try copy.returns?.restore(from: try snapshot.group("returns")) }
    let sums = try snapshot.doubles("figures", count: figures.sums.count)
    guard let figures = PPOFigures(sums: sums) else {
      throw snapshot.mismatch("figures", expected: "sums and a number of updates", found: "\(sums)")
    }
    copy.figures = figures
    self = copy
  }

  func rolloutSnapshot(filled: Int) -> Snapshot { taken.snapshot(filled: filled) }

  mutating func restoreRollout(from snapshot: Snapshot, filled: Int) throws(SnapshotError) {
    try taken.restore(from: snapshot, filled: filled)
  }

  func randomSnapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("acting", acting.words)
    snapshot.set("shuffling", shuffling.words)
    return snapshot
  }

  mutating func restoreRandom(from snapshot: Snapshot) throws(SnapshotError) {
    let acting = try snapshot.stream("acting")
    shuffling = try snapshot.stream("shuffling")
    self.acting = acting
  }
}

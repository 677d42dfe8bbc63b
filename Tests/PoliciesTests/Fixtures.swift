import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// Groups, policies and a world that stands still, for the tests of this module.
enum Fixture {
  static let observation = ObservationSpace([
    ObservationField("task_bits", unit: "bit", in: 0...1_000_000, "size of the task"),
    ObservationField("speed", unit: "m/s", in: -20...60, "speed over ground"),
    ObservationField("height", unit: "m", in: -.infinity ... .infinity, "height above sea"),
  ])

  static func group(_ name: String, _ count: Int, labels: [String] = ["local", "edge", "cloud"]) -> AgentGroup {
    AgentGroup(name: name, count: count, observation: observation, action: .discrete(labels: labels))
  }

  static func policy(_ group: AgentGroup, sets: Int, seed: UInt64, hidden: [Int] = [5, 4]) -> GroupPolicy {
    let network = Network.mlp(inputs: 3, hidden: hidden, outputs: 3, activation: .tanh)
    var stream = RandomStream(seed: seed)
    return GroupPolicy(
      group: group, head: .greedyValue, network: network, normalizer: .ranges(of: group.observation),
      parameters: (0..<sets).map { _ in network.initialParameters(using: &stream) })
  }

  /// Three vehicles that share and two drones that do not.
  static let mixed = PolicySet(
    algorithm: "dqn",
    groups: [policy(group("vehicle", 3), sets: 1, seed: 1), policy(group("drone", 2), sets: 2, seed: 2)])

  /// One policy for every action space, head and kind of layer, by its group's name.
  static let family = PolicySet(
    algorithm: "dqn",
    groups: [
      member(
        "rainbow", .discrete(labels: ["local", "edge", "cloud"]),
        values: .categorical(CategoricalSupport(minimum: -3, maximum: 5, count: 7)),
        [
          .noisyDense(NoisyDense(inputs: 3, outputs: 8, activation: .silu, initialSigma: 0.25)),
          .layerNorm(LayerNorm(count: 8, epsilon: 1e-3, activation: .softplus)),
          .dueling(
            Dueling(
              inputs: 8, branches: [3], atoms: 7, separateStreams: true, noisy: true, initialSigma: 0.125)),
        ]),
      member(
        "choices", .multiDiscrete([2, 4]), values: .quantile(count: 5),
        [
          .dense(Dense(inputs: 3, outputs: 6, activation: .sigmoid)),
          .dueling(Dueling(inputs: 6, branches: [2, 4], atoms: 5)),
        ]),
      member(
        "numbers", .box([-1...1, 0...10]), levels: 3, [.dense(Dense(inputs: 3, outputs: 6))]),
      member(
        "memory", .hybrid(labels: ["wait", "send"], box: [0...23]), levels: 4,
        [
          .gru(GRU(inputs: 3, hidden: 5)), .layerNorm(LayerNorm(count: 5)), .gru(GRU(inputs: 5, hidden: 4)),
          .dense(Dense(inputs: 4, outputs: 6)),
        ]),
    ])

  /// An actor for every action space, with own parameters and with memory, by its group's name.
  static let actors = PolicySet(
    algorithm: "ppo",
    groups: [
      member(
        "speaker", .discrete(labels: ["red", "green", "blue"]), head: .actor, sets: 2,
        [.dense(Dense(inputs: 3, outputs: 6, activation: .tanh)), .dense(Dense(inputs: 6, outputs: 3))]),
      member(
        "aims", .multiDiscrete([2, 4]), head: .actor, [.dense(Dense(inputs: 3, outputs: 6))]),
      member(
        "throttle", .box([-1...1, 0...10]), head: .actor,
        [.dense(Dense(inputs: 3, outputs: 5, activation: .relu)), .dense(Dense(inputs: 5, outputs: 2))]),
      member(
        "listener", .hybrid(labels: ["wait", "send"], box: [0...23]), head: .actor,
        [
          .gru(GRU(inputs: 3, hidden: 5)), .gru(GRU(inputs: 5, hidden: 4)), .dense(Dense(inputs: 4, outputs: 3)),
        ]),
    ])

  static func member(
    _ name: String, _ action: ActionSpace, head: GroupPolicy.Head = .greedyValue, sets: Int = 1, levels: Int? = nil,
    values: ValueHead = .expected, _ layers: [Layer]
  ) -> GroupPolicy {
    let network = Network(layers: layers)
    var stream = RandomStream(seed: UInt64(layers.count))
    return GroupPolicy(
      group: AgentGroup(name: name, count: 2, observation: observation, action: action), head: head,
      values: values, levels: levels, network: network, normalizer: .ranges(of: observation),
      parameters: (0..<sets).map { _ in network.initialParameters(using: &stream) })
  }

  static func checkpoint(of policies: PolicySet) -> Snapshot {
    var checkpoint = Snapshot()
    for (name, group) in policies.records() { checkpoint.set(name, group) }
    return checkpoint
  }
}

/// A world that shows given observations, masks and slots and never moves.
struct StillWorld: Environment {
  let groups: [AgentGroup]
  var observations: [[Float]]
  var masks: [[Bool]]
  var active: [[Bool]] = []

  mutating func reset(seed: UInt64) {}
  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) { outcome.clear() }
  func observe(group: Int, into values: inout MutableSpan<Float>) {
    for index in 0..<values.count { values[index] = observations[group][index] }
  }
  func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    for index in 0..<mask.count { mask[index] = masks[group][index] }
  }
  func writeActive(group: Int, into slots: inout MutableSpan<Bool>) {
    for index in 0..<slots.count { slots[index] = active.isEmpty || active[group][index] }
  }
  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }
  func snapshot() -> Snapshot { Snapshot() }
  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {}
}

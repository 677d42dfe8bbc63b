import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning

/// A policy for every kind of layer, head, action space and memory that a value-based agent may have.
enum SampleFamily {
  static let set = PolicySet(algorithm: "dqn", groups: SamplePolicies.set().groups + members)

  /// The members beside the plain ones of ``SamplePolicies``.
  static let members = [
    rainbow, quantiles, activations, joint, separate, numbers, hybrid, recurrent, stacked,
  ]

  /// Dueling, noisy and categorical.
  static let rainbow = policy(
    "rainbow", .discrete(labels: ["stay", "left", "right", "climb"]),
    values: .categorical(CategoricalSupport(minimum: -10, maximum: 10, count: 51)),
    [
      .noisyDense(NoisyDense(inputs: 3, outputs: 32, activation: .relu)),
      .dueling(Dueling(inputs: 32, branches: [4], atoms: 51, noisy: true)),
    ])

  static let quantiles = policy(
    "quantiles", .discrete(labels: ["stay", "left", "right"]), values: .quantile(count: 32),
    [
      .dense(Dense(inputs: 3, outputs: 24, activation: .tanh)),
      .dense(Dense(inputs: 24, outputs: 3 * 32)),
    ])

  /// Normalised layers with every activation that the plain samples lack; a parameter set for each of two agents.
  static let activations = policy(
    "activations", .discrete(labels: ["stay", "left", "right"]), models: 2,
    [
      .dense(Dense(inputs: 3, outputs: 16)),
      .layerNorm(LayerNorm(count: 16, activation: .silu)),
      .dense(Dense(inputs: 16, outputs: 12, activation: .softplus)),
      .layerNorm(LayerNorm(count: 12, epsilon: 1e-3)),
      .dense(Dense(inputs: 12, outputs: 8, activation: .sigmoid)),
      .dense(Dense(inputs: 8, outputs: 8, activation: .silu)),
      .dense(Dense(inputs: 8, outputs: 3)),
    ])

  /// Two choices that share a value.
  static let joint = policy(
    "joint", .multiDiscrete([3, 4]),
    [
      .dense(Dense(inputs: 3, outputs: 20, activation: .relu)),
      .dueling(Dueling(inputs: 20, branches: [3, 4])),
    ])

  /// Two choices with masks, a stream for the value and one for the advantages.
  static let separate = policy(
    "separate", .multiDiscrete([4, 2]), values: .quantile(count: 8),
    [
      .noisyDense(NoisyDense(inputs: 3, outputs: 20, activation: .relu)),
      .dueling(Dueling(inputs: 20, branches: [4, 2], atoms: 8, separateStreams: true)),
    ])

  /// Real numbers by their levels.
  static let numbers = policy(
    "numbers", .box([-2...2, 0...0.3]), levels: 4, seed: 28,
    [
      .dense(Dense(inputs: 3, outputs: 48, activation: .relu)),
      .dueling(Dueling(inputs: 48, branches: [4, 4], noisy: true)),
    ])

  /// A choice and a real number.
  static let hybrid = policy(
    "hybrid", .hybrid(labels: ["wait", "send"], box: [0...23]), levels: 4,
    values: .categorical(CategoricalSupport(minimum: -1, maximum: 3, count: 21)),
    [
      .dense(Dense(inputs: 3, outputs: 20, activation: .relu)),
      .dense(Dense(inputs: 20, outputs: 6 * 21)),
    ])

  static let recurrent = policy(
    "recurrent", .discrete(labels: ["stay", "left", "right"]),
    [
      .dense(Dense(inputs: 3, outputs: 12, activation: .relu)),
      .gru(GRU(inputs: 12, hidden: 10)),
      .dueling(Dueling(inputs: 10, branches: [3])),
    ])

  /// Two recurrent layers of different widths below a choice and a real number.
  static let stacked = policy(
    "stacked", .hybrid(labels: ["wait", "send", "drop"], box: [-1...1]), levels: 3,
    values: .quantile(count: 4),
    [
      .gru(GRU(inputs: 3, hidden: 8)),
      .layerNorm(LayerNorm(count: 8)),
      .gru(GRU(inputs: 8, hidden: 6)),
      .dueling(Dueling(inputs: 6, branches: [3, 3], atoms: 4, separateStreams: true, noisy: true)),
    ])

  static func policy(
    _ name: String, _ action: ActionSpace, head: GroupPolicy.Head = .greedyValue, levels: Int? = nil,
    values: ValueHead = .expected, models: Int = 1, seed: UInt64 = 21, _ layers: [Layer]
  ) -> GroupPolicy {
    let network = Network(layers: layers)
    let group = AgentGroup(name: name, count: 2, observation: SamplePolicies.drone.observation, action: action)
    let stream = RandomStream(seed: seed).split(UInt64(layers.count * 100 + network.outputCount))
    return GroupPolicy(
      group: group, head: head, values: values, levels: levels, network: network,
      normalizer: .ranges(of: group.observation),
      parameters: (0..<models).map { index in
        var own = stream.split(UInt64(index))
        var parameters = network.initialParameters(using: &own)
        // Away from the zeros and ones of a start, and wide enough for every option to win somewhere.
        for index in parameters.values.indices {
          parameters.values[index] = 3 * parameters.values[index] + Float(0.2 * own.normal())
        }
        return parameters
      })
  }
}

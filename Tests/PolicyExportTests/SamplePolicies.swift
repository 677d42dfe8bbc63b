import Configuration
import NeuralNetworks
import Policies
import PolicyExport
import Randomness
import ReinforcementLearning

/// Two groups: vehicles that share a network and its normaliser, and two drones with a network each.
enum SamplePolicies {
  static let vehicle = AgentGroup(
    name: "vehicle", count: 3,
    observation: ObservationSpace([
      ObservationField("task_bits", unit: "bit", in: 100_000...8_000_000, "size of the task"),
      ObservationField("deadline_s", unit: "s", in: 0.05...1.5, "time until the task is worthless"),
      ObservationField("path_loss_db", unit: "dB", in: 40...160, "loss to the nearest edge server"),
      ObservationField("queue_cycles", unit: "cycle", in: 0 ... .infinity, "work before the task"),
      ObservationField(
        "velocity_m_per_s", unit: "m/s", in: -.infinity ... .infinity, "velocity along the road"),
      ObservationField("battery", unit: "1", in: 0...1, "charge left"),
    ]),
    action: .discrete(labels: ["device", "edge 0", "edge 1", "edge 2", "cloud"]))

  static let drone = AgentGroup(
    name: "drone", count: 2,
    observation: ObservationSpace(
      ["x_m", "y_m", "z_m"].map {
        ObservationField($0, unit: "m", in: -500...500, "place along \($0.prefix(1))")
      }),
    action: .discrete(labels: ["stay", "follow", "land", "return"]))

  static func set(hidden: [Int] = [24, 16], seed: UInt64 = 7) -> PolicySet {
    let stream = RandomStream(seed: seed)
    return PolicySet(
      algorithm: "dqn",
      groups: [
        policy(
          vehicle, .ranges(of: vehicle.observation), hidden: hidden, activations: [.relu, .tanh], models: 1,
          stream.split(0)),
        policy(
          drone, .identity(3), hidden: hidden, activations: [.tanh, .relu], models: 2, stream.split(1)),
      ])
  }

  static func policy(
    _ group: AgentGroup, _ normalizer: Normalizer, hidden: [Int], activations: [Activation], models: Int,
    _ stream: RandomStream
  ) -> GroupPolicy {
    var layers: [Layer] = []
    var inputs = group.observation.count
    for (index, width) in hidden.enumerated() {
      layers.append(
        .dense(Dense(inputs: inputs, outputs: width, activation: activations[index % activations.count])))
      inputs = width
    }
    layers.append(.dense(Dense(inputs: inputs, outputs: group.action.maskCount)))
    let network = Network(layers: layers)
    let parameters = (0..<models).map { index in
      var own = stream.split(UInt64(index))
      return network.initialParameters(using: &own)
    }
    return GroupPolicy(
      group: group, head: .greedyValue, network: network, normalizer: normalizer, parameters: parameters)
  }

  static let origin = BundleOrigin(
    scenarioID: "vehicular/sample", scenarioSHA256: SHA256.hex(of: "scenario"),
    checkpointSHA256: SHA256.hex(of: "checkpoint"), seed: 7, trainingSteps: 1000,
    evaluation: .object(["episodes": .integer(100)]), producerVersion: "0.1.0")
}

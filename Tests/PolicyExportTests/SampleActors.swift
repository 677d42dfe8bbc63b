import NeuralNetworks
import Policies
import ReinforcementLearning

/// An actor for every kind of action, with and without memory, shared and individual.
enum SampleActors {
  static let set = PolicySet(algorithm: "ppo", groups: members)

  static let members = [guide, aim, throttle, dispatch, speaker, listener, drift]

  /// One choice; a parameter set for each of two agents.
  static let guide = actor(
    "guide", .discrete(labels: ["stay", "left", "right", "climb"]), models: 2,
    [
      .dense(Dense(inputs: 3, outputs: 24, activation: .tanh)),
      .dense(Dense(inputs: 24, outputs: 4)),
    ])

  /// Two choices.
  static let aim = actor(
    "aim", .multiDiscrete([3, 4]),
    [
      .dense(Dense(inputs: 3, outputs: 20)),
      .layerNorm(LayerNorm(count: 20, activation: .relu)),
      .dense(Dense(inputs: 20, outputs: 7)),
    ])

  /// Real numbers alone, of ranges that are symmetric, not from zero, far wide, and one value only.
  static let throttle = actor(
    "throttle", .box([-2...2, 0.1...0.3, 0...5_000_000, 7...7]),
    [
      .dense(Dense(inputs: 3, outputs: 32, activation: .tanh)),
      .dense(Dense(inputs: 32, outputs: 4)),
    ])

  /// A choice and a real number.
  static let dispatch = actor(
    "dispatch", .hybrid(labels: ["wait", "send"], box: [0...23]),
    [
      .dense(Dense(inputs: 3, outputs: 16, activation: .relu)),
      .dense(Dense(inputs: 16, outputs: 3)),
    ])

  /// One that speaks and one that hears and remembers.
  static let speaker = actor(
    "speaker", .discrete(labels: ["red", "green", "blue"]), [.dense(Dense(inputs: 3, outputs: 3))])

  static let listener = actor(
    "listener", .discrete(labels: ["stay", "left", "right", "down", "up"]),
    [
      .dense(Dense(inputs: 3, outputs: 12, activation: .relu)),
      .gru(GRU(inputs: 12, hidden: 10)),
      .dense(Dense(inputs: 10, outputs: 5)),
    ])

  /// A choice and two real numbers above two layers of memory.
  static let drift = actor(
    "drift", .hybrid(labels: ["hold", "go", "back"], box: [-1...1, 100...250]),
    [
      .gru(GRU(inputs: 3, hidden: 8)),
      .gru(GRU(inputs: 8, hidden: 6)),
      .dense(Dense(inputs: 6, outputs: 5)),
    ])

  static func actor(_ name: String, _ action: ActionSpace, models: Int = 1, _ layers: [Layer]) -> GroupPolicy {
    SampleFamily.policy(name, action, head: .actor, models: models, layers)
  }

  /// The branches of an action's choices alone, whatever real numbers it has.
  static func choices(of policy: GroupPolicy) -> ActionBranches? {
    ActionBranches(.multiDiscrete(policy.actorOutputs?.choices ?? []))
  }
}

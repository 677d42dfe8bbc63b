import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// A controller whose policy remembers, in a world of two slots that stands still.
struct RecurrentControllerTests {
  /// A policy with memory whose action says how many steps it remembers: level n behind n steps, at most 7.
  ///
  /// One unit with its gates set so that `h' = h + (1 − z) · (n − h)`, n ≈ 1: the state rises from 0 with each
  /// step, and the level whose line `q = slope · h + offset` is highest tells how far.
  static let counting: PolicySet = {
    let network = Network(layers: [.gru(GRU(inputs: 3, hidden: 1)), .dense(Dense(inputs: 1, outputs: 8))])
    // z = σ(2) ≈ 0.88 keeps; n = tanh(20) = 1.
    let gates: [Float] = [Float](repeating: 0, count: 12) + [0, 2, 20] + [0, 0, 0]
    var heights: [Float] = [0]
    for _ in 0..<7 { heights.append(heights[heights.count - 1] * 0.8807971 + 0.1192029) }
    // A tangent of h² at each height is the highest of all there.
    let slopes = heights.map { 2 * $0 }
    let offsets = heights.map { -$0 * $0 }
    return PolicySet(
      algorithm: "dqn",
      groups: [
        GroupPolicy(
          group: AgentGroup(name: "vehicle", count: 2, observation: Fixture.observation, action: .box([0...7])),
          head: .greedyValue, levels: 8, network: network, normalizer: .identity(3),
          parameters: [ParameterVector(layout: network.layout, values: gates + slopes + offsets)])
      ])
  }()

  static var world: StillWorld {
    StillWorld(
      groups: counting.groups.map(\.group), observations: [[0, 0, 0, 0, 0, 0]], masks: [[]], active: [[true, true]])
  }

  static func act(_ controller: inout PolicyController<StillWorld>, _ world: StillWorld) -> [Float] {
    var action = JointAction(for: world.groups)
    controller.act(in: world, &action)
    return action.continuous
  }

  @Test func `remembers from step to step`() {
    var controller = PolicyController(Self.counting, for: Self.world)
    controller.begin(seed: 0)
    let actions = (0..<7).map { _ in Self.act(&controller, Self.world) }
    #expect(actions == (1...7).map { [Float($0), Float($0)] })
  }

  @Test func `forgets where an episode begins`() {
    var controller = PolicyController(Self.counting, for: Self.world)
    controller.begin(seed: 0)
    for _ in 0..<3 { _ = Self.act(&controller, Self.world) }
    controller.begin(seed: 0)
    #expect(Self.act(&controller, Self.world) == [1, 1])
  }

  @Test(arguments: [true, false])
  func `forgets where a trajectory terminates or is truncated, and only there`(_ terminates: Bool) {
    var controller = PolicyController(Self.counting, for: Self.world)
    controller.begin(seed: 0)
    _ = Self.act(&controller, Self.world)
    var outcome = StepOutcome(agents: 2)
    controller.note(outcome)
    #expect(Self.act(&controller, Self.world) == [2, 2])
    if terminates { outcome.terminated[1] = true } else { outcome.truncated[1] = true }
    controller.note(outcome)
    #expect(Self.act(&controller, Self.world) == [3, 1])
    outcome.clear()
    controller.note(outcome)
    #expect(Self.act(&controller, Self.world) == [4, 2])
  }

  @Test func `an empty slot remembers nothing, so that a newcomer begins anew`() {
    var world = Self.world
    var controller = PolicyController(Self.counting, for: world)
    controller.begin(seed: 0)
    _ = Self.act(&controller, world)
    world.active = [[false, true]]
    for expected in [2, 3, 4] as [Float] { #expect(Self.act(&controller, world)[1] == expected) }
    world.active = [[true, true]]
    #expect(Self.act(&controller, world) == [1, 5])
  }

  @Test func `agents with parameters of their own each have a memory`() {
    let shared = Self.counting.groups[0]
    let own = GroupPolicy(
      group: shared.group, head: .greedyValue, levels: 8, network: shared.network, normalizer: shared.normalizer,
      parameters: [shared.parameters[0], shared.parameters[0]])
    var controller = PolicyController(PolicySet(algorithm: "dqn", groups: [own]), for: Self.world)
    controller.begin(seed: 0)
    #expect((1...3).map { _ in Self.act(&controller, Self.world) } == [[1, 1], [2, 2], [3, 3]])
  }
}

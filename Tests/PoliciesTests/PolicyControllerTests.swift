import Glibc
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Testing

struct PolicyControllerTests {
  /// The outputs of the fixtures' networks for one row, in `Double` loops written from the formulas.
  static func values(_ policy: GroupPolicy, _ parameters: ParameterVector, _ observation: ArraySlice<Float>) -> [Double]
  {
    var row = observation.enumerated().map { index, value in
      (Double(value) - Double(policy.normalizer.offset[index])) / Double(policy.normalizer.scale[index])
    }
    for layer in 0..<policy.network.layers.count {
      let weight = parameters["layers.\(layer).weight"] ?? []
      let bias = parameters["layers.\(layer).bias"] ?? []
      row = bias.indices.map { output in
        let sum = row.indices.reduce(Double(bias[output])) {
          $0 + Double(weight[output * row.count + $1]) * row[$1]
        }
        return layer == policy.network.layers.count - 1 ? sum : tanh(sum)
      }
    }
    return row
  }

  static func randomWorld(vehicles: Int, _ stream: inout RandomStream) -> StillWorld {
    let groups = [Fixture.group("vehicle", vehicles), Fixture.group("drone", 2)]
    var observations: [[Float]] = []
    var masks: [[Bool]] = []
    for group in groups {
      observations.append(
        (0..<group.count).flatMap { _ in
          [Float(stream.uniform(in: 0..<1e6)), Float(stream.uniform(in: -20..<60)), Float(stream.normal())]
        })
      masks.append(
        (0..<group.count).flatMap { _ in
          let open = stream.integer(below: 3)
          return (0..<3).map { $0 == open || stream.bernoulli(0.5) }
        })
    }
    return StillWorld(groups: groups, observations: observations, masks: masks)
  }

  @Test(arguments: [1, 3, 8])
  func `takes the permitted action that a forward pass by hand values most`(vehicles: Int) {
    var stream = RandomStream(seed: 8)
    var taken: Set<Int32> = []
    for _ in 0..<100 {
      let world = Self.randomWorld(vehicles: vehicles, &stream)
      var controller = PolicyController(Fixture.mixed, for: world)
      controller.begin(seed: 0)
      var action = JointAction(for: world.groups)
      controller.act(in: world, &action)
      for (index, policy) in Fixture.mixed.groups.enumerated() {
        for agent in 0..<world.groups[index].count {
          let values = Self.values(
            policy, policy.parameters[index == 0 ? 0 : agent], world.observations[index][3 * agent..<3 * agent + 3])
          let permitted = (0..<3).filter { world.masks[index][3 * agent + $0] }
          let chosen = action.discrete[action.discreteStart[index] + agent]
          #expect(permitted.contains(Int(chosen)))
          let best = permitted.map { values[$0] }.max() ?? .nan
          #expect(values[Int(chosen)] > best - 1e-5)
          taken.insert(chosen)
        }
      }
    }
    #expect(taken == [0, 1, 2])
  }

  @Test func `acts the same whatever the seed and however often it is asked`() {
    var stream = RandomStream(seed: 9)
    let world = Self.randomWorld(vehicles: 3, &stream)
    var controller = PolicyController(Fixture.mixed, for: world)
    var actions: Set<[Int32]> = []
    for seed in 0..<50 as Range<UInt64> {
      controller.begin(seed: seed)
      var action = JointAction(for: world.groups)
      controller.act(in: world, &action)
      actions.insert(action.discrete)
    }
    #expect(actions.count == 1)
  }
}

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

  @Test func `writes the choice of each branch where the action has it`() throws {
    let groups = Fixture.family.groups.map(\.group)
    var stream = RandomStream(seed: 10)
    for _ in 0..<20 {
      let observations = groups.map {
        ValueEvaluationTests.observations($0.count, seed: UInt64(stream.integer(below: 1000)))
      }
      let masks = groups.map { group in
        (0..<group.count).flatMap { _ in Self.randomMask(group.action, &stream) }
      }
      let world = StillWorld(groups: groups, observations: observations, masks: masks)
      var controller = PolicyController(Fixture.family, for: world)
      controller.begin(seed: 0)
      var action = JointAction(for: groups)
      controller.act(in: world, &action)
      for (index, policy) in Fixture.family.groups.enumerated() {
        let branches = try #require(policy.branches)
        let space = policy.group.action
        let zeros = [Float](repeating: 0, count: 2 * policy.network.stateCount)
        let values = ValueEvaluationTests.expected(policy, observations[index], state: zeros).values
        for agent in 0..<2 {
          let row = values[agent * branches.count..<(agent + 1) * branches.count]
          let mask = masks[index][agent * branches.maskCount..<(agent + 1) * branches.maskCount]
          let choices = Self.choices(branches, row, mask)
          let integers = action.discreteStart[index] + agent * space.discreteCount
          let reals = action.continuousStart[index] + agent * space.continuousCount
          #expect(
            action.discrete[integers..<integers + space.discreteCount].map(Int.init)
              == Array(choices[..<branches.integers]))
          #expect(
            Array(action.continuous[reals..<reals + space.continuousCount])
              == zip(branches.levels, choices[branches.integers...]).map { $0[$1] })
        }
      }
    }
  }

  static func randomMask(_ space: ActionSpace, _ stream: inout RandomStream) -> [Bool] {
    var mask: [Bool] = []
    for options in ActionBranches(space, levels: 2)?.options.prefix(space.discreteCount) ?? [] {
      let open = stream.integer(below: options)
      mask += (0..<options).map { $0 == open || stream.bernoulli(0.5) }
    }
    return mask
  }

  /// The permitted option of the greatest value in each branch, by sorting.
  static func choices(_ branches: ActionBranches, _ values: ArraySlice<Float>, _ mask: ArraySlice<Bool>) -> [Int] {
    let (values, permitted) = (Array(values), Array(mask) + [Bool](repeating: true, count: values.count - mask.count))
    var first = 0
    return branches.options.map { options in
      defer { first += options }
      let open = (0..<options).filter { permitted[first + $0] }
      return open.sorted { values[first + $0] > values[first + $1] }[0]
    }
  }
}

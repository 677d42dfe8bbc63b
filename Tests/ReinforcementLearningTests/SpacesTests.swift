import ReinforcementLearning
import Testing

struct SpacesTests {
  @Test func `an action space counts its integers, reals and options`() {
    let spaces: [(ActionSpace, [Int])] = [
      (.discrete(labels: ["a", "b", "c"]), [1, 0, 3]),
      (.multiDiscrete([3, 2, 4]), [3, 0, 9]),
      (.box([0...1, -1...1]), [0, 2, 0]),
      (.hybrid(labels: ["a", "b"], box: [0...1]), [1, 1, 2]),
    ]
    for (space, counts) in spaces {
      #expect([space.discreteCount, space.continuousCount, space.maskCount] == counts)
    }
  }

  @Test func `the first value outside its range or not a number is found`() {
    let space = ObservationSpace([
      ObservationField("a", unit: "1", in: 0...1, "a share"),
      ObservationField("b", unit: "m", in: -.infinity...5, "a place"),
    ])
    let rows: [([Float], Int?)] = [
      ([0, 5], nil), ([1, -.infinity], nil), ([1.001, 9], 0), ([0.5, 5.5], 1), ([.nan, 0], 0), ([0, .nan], 1),
      ([0, .infinity], 1),
    ]
    for (values, violation) in rows { #expect(space.firstViolation(values.span) == violation) }
  }

  @Test func `a joint action has room for every agent, group after group`() {
    let observation = ObservationSpace([ObservationField("a", unit: "1", in: 0...1, "a share")])
    func group(_ name: String, _ count: Int, _ action: ActionSpace) -> AgentGroup {
      AgentGroup(name: name, count: count, observation: observation, action: action)
    }
    let action = JointAction(for: [
      group("a", 2, .multiDiscrete([2, 2, 2])), group("b", 3, .box([0...1, 0...1])),
      group("c", 1, .hybrid(labels: ["x"], box: [0...1])), group("d", 4, .discrete(labels: ["x", "y"])),
    ])
    #expect(action.discreteStart == [0, 6, 6, 7] && action.discrete.count == 11)
    #expect(action.continuousStart == [0, 0, 6, 7] && action.continuous.count == 7)
  }
}

import Policies
import ReinforcementLearning
import Testing

struct PolicySetTests {
  let world = [Fixture.group("vehicle", 3), Fixture.group("drone", 2)]

  @Test func `a policy fits the groups that it was made for`() {
    #expect(Fixture.mixed.mismatch(with: world) == nil)
  }

  @Test func `shared parameters fit any number of agents, own ones only theirs`() {
    #expect(Fixture.mixed.mismatch(with: [Fixture.group("vehicle", 40), world[1]]) == nil)
    #expect(
      Fixture.mixed.mismatch(with: [world[0], Fixture.group("drone", 3)])
        == "the policy has parameters of its own for each of 2 agents of drone, the scenario has 3")
  }

  @Test func `other groups are named`() {
    for other in [[world[0]], [world[1], world[0]], []] {
      let sentence = Fixture.mixed.mismatch(with: other) ?? ""
      #expect(sentence.contains("[\"vehicle\", \"drone\"]") && sentence.contains("\(other.map(\.name))"))
    }
  }

  @Test func `other actions are named in their order`() {
    let sentence =
      Fixture.mixed.mismatch(with: [Fixture.group("vehicle", 3, labels: ["edge", "local", "cloud"]), world[1]]) ?? ""
    #expect(sentence.contains("3 actions [local, edge, cloud]"))
    #expect(sentence.contains("3 actions [edge, local, cloud]"))
    let box = AgentGroup(name: "vehicle", count: 3, observation: Fixture.observation, action: .box([0...1, 0...1]))
    #expect(Fixture.mixed.mismatch(with: [box, world[1]])?.contains("2 real numbers") == true)
  }

  @Test func `other fields or units are named`() {
    let fields = Fixture.observation.fields
    func group(_ fields: [ObservationField]) -> AgentGroup {
      AgentGroup(name: "vehicle", count: 3, observation: ObservationSpace(fields), action: world[0].action)
    }
    let fewer = Fixture.mixed.mismatch(with: [group(Array(fields[..<2])), world[1]]) ?? ""
    #expect(fewer.contains("3 fields") && fewer.contains("[task_bits, speed, height] against [task_bits, speed]"))
    let swapped = Fixture.mixed.mismatch(with: [group([fields[1], fields[0], fields[2]]), world[1]]) ?? ""
    #expect(swapped.contains("[speed, task_bits, height]"))
    let knots = ObservationField("speed", unit: "kn", in: fields[1].range, fields[1].meaning)
    let units = Fixture.mixed.mismatch(with: [group([fields[0], knots, fields[2]]), world[1]]) ?? ""
    #expect(units.contains("units differ"))
  }
}

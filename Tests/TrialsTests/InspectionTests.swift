import Checkpointing
import Configuration
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing
import Trials

@Suite struct InspectionTests {
  /// A released file whose policy is another one.
  private func file(_ policies: PolicySet, in folder: TemporaryFolder) throws -> PolicyFile {
    var checkpoint = try CheckpointFile.read("\(project)/Checkpoints/highway-offloading-dqn.h5")
    for record in policies.records() { checkpoint.set(record.name, record.group) }
    let path = "\(folder.path)/policy.h5"
    try CheckpointFile.write(checkpoint, to: path)
    return try PolicyFile(path)
  }

  private func policy(
    _ name: String, _ action: ActionSpace, _ head: GroupPolicy.Head, levels: Int? = nil, outputs: Int
  ) -> GroupPolicy {
    let network = Network.mlp(inputs: 1, hidden: [], outputs: outputs)
    let observation = ObservationSpace([ObservationField("heat", unit: "K", in: 0...400, "how warm it is")])
    return GroupPolicy(
      group: AgentGroup(name: name, count: 2, observation: observation, action: action), head: head, levels: levels,
      network: network, normalizer: .identity(1), parameters: [ParameterVector(layout: network.layout)])
  }

  @Test func `says of each group how its outputs become an action, and what there is to choose`() throws {
    let hybrid = ActionSpace.hybrid(labels: ["wait", "send"], box: [0...23])
    let policies = PolicySet(
      algorithm: "ppo",
      groups: [
        policy("speaker", .discrete(labels: ["red", "blue"]), .actor, outputs: 2),
        policy("mover", .box([-1...1]), .actor, outputs: 1),
        policy("sender", hybrid, .actor, outputs: 3), policy("caller", hybrid, .greedyValue, levels: 4, outputs: 6),
      ])
    let file = try file(policies, in: try TemporaryFolder())
    let table = Inspection.table(file)
    let lines = table.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      lines.filter { $0.hasPrefix("chooses") || $0.hasPrefix("by") } == [
        "chooses red, blue", "by the greatest permitted logit", "chooses -1.0 to 1.0",
        "by numbers squashed into their ranges", "chooses wait, send, 0.0 to 23.0",
        "by the greatest permitted logit, numbers squashed into their ranges",
        "chooses wait, send, 0.0 to 23.0 in 4 levels", "by the greatest permitted action value",
      ])
    let json = Inspection.json(file).text(indented: false)
    #expect(json.contains(#""policy":"actor""#) && json.contains(#""policy":"argmax-q""#), "\(json)")
  }
}

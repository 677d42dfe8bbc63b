import Configuration
import Foundation
import ReinforcementLearning
import Snapshots
import Testing
import Trials

/// Pays 1 for the choice 1 at each of four steps, but knows another bound.
private struct BoundedWorld: Environment {
  let bound: Double
  var time = 0
  var chosen = 0.0

  let groups = [
    AgentGroup(
      name: "payee", count: 1, observation: ObservationSpace([ObservationField("time", unit: "1", in: 0...4, "steps")]),
      action: .discrete(labels: ["nothing", "one"]))
  ]
  let rewardTerms = [RewardTerm("chosen", weight: 0.5, "ones chosen"), RewardTerm("shown", weight: 0.5, "the same")]

  mutating func reset(seed: UInt64) { (time, chosen) = (0, 0) }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    time += 1
    chosen = Double(actions.discrete[0])
    outcome.rewards[0] = chosen
    outcome.episodeOver = time == 4
    outcome.truncated[0] = time == 4
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) { values[0] = Float(time) }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func writeRewardTerms(into values: inout MutableSpan<Double>) { (values[0], values[1]) = (chosen, chosen) }

  func returnBound(seed: UInt64) -> Double? { bound }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("time", integer: time)
    snapshot.set("chosen", real: chosen)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    (time, chosen) = (try snapshot.integer("time"), try snapshot.real("chosen"))
  }
}

private struct Always: Controller {
  let choice: Int32
  mutating func begin(seed: UInt64) {}
  mutating func act(in world: borrowing BoundedWorld, _ action: inout JointAction) { action.discrete[0] = choice }
}

private enum BoundedFamily: EnvironmentFamily {
  static let name = "bounded"
  static let summary = "ones"
  static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> BoundedWorld {
    BoundedWorld(bound: try root.number("bound"))
  }
  static let rules = [RuleSummary("one", "always one"), RuleSummary("nothing", "never")]
  static func rule(_ name: String, for world: BoundedWorld) -> (any Controller<BoundedWorld>)? {
    switch name {
    case "one": Always(choice: 1)
    case "nothing": Always(choice: 0)
    default: nil
    }
  }
}

@Suite struct ReturnBoundTests {
  private func scenario(bound: Double) throws -> Scenario {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("bounded-\(UUID().uuidString).yaml").path
    try "id: bounded/ones\nenvironment: bounded\nbound: \(bound)\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Scenario(path, registry: Registry(environments: [BoundedFamily.self], algorithms: []))
  }

  @Test func `an evaluation says what no policy can exceed and what each one lacks`() async throws {
    let evaluation = try await Evaluation.run(
      try scenario(bound: 5), policies: ["one", "nothing", "random"], episodes: 3, seed: 0, workers: 2)
    #expect(evaluation.bound == 5)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluation.json().text().utf8)) as? [String: Any])
    #expect(json["bound"] as? Double == 5)
    let policies = try #require(json["policies"] as? [[String: Any]])
    #expect(policies[0]["gap"] as? Double == 1)
    #expect(policies[1]["gap"] as? Double == 5)
    let random = evaluation.entries[2].statistics.mean
    let score = try #require(policies[0]["normalized_score"] as? Double)
    #expect(abs(score - (4 - random) / (5 - random)) < 1e-12)
    #expect(policies[0]["return_terms"] as? [String: Double] == ["chosen": 2, "shown": 2])
    #expect(evaluation.table().contains("no policy can return more than 5"))
    #expect(evaluation.csv().split(separator: "\n")[1].hasSuffix(",5.0,1.0"))
  }

  @Test func `a return above the bound stops the evaluation: the world is wrong`() async throws {
    let scenario = try scenario(bound: 3.5)
    await #expect(throws: Failure.self) {
      try await Evaluation.run(scenario, policies: ["one"], episodes: 1, seed: 0, workers: 1)
    }
    let allowed = try await Evaluation.run(scenario, policies: ["nothing"], episodes: 1, seed: 0, workers: 1)
    #expect(allowed.bound == 3.5)
  }
}

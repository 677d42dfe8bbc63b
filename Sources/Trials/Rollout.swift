import ReinforcementLearning

/// One episode as a table: a row per task, or per agent and step where a world has no tasks.
public enum Rollout {
  /// Plays the first episode of a seed and writes its table as CSV.
  ///
  /// - Returns: the number of rows and the episode's return.
  public static func write(
    _ scenario: Scenario, policy: String, seed: UInt64, to path: String
  ) throws(Failure) -> (rows: Int, total: Double, notes: [String]) {
    try write(scenario.family, scenario, policy, seed, path)
  }

  private static func write<Family: EnvironmentFamily>(
    _ family: Family.Type, _ scenario: Scenario, _ policy: String, _ seed: UInt64, _ path: String
  ) throws(Failure) -> (rows: Int, total: Double, notes: [String]) {
    let world = try scenario.makeWorld(family)
    let contestant = try Evaluation.contestant(policy, family, world, scenarioDigest: scenario.digest)
    let table = play(world, contestant.controller, seed: EpisodeSeeds(.evaluation, seed: seed).seed(episode: 0))
    if let sentence = table.result.broken.first {
      throw Failure(.fault, "the simulation broke its own laws: \(sentence)")
    }
    try TextFile.write(table.text, to: path)
    return (table.rows, table.result.total, family.notes(on: world) + contestant.notes)
  }

  private static func play<World: Environment>(
    _ world: World, _ controller: some Controller<World>, seed: UInt64
  ) -> (text: String, rows: Int, result: EpisodeResult) {
    var world = world
    var controller = controller
    let own = world.recordColumns
    var lines = [(own.isEmpty ? plainColumns : own).joined(separator: ",")]
    let result = playEpisode(&world, &controller, seed: seed) { world, step, outcome in
      for row in own.isEmpty ? plainRows(step, outcome) : world.records() {
        lines.append(row.map(cell).joined(separator: ","))
      }
    }
    return (lines.joined(separator: "\n") + "\n", lines.count - 1, result)
  }

  private static let plainColumns = ["step", "agent", "reward", "terminated", "truncated"]

  private static func plainRows(_ step: Int, _ outcome: StepOutcome) -> [[RecordValue]] {
    outcome.rewards.indices.map { agent in
      [
        .integer(step), .integer(agent), .real(outcome.rewards[agent]),
        .integer(outcome.terminated[agent] ? 1 : 0), .integer(outcome.truncated[agent] ? 1 : 0),
      ]
    }
  }

  private static func cell(_ value: RecordValue) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .real(let number): number.isFinite ? "\(number)" : ""
    case .text(let text): CSV.cell(text)
    }
  }
}

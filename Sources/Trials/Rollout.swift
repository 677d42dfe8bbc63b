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
    let table = play(
      world, contestant.controller, seed: EpisodeSeeds(.evaluation, seed: seed).seed(episode: 0))
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
    let columns = world.recordColumns.isEmpty ? plainColumns(world) : world.recordColumns
    let isPlain = world.recordColumns.isEmpty
    var lines = [columns.joined(separator: ",")]
    let result = playEpisode(&world, &controller, seed: seed) { world, step, action, outcome in
      for row in isPlain ? plainRows(world, step, action, outcome) : world.records() {
        lines.append(row.map(cell).joined(separator: ","))
      }
    }
    return (lines.joined(separator: "\n") + "\n", lines.count - 1, result)
  }

  /// Columns for worlds without a table of their own: every agent's action, and what it observes after the step.
  private static func plainColumns<World: Environment>(_ world: borrowing World) -> [String] {
    let fields = world.groups.map { $0.observation.fields.map(\.name) }.max { $0.count < $1.count } ?? []
    return ["step", "group", "agent", "action"] + fields + world.rewardTerms.map { "reward_\($0.name)" }
      + ["reward", "terminated", "truncated"]
  }

  private static func plainRows<World: Environment>(
    _ world: borrowing World, _ step: Int, _ action: JointAction, _ outcome: StepOutcome
  ) -> [[RecordValue]] {
    let width = world.groups.map(\.observation.count).max() ?? 0
    let terms = world.rewardTerms.count
    var parts = [Double](repeating: 0, count: world.agentCount * terms)
    do {
      var span = parts.mutableSpan
      world.writeRewardTerms(into: &span)
    }
    var rows: [[RecordValue]] = []
    for (index, group) in world.groups.enumerated() {
      var observations = [Float](repeating: 0, count: group.count * group.observation.count)
      do {
        var span = observations.mutableSpan
        world.observe(group: index, into: &span)
      }
      for slot in 0..<group.count {
        let first = slot * group.observation.count
        let seen = observations[first..<first + group.observation.count].map { RecordValue.real(Double($0)) }
        let padding = [RecordValue](repeating: .text(""), count: width - seen.count)
        let integers = action.discreteStart[index] + slot * group.action.discreteCount
        let reals = action.continuousStart[index] + slot * group.action.continuousCount
        let chosen =
          action.discrete[integers..<integers + group.action.discreteCount].map { "\($0)" }
          + action.continuous[reals..<reals + group.action.continuousCount].map { "\($0)" }
        let agent = rows.count
        rows.append(
          [.integer(step), .text(group.name), .integer(agent), .text(chosen.joined(separator: " "))] + seen
            + padding + parts[agent * terms..<(agent + 1) * terms].map(RecordValue.real)
            + [
              .real(outcome.rewards[agent]), .integer(outcome.terminated[agent] ? 1 : 0),
              .integer(outcome.truncated[agent] ? 1 : 0),
            ])
      }
    }
    return rows
  }

  private static func cell(_ value: RecordValue) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .real(let number): number.isFinite ? "\(number)" : ""
    case .text(let text): CSV.cell(text)
    }
  }
}

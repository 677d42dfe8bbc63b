import Configuration
import ReinforcementLearning

/// A long look at a scenario: are its observations where they are said to be, do its laws hold under every rule, and
/// does no policy earn more than the bound?
public enum ScenarioAudit {
  /// Plays a scenario and says everything that is wrong with it, each kind once; nothing when all is well.
  ///
  /// - Parameters:
  ///   - steps: steps under random actions, in each of which every observation must lie in its space.
  ///   - episodes: episodes under each rule, in which the world's laws must hold and the bound must not be passed.
  public static func run(
    _ scenario: Scenario, steps: Int, episodes: Int, seed: UInt64 = 0
  ) throws(Failure) -> [String] {
    try run(scenario.family, scenario, steps, episodes, seed)
  }

  private static func run<Family: EnvironmentFamily>(
    _ family: Family.Type, _ scenario: Scenario, _ steps: Int, _ episodes: Int, _ seed: UInt64
  ) throws(Failure) -> [String] {
    let world = try scenario.makeWorld(family)
    var findings = checkEnvironment(world, seeds: [seed, seed &+ 1], steps: min(steps, 100)).map(\.description)
    findings += strayObservations(world, steps: steps, seed: seed)
    let evaluation = EpisodeSeeds(.evaluation, seed: seed)
    let seeds = (0..<episodes).map { evaluation.seed(episode: $0) }
    let bounds = seeds.map { world.returnBound(seed: $0) }
    for name in family.ruleNames(in: world) {
      guard let controller = try family.controller(name, for: world) else { continue }
      findings += brokenLaws(world, controller, name, seeds: seeds, bounds: bounds)
    }
    return findings
  }

  /// Whether an observation leaves its space under random actions; the first time that each field does.
  private static func strayObservations<World: Environment>(_ start: World, steps: Int, seed: UInt64) -> [String] {
    var world = start
    var chooser = RandomController(for: world)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    outcome.episodeOver = true
    var rows = world.groups.map { [Float](repeating: 0, count: $0.count * $0.observation.count) }
    var active = world.groups.map { [Bool](repeating: true, count: $0.count) }
    var strays: [String: String] = [:]
    var episode: UInt64 = 0
    for step in 0..<steps {
      if Interruption.isRequested { break }
      if outcome.episodeOver {
        world.reset(seed: seed &+ episode)
        chooser.begin(seed: seed &+ episode)
        episode += 1
      }
      for (index, group) in world.groups.enumerated() {
        var values = rows[index].mutableSpan
        world.observe(group: index, into: &values)
        var flags = active[index].mutableSpan
        world.writeActive(group: index, into: &flags)
        let width = group.observation.count
        for slot in 0..<group.count where active[index][slot] {
          guard let place = stray(rows[index], from: slot * width, in: group.observation) else { continue }
          let field = group.observation.fields[place]
          let name = "\(group.name).\(field.name)"
          if strays[name] == nil {
            strays[name] =
              "observations lie in their space: after \(step) random steps \(name) is \(rows[index][slot * width + place]), outside "
              + "\(field.range)"
          }
        }
      }
      chooser.act(in: world, &action)
      world.step(action, outcome: &outcome)
    }
    return strays.values.sorted()
  }

  /// The first field of a row that is outside its range.
  private static func stray(_ rows: [Float], from first: Int, in space: ObservationSpace) -> Int? {
    space.firstViolation(rows.span.extracting(first..<first + space.count))
  }

  /// What is wrong with the first episode of a rule that shows it.
  private static func brokenLaws<World: Environment>(
    _ start: World, _ rule: some Controller<World>, _ name: String, seeds: [UInt64], bounds: [Double?]
  ) -> [String] {
    var world = start
    var controller = rule
    for (episode, seed) in seeds.enumerated() {
      let result = playEpisode(&world, &controller, seed: seed)
      if let sentence = result.broken.first { return ["the world keeps its laws: under \(name) \(sentence)"] }
      if let bound = bounds[episode], exceeds(result.total, bound) {
        return ["no policy passes the bound: \(name) earns \(result.total) in episode \(episode), bounded by \(bound)"]
      }
    }
    return []
  }
}

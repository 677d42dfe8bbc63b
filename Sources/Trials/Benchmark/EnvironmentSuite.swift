import Randomness
import ReinforcementLearning

extension Benchmark {
  func measureEnvironments(in folder: ProjectFolder, _ report: (Row) -> Void) throws(Failure) {
    for path in folder.files(in: "Environments", endingIn: ".yaml") {
      let scenario = try Scenario(folder.scenario(path))
      try measure(scenario, scenario.family, report)
    }
  }

  private func measure<Family: EnvironmentFamily>(
    _ scenario: Scenario, _ family: Family.Type, _ report: (Row) -> Void
  ) throws(Failure) {
    let world = try scenario.makeWorld(family)
    let agents = world.agentCount == 1 ? "1 agent" : "\(world.agentCount) agents"
    for count in !family.forbidsActions ? [1, 1_024, 16_384] : [1, 8] {
      var stepping = RandomStepping(world, count: count, isMasked: family.forbidsActions)
      let timing = Timing(seconds: seconds, repeats: repeats) { for _ in 0..<$0 { stepping.step() } }
      report(
        .rate(
          .environments, "\(scenario.id), \(count) at once, \(agents)", "steps/s", timing,
          count: Double(count)))
    }
  }
}

/// A vectorised world under random permitted actions, resets included.
///
/// Where nothing is ever forbidden the actions are drawn beforehand, as the peers' scripts do it.
struct RandomStepping<World: Environment> {
  private var vector: VectorEnvironment<World>
  private var stream = RandomStream(seed: 3)
  private var pool: [[Int32]]
  private var turn = 0
  private let isMasked: Bool

  init(_ world: World, count: Int, isMasked: Bool) {
    vector = VectorEnvironment(world, count: count, seeds: EpisodeSeeds(.evaluation, seed: 0))
    self.isMasked = isMasked
    pool = []
    for group in world.groups.indices where !isMasked {
      for _ in 0..<8 {
        draw(group)
        pool.append(vector.frame.groups[group].actions)
      }
    }
    for group in world.groups.indices { drawReals(group) }
  }

  mutating func step() {
    turn = turn & 7
    for group in vector.frame.groups.indices {
      if isMasked {
        draw(group)
      } else {
        let actions = pool[group * 8 + turn]
        for index in actions.indices { vector.frame.groups[group].actions[index] = actions[index] }
      }
    }
    turn += 1
    vector.step()
    vector.advance()
  }

  private mutating func draw(_ group: Int) {
    let space = vector.frame.groups[group].group.action
    let options: [Int]
    switch space {
    case .discrete(let labels), .hybrid(let labels, _): options = [labels.count]
    case .multiDiscrete(let counts): options = counts
    case .box: return
    }
    var first = 0
    for row in 0..<vector.frame.groups[group].rows {
      for (choice, count) in options.enumerated() {
        var option = stream.integer(below: count)
        while !vector.frame.groups[group].masks[first + option] { option = option + 1 == count ? 0 : option + 1 }
        vector.frame.groups[group].actions[row * options.count + choice] = Int32(option)
        first += count
      }
    }
  }

  private mutating func drawReals(_ group: Int) {
    let ranges: [ClosedRange<Float>]
    switch vector.frame.groups[group].group.action {
    case .box(let box), .hybrid(_, let box): ranges = box
    case .discrete, .multiDiscrete: return
    }
    for index in vector.frame.groups[group].continuousActions.indices {
      let range = ranges[index % ranges.count]
      vector.frame.groups[group].continuousActions[index] =
        range.lowerBound + (range.upperBound - range.lowerBound) * Float(stream.uniform())
    }
  }
}

/// The greatest return of an episode that any sequence of joint actions reaches, found by trying them all.
///
/// Since every draw of a world is a function of the seed, an episode is a tree of joint actions, and who knows the
/// seed can search it. No policy earns more in that episode, and no valid ``Environment/returnBound(seed:)`` is less.
public struct ClairvoyantOptimum: Sendable, Equatable {
  /// The greatest return: Σ over steps of the mean reward over active agents.
  public let total: Double
  /// A sequence of joint actions that earns it; the first of equals.
  public let actions: [JointAction]
  /// Steps that were simulated.
  public let steps: Int
}

/// More steps would have been needed to try all sequences of joint actions than were allowed.
public struct ClairvoyantLimitExceeded: Error, Equatable, CustomStringConvertible {
  /// The steps that were allowed.
  public let limit: Int

  /// Too many steps for a limit.
  public init(limit: Int) { self.limit = limit }

  public var description: String {
    "trying every sequence of joint actions takes more than \(limit) steps; take fewer agents, options or steps"
  }
}

/// Searches the whole episode of a seed for its greatest return.
///
/// The search tries all permitted options, also those that look useless, and cuts nothing off. Time grows as the
/// number of joint actions to the power of the steps. Real numbers of actions are tried at some levels only, so that
/// with them the result is a return that is reached, but not always the greatest.
///
/// - Parameters:
///   - world: the world; the caller's value is not changed.
///   - levels: into how many levels a range of real numbers is divided.
///   - limit: the greatest number of simulated steps.
public func clairvoyantOptimum<World: Environment>(
  of world: World, seed: UInt64, levels: Int = 3, limit: Int = 1_000_000
) throws(ClairvoyantLimitExceeded) -> ClairvoyantOptimum {
  var search = ClairvoyantSearch(world, levels: levels, limit: limit)
  search.reset(seed: seed)
  let total = try search.best(from: 0)
  return ClairvoyantOptimum(total: total, actions: search.levels[0].best, steps: search.steps)
}

private struct ClairvoyantSearch<World: Environment> {
  /// What one depth of the tree remembers.
  struct Level {
    /// The world before the step.
    var world: World
    var options: JointOptions
    var mean: TeamMean
    /// The best actions from here to the end.
    var best: [JointAction] = []
  }

  let limit: Int
  let count: Int
  var levels: [Level]
  var steps = 0

  init(_ world: World, levels count: Int, limit: Int) {
    self.limit = limit
    self.count = count
    levels = [Level(world: world, options: JointOptions(for: world, levels: count), mean: TeamMean(for: world))]
  }

  mutating func reset(seed: UInt64) { levels[0].world.reset(seed: seed) }

  /// The greatest return from the world at a depth to the end; writes the actions that earn it there.
  mutating func best(from depth: Int) throws(ClairvoyantLimitExceeded) -> Double {
    if levels.count == depth + 1 { levels.append(levels[depth]) }
    levels[depth].options.read(levels[depth].world)
    levels[depth].mean.read(levels[depth].world)
    let options = levels[depth].options
    let mean = levels[depth].mean
    var action = JointAction(for: levels[depth].world.groups)
    options.begin(&action, in: levels[depth].world)
    var choice = [Int](repeating: 0, count: options.variableCount)
    var outcome = StepOutcome(agents: levels[depth].world.agentCount)
    var greatest = -Double.infinity
    repeat {
      steps += 1
      if steps > limit { throw ClairvoyantLimitExceeded(limit: limit) }
      levels[depth + 1].world.assign(from: levels[depth].world)
      levels[depth + 1].world.step(action, outcome: &outcome)
      var total = mean.mean(outcome)
      if !outcome.episodeOver { total += try best(from: depth + 1) }
      if total > greatest {
        greatest = total
        levels[depth].best = [action] + (outcome.episodeOver ? [] : levels[depth + 1].best)
      }
    } while options.advance(&choice, &action)
    return greatest
  }
}

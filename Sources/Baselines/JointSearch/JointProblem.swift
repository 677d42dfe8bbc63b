import ReinforcementLearning

/// The joint action of one moment as an assignment problem: a gene for every number that is open, and as cost what the
/// world pays less.
///
/// A joint action is tried in a copy of the world: the copy takes it, and for the rest of the horizon a follower plays
/// on. Its worth is the sum over these steps of the mean reward over active agents, its cost the negative of that. A copy
/// has the world's own draws, so a trial sees what these steps will bring, which no agent does.
struct JointProblem<World: Environment, Follower: Controller>: AssignmentProblem, Sendable
where Follower.World == World {
  /// The options of the moment.
  private(set) var options: JointOptions
  /// The variables that have more than one option now: the genes.
  private(set) var open: [Int] = []
  /// Every variable's option in the joint action that is tried.
  private(set) var action: JointAction
  /// What the follower would do now.
  private(set) var followed: JointAction
  /// What each agent earned in the last trial.
  private(set) var earned: [Double]
  /// Steps that a trial plays.
  private let horizon: Int
  /// The follower after what it would do now.
  private var follower: Follower
  private var present: World
  private var attempt: World
  private var next: JointAction
  private var outcome: StepOutcome
  private var mean: TeamMean

  /// Trials of so many steps in worlds like the given one.
  init(for world: World, follower: Follower, horizon: Int, levels: Int) {
    precondition(horizon >= 1, "a trial takes at least one step, not \(horizon)")
    options = JointOptions(for: world, levels: levels)
    action = JointAction(for: world.groups)
    earned = [Double](repeating: 0, count: world.agentCount)
    self.horizon = horizon
    self.follower = follower
    (present, attempt) = (world, world)
    (followed, next) = (action, action)
    outcome = StepOutcome(agents: world.agentCount)
    mean = TeamMean(for: world)
    open.reserveCapacity(options.variableCount)
  }

  /// Begins an episode.
  mutating func begin(seed: UInt64) { follower.begin(seed: seed) }

  /// Turns to the world's present moment; every variable stands at its first option.
  mutating func turn(to world: borrowing World) {
    present.assign(from: copy world)
    options.read(world)
    options.begin(&action, in: world)
    open.removeAll(keepingCapacity: true)
    for variable in 0..<options.variableCount where options.optionCount(of: variable) > 1 { open.append(variable) }
    follower.act(in: world, &followed)
  }

  /// Tells the follower what came of the actions.
  mutating func note(_ outcome: borrowing StepOutcome) { follower.note(outcome) }

  var genes: Int { open.count }

  func options(of gene: Int) -> Int { options.optionCount(of: open[gene]) }

  mutating func cost(of assignment: [Int]) -> Double {
    for gene in 0..<open.count { options.set(open[gene], to: assignment[gene], in: &action) }
    return -worth(of: action)
  }

  /// Sets one gene's option.
  mutating func set(_ gene: Int, to option: Int) { options.set(open[gene], to: option, in: &action) }

  /// Tries a joint action.
  mutating func worth(of action: JointAction) -> Double {
    attempt.assign(from: present)
    mean.read(attempt)
    attempt.step(action, outcome: &outcome)
    var total = mean.mean(outcome)
    for agent in 0..<earned.count { earned[agent] = outcome.rewards[agent] }
    if horizon == 1 { return total }
    var follower = follower
    var step = 1
    while step < horizon, !outcome.episodeOver {
      follower.note(outcome)
      mean.read(attempt)
      follower.act(in: attempt, &next)
      attempt.step(next, outcome: &outcome)
      total += mean.mean(outcome)
      for agent in 0..<earned.count { earned[agent] += outcome.rewards[agent] }
      step += 1
    }
    return total
  }

  /// The present options of the genes nearest to an action.
  func assignment(in action: borrowing JointAction) -> [Int] {
    var assignment = [Int](repeating: 0, count: open.count)
    for gene in 0..<open.count { assignment[gene] = options.nearestOption(of: open[gene], in: action) }
    return assignment
  }
}

import ReinforcementLearning

/// The joint action of one moment as an assignment problem: a gene for every number that is open, and as cost what the
/// world pays less.
///
/// A joint action is tried in a copy of the world: the copy takes it, and for the rest of the horizon what agents do
/// when they do nothing. Its worth is the sum over these steps of the mean reward over active agents, its cost the
/// negative of that. A copy has the world's own draws, so a trial sees what these steps will bring, which no agent
/// does.
struct JointProblem<World: Environment>: AssignmentProblem, Sendable {
  /// The options of the moment.
  private(set) var options: JointOptions
  /// The variables that have more than one option now: the genes.
  private(set) var open: [Int] = []
  /// Every variable's option in the joint action that is tried.
  private(set) var action: JointAction
  /// What each agent earned in the last trial.
  private(set) var earned: [Double]
  /// Steps that a trial plays.
  private let horizon: Int
  private var present: World
  private var attempt: World
  private var idle: JointAction
  private var outcome: StepOutcome
  private var mean: TeamMean

  /// Trials of so many steps in worlds like the given one.
  init(for world: World, horizon: Int, levels: Int) {
    precondition(horizon >= 1, "a trial takes at least one step, not \(horizon)")
    options = JointOptions(for: world, levels: levels)
    action = JointAction(for: world.groups)
    earned = [Double](repeating: 0, count: world.agentCount)
    self.horizon = horizon
    (present, attempt) = (world, world)
    idle = action
    outcome = StepOutcome(agents: world.agentCount)
    mean = TeamMean(for: world)
    open.reserveCapacity(options.variableCount)
  }

  /// Turns to the world's present moment; every variable stands at its first option.
  mutating func begin(in world: borrowing World) {
    present.assign(from: copy world)
    options.read(world)
    options.begin(&action, in: world)
    open.removeAll(keepingCapacity: true)
    for variable in 0..<options.variableCount where options.optionCount(of: variable) > 1 { open.append(variable) }
    if horizon > 1 { idle = Self.idleAction(in: world, like: idle) }
  }

  private static func idleAction(in world: borrowing World, like action: JointAction) -> JointAction {
    var action = action
    var agent = 0
    for (index, group) in world.groups.enumerated() {
      for slot in 0..<group.count {
        let own = world.idleAction(for: agent)
        let integers = action.discreteStart[index] + slot * group.action.discreteCount
        for (choice, value) in own.discrete.enumerated() { action.discrete[integers + choice] = value }
        let reals = action.continuousStart[index] + slot * group.action.continuousCount
        for (dimension, value) in own.continuous.enumerated() { action.continuous[reals + dimension] = value }
        agent += 1
      }
    }
    return action
  }

  var genes: Int { open.count }

  func options(of gene: Int) -> Int { options.optionCount(of: open[gene]) }

  mutating func cost(of assignment: [Int]) -> Double {
    for gene in 0..<open.count { options.set(open[gene], to: assignment[gene], in: &action) }
    return -play()
  }

  /// Sets one gene's option.
  mutating func set(_ gene: Int, to option: Int) { options.set(open[gene], to: option, in: &action) }

  /// Tries ``action`` and returns its worth.
  mutating func play() -> Double {
    attempt.assign(from: present)
    mean.read(attempt)
    attempt.step(action, outcome: &outcome)
    var total = mean.mean(outcome)
    for agent in 0..<earned.count { earned[agent] = outcome.rewards[agent] }
    var step = 1
    while step < horizon, !outcome.episodeOver {
      mean.read(attempt)
      attempt.step(idle, outcome: &outcome)
      total += mean.mean(outcome)
      for agent in 0..<earned.count { earned[agent] += outcome.rewards[agent] }
      step += 1
    }
    return total
  }

  /// The present options of the genes in an action; 0 where it stands at none.
  func assignment(in action: borrowing JointAction) -> [Int] {
    var assignment = [Int](repeating: 0, count: open.count)
    for gene in 0..<open.count { assignment[gene] = options.option(of: open[gene], in: action) ?? 0 }
    return assignment
  }
}

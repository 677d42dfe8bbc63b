import Randomness
public import ReinforcementLearning

/// Searches at every step for the joint action of the greatest mean reward, trying each candidate in a copy of the
/// world.
///
/// It decides for all agents together and sees this step's draws before they happen, which no policy can: a yardstick
/// for what coordination within a step is worth. The first candidate is what was done at the step before, where that is
/// still permitted. The number of trials at a step is at most a fixed budget, and the seed decides all chance.
///
/// It does not look beyond its horizon, over which a follower plays on after the first step. Where the follower is a rule,
/// what the rule would do is a candidate too, tried as it is beside the budget: so the worth of what is done is at least
/// the rule's, and with a horizon to the end of the episode so is the return (rollout: D. P. Bertsekas, J. N. Tsitsiklis,
/// C. Wu, J. Heuristics 3 (1997) 245).
public struct JointSearchController<World: Environment, Search: AssignmentSearch, Follower: Controller>: Controller
where Follower.World == World {
  /// The greatest number of trials at a step.
  public let trialsPerStep: Int
  /// Trials made since the episode began.
  public private(set) var trials = 0
  private let search: Search
  private let triesFollower: Bool
  private var problem: JointProblem<World, Follower>
  private var stream = RandomStream(seed: 0)
  private var last: JointAction
  private var hasLast = false

  /// A search for worlds like the given one.
  ///
  /// - Parameters:
  ///   - trialsPerStep: the budget at each step.
  ///   - horizon: steps that a trial plays.
  ///   - follower: the rule that plays those after the first, and whose own choice is tried.
  ///   - levels: into how many levels a range of real numbers is divided.
  public init(
    _ search: Search, for world: World, trialsPerStep: Int, horizon: Int, follower: Follower, levels: Int = 5
  ) {
    self.init(search, for: world, trialsPerStep, horizon, follower, levels, triesFollower: true)
  }

  private init(
    _ search: Search, for world: World, _ trialsPerStep: Int, _ horizon: Int, _ follower: Follower, _ levels: Int,
    triesFollower: Bool
  ) {
    precondition(trialsPerStep >= 1, "a search needs at least one trial at a step, not \(trialsPerStep)")
    self.search = search
    self.trialsPerStep = trialsPerStep
    self.triesFollower = triesFollower
    problem = JointProblem(for: world, follower: follower, horizon: horizon, levels: levels)
    last = JointAction(for: world.groups)
  }

  public mutating func begin(seed: UInt64) {
    stream = RandomStream(seed: seed).split(0x6A_6F69_6E74)
    problem.begin(seed: seed)
    hasLast = false
    trials = 0
  }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    problem.turn(to: world)
    let seed = stream.next()
    var cost = Double.infinity
    if problem.genes > 0 {
      var starts = hasLast ? [problem.assignment(in: last)] : []
      if triesFollower { starts.append(problem.assignment(in: problem.followed)) }
      let found = search.minimize(&problem, evaluations: trialsPerStep, starts: starts, seed: seed)
      for gene in 0..<problem.genes { problem.set(gene, to: found.assignment[gene]) }
      cost = found.cost
      trials += found.evaluations
    }
    action = problem.action
    if triesFollower, problem.genes > 0 {
      let followed = problem.followed
      if problem.worth(of: followed) > -cost { action = followed }
      trials += 1
    }
    last = action
    hasLast = true
  }

  public mutating func note(_ outcome: borrowing StepOutcome) { problem.note(outcome) }
}

extension JointSearchController where Follower == IdleController<World> {
  /// A search for worlds like the given one, whose trials are played on by idle agents.
  public init(_ search: Search, for world: World, trialsPerStep: Int, horizon: Int = 1, levels: Int = 5) {
    self.init(search, for: world, trialsPerStep, horizon, IdleController(for: world), levels, triesFollower: false)
  }
}

extension JointSearchController where Search == ExhaustiveSearch, Follower == IdleController<World> {
  /// Why every joint action of a world cannot be tried within a number of trials, or nil if it can.
  ///
  /// It counts all options of all slots, permitted at the moment or not.
  public static func refusal(for world: World, trialsPerStep: Int, levels: Int = 5) -> String? {
    var count = 1.0
    for group in world.groups {
      let own =
        group.action.choices.reduce(1.0) { $0 * Double($1) }
        * Double.power(Double(levels), group.action.continuousCount)
      count *= Double.power(own, group.count)
    }
    if count <= Double(trialsPerStep) { return nil }
    let size = count < 1e15 ? "\(Int(count))" : "more than 10^15"
    return
      "exhaustive tries every joint action of a step, and this scenario has \(size) where \(trialsPerStep) are allowed; "
      + "take fewer agents, or best-response, genetic or particle-swarm"
  }
}

extension Double {
  /// A number multiplied with itself, so many times.
  fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * base }
  }
}

import Randomness
public import ReinforcementLearning

/// Searches at every step for the joint action of the greatest mean reward, trying each candidate in a copy of the
/// world.
///
/// It decides for all agents together and sees this step's draws before they happen, which no policy can: a yardstick
/// for what coordination within a step is worth. It does not look beyond its horizon. The first candidate is what was
/// done at the step before, where that is still permitted. The number of trials at a step is at most a fixed budget,
/// and the seed decides all chance.
public struct JointSearchController<World: Environment, Search: AssignmentSearch>: Controller {
  /// The greatest number of trials at a step.
  public let trialsPerStep: Int
  /// Trials made since the episode began.
  public private(set) var trials = 0
  private let search: Search
  private var problem: JointProblem<World>
  private var stream = RandomStream(seed: 0)
  private var last: JointAction
  private var hasLast = false

  /// A search for worlds like the given one.
  ///
  /// - Parameters:
  ///   - trialsPerStep: the budget at each step.
  ///   - horizon: steps that a trial plays, those after the first with idle agents.
  ///   - levels: into how many levels a range of real numbers is divided.
  public init(_ search: Search, for world: World, trialsPerStep: Int, horizon: Int = 1, levels: Int = 5) {
    precondition(trialsPerStep >= 1, "a search needs at least one trial at a step, not \(trialsPerStep)")
    self.search = search
    self.trialsPerStep = trialsPerStep
    problem = JointProblem(for: world, horizon: horizon, levels: levels)
    last = JointAction(for: world.groups)
  }

  public mutating func begin(seed: UInt64) {
    stream = RandomStream(seed: seed).split(0x6A_6F69_6E74)
    hasLast = false
    trials = 0
  }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    problem.begin(in: world)
    let seed = stream.next()
    if problem.genes > 0 {
      let starts = hasLast ? [problem.assignment(in: last)] : []
      let found = search.minimize(&problem, evaluations: trialsPerStep, starts: starts, seed: seed)
      for gene in 0..<problem.genes { problem.set(gene, to: found.assignment[gene]) }
      trials += found.evaluations
    }
    action = problem.action
    last = action
    hasLast = true
  }
}

extension JointSearchController where Search == ExhaustiveSearch {
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

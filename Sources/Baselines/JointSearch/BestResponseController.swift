public import ReinforcementLearning

/// Lets the agents answer one another within each step until none of them gains by changing its mind alone.
///
/// In turn, every agent takes the option of the greatest reward of its own while all others stay; it changes only if it
/// gains. When a whole round changes nothing, the joint action is a Nash equilibrium of the step, among the options
/// that are tried. In a potential game every such sequence of improvements is finite (D. Monderer, L. S. Shapley, Games
/// and Economic Behavior 14 (1996) 124); multi-user offloading is one (X. Chen, L. Jiao, W. Li, X. Fu, IEEE/ACM ToN 24
/// (2016) 2795). Elsewhere rounds end with the budget.
///
/// Rewards are found in a copy of the world, which has the world's own draws: it sees this step before it happens. An
/// agent whose action has several numbers tries all their combinations where these are at most ``combinations``, else
/// it changes one number at a time. The rounds start from the first permitted options, or from what a rule would do that
/// plays on after the first step of a trial.
public struct BestResponseController<World: Environment, Follower: Controller>: Controller
where Follower.World == World {
  /// The greatest number of combinations of one agent's numbers that are tried together.
  public static var combinations: Int { 64 }
  /// The greatest number of trials at a step.
  public let trialsPerStep: Int
  /// Trials made since the episode began.
  public private(set) var trials = 0
  /// Changes of mind in the last step.
  public private(set) var improvements = 0
  /// Whether the last step's rounds ended because nobody gained by a change.
  public private(set) var isEquilibrium = true
  private let startsFromFollower: Bool
  private var problem: JointProblem<World, Follower>
  private var choice: [Int] = []
  private var spent = 0

  /// Best replies in worlds like the given one; parameters as of ``JointSearchController``.
  public init(for world: World, trialsPerStep: Int, horizon: Int, follower: Follower, levels: Int = 5) {
    self.init(for: world, trialsPerStep, horizon, follower, levels, startsFromFollower: true)
  }

  private init(
    for world: World, _ trialsPerStep: Int, _ horizon: Int, _ follower: Follower, _ levels: Int,
    startsFromFollower: Bool
  ) {
    precondition(trialsPerStep >= 1, "a search needs at least one trial at a step, not \(trialsPerStep)")
    self.trialsPerStep = trialsPerStep
    self.startsFromFollower = startsFromFollower
    problem = JointProblem(for: world, follower: follower, horizon: horizon, levels: levels)
  }

  public mutating func begin(seed: UInt64) {
    problem.begin(seed: seed)
    trials = 0
  }

  public mutating func note(_ outcome: borrowing StepOutcome) { problem.note(outcome) }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    problem.turn(to: world)
    if startsFromFollower {
      choice = problem.assignment(in: problem.followed)
    } else {
      choice = [Int](repeating: 0, count: problem.genes)
    }
    for gene in 0..<problem.genes { problem.set(gene, to: choice[gene]) }
    spent = 0
    improvements = 0
    isEquilibrium = false
    while !isEquilibrium, spent < trialsPerStep { isEquilibrium = !playRound() && spent < trialsPerStep }
    for gene in 0..<problem.genes { problem.set(gene, to: choice[gene]) }
    action = problem.action
    trials += spent
  }

  /// Every agent answers once; whether anyone changed its mind.
  private mutating func playRound() -> Bool {
    var hasChanged = false
    var first = 0
    while first < problem.genes {
      let agent = problem.options.agent(of: problem.open[first])
      var end = first
      var combinations = 1
      while end < problem.genes, problem.options.agent(of: problem.open[end]) == agent {
        combinations = combinations > Self.combinations ? combinations : combinations * problem.options(of: end)
        end += 1
      }
      if combinations <= Self.combinations {
        if answer(of: agent, in: first..<end) { hasChanged = true }
      } else {
        for gene in first..<end where answer(of: agent, in: gene..<gene + 1) { hasChanged = true }
      }
      first = end
    }
    return hasChanged
  }

  /// Finds an agent's best reply in some of its genes, all others as they are; whether it gains by it.
  private mutating func answer(of agent: Int, in genes: Range<Int>) -> Bool {
    var tried = [Int](repeating: 0, count: genes.count)
    var best = genes.map { choice[$0] }
    guard let present = worth(of: best, in: genes, for: agent) else { return false }
    var greatest = present
    var hasNext = true
    while hasNext {
      if tried != genes.map({ choice[$0] }) {
        guard let worth = worth(of: tried, in: genes, for: agent) else { break }
        // A gain smaller than rounding is none, so that equals cannot change places for ever.
        if worth > greatest + 1e-12 * max(1, greatest.magnitude) {
          greatest = worth
          best = tried
        }
      }
      hasNext = advance(&tried, in: genes)
    }
    for (index, gene) in genes.enumerated() {
      choice[gene] = best[index]
      problem.set(gene, to: best[index])
    }
    if greatest > present { improvements += 1 }
    return greatest > present
  }

  /// What an agent earns with some options, or nil if the budget is spent.
  private mutating func worth(of options: [Int], in genes: Range<Int>, for agent: Int) -> Double? {
    if spent == trialsPerStep { return nil }
    for (index, gene) in genes.enumerated() { problem.set(gene, to: options[index]) }
    spent += 1
    _ = problem.worth(of: problem.action)
    return problem.earned[agent]
  }

  private func advance(_ tried: inout [Int], in genes: Range<Int>) -> Bool {
    for index in tried.indices.reversed() {
      tried[index] += 1
      if tried[index] < problem.options(of: genes.lowerBound + index) { return true }
      tried[index] = 0
    }
    return false
  }
}

extension BestResponseController where Follower == IdleController<World> {
  /// Best replies in worlds like the given one, whose trials are played on by idle agents.
  public init(for world: World, trialsPerStep: Int, horizon: Int = 1, levels: Int = 5) {
    self.init(for: world, trialsPerStep, horizon, IdleController(for: world), levels, startsFromFollower: false)
  }
}

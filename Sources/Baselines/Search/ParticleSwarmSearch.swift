import Randomness

/// A particle swarm over relaxed assignments: one coordinate for each permitted option, the largest one is chosen.
///
/// v ← w v + c₁ r₁ (p − x) + c₂ r₂ (g − x), x ← x + v, with r uniform in [0, 1) per coordinate, p the particle's own
/// best place and g the swarm's, which counts as soon as it is found; |v| is limited to 1 per coordinate. Sources:
/// J. Kennedy, R. Eberhart, ICNN 1995; M. Clerc, J. Kennedy, IEEE TEVC 6 (2002) 58 for w and c.
public struct ParticleSwarmSearch: AssignmentSearch, Equatable {
  public static let name = "particle-swarm"

  /// How many particles fly.
  public var particles = 40
  /// w, what is kept of a velocity.
  public var inertia = 0.729
  /// c₁, the pull of the particle's own best place.
  public var ownPull = 1.494
  /// c₂, the pull of the swarm's best place.
  public var swarmPull = 1.494

  /// The constricted swarm: 40 particles, w 0.729, c₁ = c₂ = 1.494.
  public init() {}

  private struct Particle {
    var place: [Double]
    var velocity: [Double]
    var best: [Double]
    var bestCost: Double
  }

  public func minimize<Problem: AssignmentProblem>(
    _ problem: inout Problem, evaluations: Int, starts: [[Int]] = [], seed: UInt64
  ) -> SearchOutcome {
    precondition(particles > 0, "a swarm needs particles, not \(particles)")
    let options = PermittedOptions(problem)
    var random = RandomStream(seed: seed)
    var incumbent = Incumbent(first: options.first, budget: evaluations)
    var swarm: [Particle] = []
    var leader = 0
    let single = options.assignments == 1
    for index in 0..<(single ? 1 : max(particles, starts.count)) where !incumbent.isSpent {
      var place = (0..<options.option.count).map { _ in random.uniform() }
      let velocity = (0..<options.option.count).map { _ in random.uniform() - 0.5 }
      if index < starts.count {
        let start = options.mended(starts[index])
        for gene in start.indices { place[options.start[gene] + options.index(of: start[gene], for: gene)] = 1 }
      }
      let cost = incumbent.evaluate(decoded(place, options), in: &problem)
      swarm.append(Particle(place: place, velocity: velocity, best: place, bestCost: cost))
      if cost < swarm[leader].bestCost { leader = index }
    }
    if single { return incumbent.outcome }
    while !incumbent.isSpent {
      for index in swarm.indices where !incumbent.isSpent {
        let swarmBest = swarm[leader].best
        for axis in swarmBest.indices {
          let place = swarm[index].place[axis]
          let pull =
            ownPull * random.uniform() * (swarm[index].best[axis] - place)
            + swarmPull * random.uniform() * (swarmBest[axis] - place)
          let velocity = min(max(inertia * swarm[index].velocity[axis] + pull, -1), 1)
          swarm[index].velocity[axis] = velocity
          swarm[index].place[axis] = place + velocity
        }
        let cost = incumbent.evaluate(decoded(swarm[index].place, options), in: &problem)
        if cost < swarm[index].bestCost {
          swarm[index].bestCost = cost
          swarm[index].best = swarm[index].place
          if cost < swarm[leader].bestCost { leader = index }
        }
      }
    }
    return incumbent.outcome
  }

  /// Each gene's option with the largest coordinate, the lowest of equals.
  private func decoded(_ place: [Double], _ options: PermittedOptions) -> [Int] {
    (0..<options.genes).map { gene in
      var best = options.start[gene]
      for axis in options.start[gene]..<options.start[gene + 1] where place[axis] > place[best] { best = axis }
      return options.option[best]
    }
  }
}

public import Randomness
public import ReinforcementLearning

/// Slow adversaries hunt faster agents between obstacles.
///
/// - Agents: `adversary`, three of radius 0.075 m, 3 N, at most 1 m/s, and `agent`, one of radius 0.05 m, 4 N, at most
///   1.3 m/s; all are solid, and so are the two obstacles of radius 0.2 m.
/// - Actions: as in ``SimpleSpread``, with these forces.
/// - Observation: own velocity (m/s), own position (m), offsets of the obstacles, offsets of the others, adversaries
///   first, and the velocities of the other `agent`s.
/// - Reward: each adversary gets 10 for every pair of adversary and agent that touch; an agent loses 10 for every
///   adversary that touches it, and b(|x|) + b(|y|) for leaving the field: b(x) is 0 below 0.9, 10 (x − 0.9) below 1,
///   else min(exp(2x − 2), 10). Both conventions pay the same.
/// - Start: agents uniform in [−1, 1)², obstacles in [−0.9, 0.9)², at rest.
/// - End: never. PettingZoo's is this world `timeLimited(to: 25)`.
///
/// Source: R. Lowe et al., NeurIPS 2017 ("predator-prey"); state by state equal to mpe2's `simple_tag_v3`.
public struct SimpleTag: ParticleEnvironment {
  public typealias Batch = ParticleBatch<SimpleTag>

  /// The adversaries, then the agents.
  public let groups: [AgentGroup]
  public let setup: ParticleSetup
  public var particles: Particles
  private let reach: Double

  /// A world before its first episode.
  public init(
    adversaries: Int = 3, agents: Int = 1, obstacles: Int = 2, isContinuous: Bool = false,
    order: MotionOrder = .pettingzoo
  ) {
    let hunter = Body(radius: 0.075, push: 3, topSpeed: 1, isSolid: true)
    let prey = Body(radius: 0.05, push: 4, topSpeed: 1.3, isSolid: true)
    setup = ParticleSetup(
      groups: [(adversaries, hunter, .moves), (agents, prey, .moves)], landmarks: obstacles,
      landmark: Body(radius: 0.2, isSolid: true), isContinuous: isContinuous, order: order)
    particles = Particles(setup)
    reach = hunter.radius + prey.radius
    let preyLimit = setup.velocityLimit(of: adversaries)
    func fields(own limit: Float, preySeen: Int) -> ObservationSpace {
      ObservationSpace(
        ObservationField.velocity("velocity", upTo: limit, "own velocity")
          + ObservationField.place("position", "own position") + ObservationField.landmarks(obstacles)
          + ObservationField.others(adversaries + agents - 1)
          + (0..<preySeen).flatMap {
            ObservationField.velocity("agent_\($0)_velocity", upTo: preyLimit, "velocity of the (other) agent \($0)")
          })
    }
    groups = [
      AgentGroup(
        name: "adversary", count: adversaries,
        observation: fields(own: setup.velocityLimit(of: 0), preySeen: agents), action: setup.actionSpace(of: .moves)),
      AgentGroup(
        name: "agent", count: agents, observation: fields(own: preyLimit, preySeen: agents - 1),
        action: setup.actionSpace(of: .moves)),
    ]
  }

  @inline(__always)
  public func start(_ lane: Int, of block: inout MutableSpan<Lanes>, using stream: inout RandomStream) {
    setup.layout.placeAgents(lane, of: &block, within: 1, using: &stream)
    setup.layout.placeLandmarks(lane, of: &block, within: 0.9, using: &stream)
  }

  @inline(__always)
  public func reward(in block: borrowing Span<Lanes>, into rewards: inout MutableSpan<Lanes>) {
    let layout = setup.layout
    let hunters = setup.parts[0].count
    var touches = Lanes.zero
    for prey in hunters..<layout.agents {
      var own = Lanes.zero
      for hunter in 0..<hunters {
        let isTouching = layout.square(hunter, prey, in: block).squareRoot() .< reach
        own.replace(with: own + 1, where: isTouching)
      }
      touches += own
      rewards[prey] = -10 * own - Self.leaving(block[layout.x(prey)]) - Self.leaving(block[layout.y(prey)])
    }
    for hunter in 0..<hunters { rewards[hunter] = 10 * touches }
  }

  /// What it costs to be at a coordinate near or beyond the edge of the field.
  @inline(__always)
  private static func leaving(_ coordinate: Lanes) -> Lanes {
    let x = coordinate.replacing(with: -coordinate, where: coordinate .< 0)
    let beyond = pointwiseMin(ParticleMotion.exponential(2 * x - 2), Lanes(repeating: 10))
    return beyond.replacing(with: (x - 0.9) * 10, where: x .< 1).replacing(with: 0, where: x .< 0.9)
  }

  @inline(__always)
  public func observe(
    agent: Int, ofGroup group: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor,
    into rows: inout MutableSpan<Float>
  ) {
    let layout = setup.layout
    layout.writeVelocity(of: agent, in: block, at: &cursor, into: &rows)
    layout.writePosition(of: agent, in: block, at: &cursor, into: &rows)
    layout.writeLandmarks(seenBy: agent, in: block, at: &cursor, into: &rows)
    layout.writeOthers(seenBy: agent, in: block, at: &cursor, into: &rows)
    for prey in setup.parts[0].count..<layout.agents where prey != agent {
      layout.writeVelocity(of: prey, in: block, at: &cursor, into: &rows)
    }
  }

  /// How many pairs of adversary and agent touch now.
  public func metrics() -> [Metric] {
    let block = particles.block.span
    var touches = 0.0
    for prey in setup.parts[0].count..<setup.layout.agents {
      for hunter in 0..<setup.parts[0].count {
        if setup.layout.square(hunter, prey, in: block)[0].squareRoot() < reach { touches += 1 }
      }
    }
    return [Metric("final_touching_pairs", .ratio(touches, 1))]
  }
}

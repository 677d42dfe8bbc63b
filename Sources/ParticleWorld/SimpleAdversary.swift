public import Randomness
public import ReinforcementLearning

/// N agents cover the goal among N landmarks while hiding from an adversary which of them it is.
///
/// - Agents: `adversary`, one, and `agent`, N; nothing is solid.
/// - Actions: as in ``SimpleSpread``.
/// - Observation of an agent: offset of the goal, offsets of the landmarks, offsets of the others, the adversary first.
///   The adversary sees the same without the goal.
/// - Reward, with dₐ the adversary's distance from the goal and d the nearest agent's: the agents all get dₐ − d, the
///   adversary −dₐ (PettingZoo) or −dₐ² (original).
/// - Start: the goal is one of the landmarks, all positions uniform in [−1, 1)², at rest.
/// - End: never. PettingZoo's is this world `timeLimited(to: 25)`.
///
/// Source: R. Lowe et al., NeurIPS 2017 ("physical deception"); state by state equal to mpe2's `simple_adversary_v3`.
public struct SimpleAdversary: ParticleEnvironment {
  public typealias Batch = ParticleBatch<SimpleAdversary>

  /// The adversary, then the agents.
  public let groups: [AgentGroup]
  public let setup: ParticleSetup
  public var particles: Particles
  /// Whose rewards are paid.
  public let rewards: RewardConvention

  /// A world before its first episode, with as many landmarks as agents.
  public init(
    agents: Int = 2, rewards: RewardConvention = .pettingzoo, isContinuous: Bool = false,
    order: MotionOrder = .pettingzoo
  ) {
    let body = Body(radius: 0.15, isSolid: false)
    setup = ParticleSetup(
      groups: [(1, body, .moves), (agents, body, .moves)], landmarks: agents,
      landmark: Body(radius: 0.08, isSolid: false), isContinuous: isContinuous, order: order)
    particles = Particles(setup)
    self.rewards = rewards
    let seen = ObservationField.landmarks(agents) + ObservationField.others(agents)
    groups = [
      AgentGroup(
        name: "adversary", count: 1, observation: ObservationSpace(seen), action: setup.actionSpace(of: .moves)),
      AgentGroup(
        name: "agent", count: agents,
        observation: ObservationSpace(ObservationField.place("goal", "offset of the goal") + seen),
        action: setup.actionSpace(of: .moves)),
    ]
  }

  @inline(__always)
  public func start(_ lane: Int, of block: inout MutableSpan<Lanes>, using stream: inout RandomStream) {
    setup.layout.chooseGoal(lane, of: &block, using: &stream)
    setup.layout.placeAgents(lane, of: &block, within: 1, using: &stream)
    setup.layout.placeLandmarks(lane, of: &block, within: 1, using: &stream)
  }

  @inline(__always)
  public func reward(in block: borrowing Span<Lanes>, into rewards: inout MutableSpan<Lanes>) {
    let square = setup.layout.squareToGoal(0, in: block)
    let distance = square.squareRoot()
    rewards[0] = self.rewards == .original ? -square : -distance
    let reward = distance - nearest(in: block)
    for agent in 1..<setup.layout.agents { rewards[agent] = reward }
  }

  /// The distance of the nearest agent from the goal.
  @inline(__always)
  private func nearest(in block: borrowing Span<Lanes>) -> Lanes {
    var square = setup.layout.squareToGoal(1, in: block)
    for agent in 2..<max(2, setup.layout.agents) {
      square = pointwiseMin(square, setup.layout.squareToGoal(agent, in: block))
    }
    return square.squareRoot()
  }

  @inline(__always)
  public func observe(
    agent: Int, ofGroup group: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor,
    into rows: inout MutableSpan<Float>
  ) {
    let layout = setup.layout
    if group == 1 {
      let (x, y) = layout.goalPosition(in: block)
      cursor.write(x - block[layout.x(agent)], to: &rows)
      cursor.write(y - block[layout.y(agent)], to: &rows)
    }
    layout.writeLandmarks(seenBy: agent, in: block, at: &cursor, into: &rows)
    layout.writeOthers(seenBy: agent, in: block, at: &cursor, into: &rows)
  }

  /// How far the nearest agent and the adversary are from the goal now.
  public func metrics() -> [Metric] {
    let block = particles.block.span
    return [
      Metric("final_agent_goal_distance_m", .ratio(nearest(in: block)[0], 1)),
      Metric(
        "final_adversary_goal_distance_m", .ratio(setup.layout.squareToGoal(0, in: block)[0].squareRoot(), 1)),
    ]
  }
}

public import Randomness
public import ReinforcementLearning

/// N agents spread over as many landmarks without touching one another.
///
/// - Agents: `agent`, N of radius 0.15 m, solid.
/// - Actions: stay, or push left, right, down or up with 5 N; or five numbers from 0 to 1, of which the second is taken
///   from the third and the fourth from the fifth, times 5 N.
/// - Observation: own velocity (m/s), own position (m), offsets of the landmarks, offsets of the other agents, and two
///   zeros for each of them, whose messages the world leaves empty.
/// - Reward, with D = Σ over landmarks of the distance to the nearest agent and cᵢ the other agents that agent i
///   touches: −λ cᵢ − (1 − λ) D (PettingZoo, `local_ratio` λ = 0.5), or for every agent −Σᵢ (D + cᵢ + 1), where each
///   also touches itself (original).
/// - Start: all positions uniform in [−1, 1)², at rest.
/// - End: never. PettingZoo's is this world `timeLimited(to: 25)`.
///
/// Source: as ``ParticleEnvironment``'s bodies; state by state equal to mpe2's `simple_spread_v3`.
public struct SimpleSpread: ParticleEnvironment {
  public typealias Batch = ParticleBatch<SimpleSpread>

  /// Whose rewards are paid.
  public enum Rewards: Sendable, Equatable {
    /// The sum over all agents for each of them, an agent's touching itself included.
    case original
    /// Own touching and the common distance, weighed by a local ratio from 0 to 1.
    case pettingzoo(localRatio: Double)
  }

  /// The agents.
  public let groups: [AgentGroup]
  public let setup: ParticleSetup
  public var particles: Particles
  /// Whose rewards are paid.
  public let rewards: Rewards
  private let reach: Double

  /// A world before its first episode.
  public init(
    agents: Int = 3, rewards: Rewards = .pettingzoo(localRatio: 0.5), isContinuous: Bool = false,
    order: MotionOrder = .pettingzoo
  ) {
    if case .pettingzoo(let ratio) = rewards {
      precondition((0...1).contains(ratio), "a local ratio from 0 to 1 is needed, not \(ratio)")
    }
    let body = Body(radius: 0.15, isSolid: true)
    setup = ParticleSetup(
      groups: [(agents, body, .moves)], landmarks: agents, landmark: Body(radius: 0.05, isSolid: false),
      isContinuous: isContinuous, order: order)
    particles = Particles(setup)
    self.rewards = rewards
    reach = 2 * body.radius
    let fields =
      ObservationField.velocity("velocity", upTo: setup.velocityLimit(of: 0), "own velocity")
      + ObservationField.place("position", "own position") + ObservationField.landmarks(agents)
      + ObservationField.others(agents - 1)
      + (0..<agents - 1).flatMap { other in
        [0, 1].map { ObservationField("other_\(other)_word_\($0)", unit: "1", in: 0...0, "silent: always zero") }
      }
    groups = [
      AgentGroup(
        name: "agent", count: agents, observation: ObservationSpace(fields), action: setup.actionSpace(of: .moves))
    ]
  }

  @inline(__always)
  public func start(_ lane: Int, of block: inout MutableSpan<Lanes>, using stream: inout RandomStream) {
    setup.layout.placeAgents(lane, of: &block, within: 1, using: &stream)
    setup.layout.placeLandmarks(lane, of: &block, within: 1, using: &stream)
  }

  @inline(__always)
  public func reward(in block: borrowing Span<Lanes>, into rewards: inout MutableSpan<Lanes>) {
    let layout = setup.layout
    let agents = layout.agents
    var distance = Lanes.zero
    for landmark in 0..<layout.landmarks {
      var nearest = layout.square(0, landmark: landmark, in: block)
      for agent in 1..<max(1, agents) {
        nearest = pointwiseMin(nearest, layout.square(agent, landmark: landmark, in: block))
      }
      distance += nearest.squareRoot()
    }
    for agent in 0..<agents { rewards[agent] = .zero }
    for a in 0..<agents {
      for b in a + 1..<max(a + 1, agents) {
        let isTouching = layout.square(a, b, in: block).squareRoot() .< reach
        rewards[a].replace(with: rewards[a] - 1, where: isTouching)
        rewards[b].replace(with: rewards[b] - 1, where: isTouching)
      }
    }
    switch self.rewards {
    case .pettingzoo(let ratio):
      let common = -distance * (1 - ratio)
      for agent in 0..<agents { rewards[agent] = common + rewards[agent] * ratio }
    case .original:
      var sum = -Double(agents) * (distance + 1)
      for agent in 0..<agents { sum += rewards[agent] }
      for agent in 0..<agents { rewards[agent] = sum }
    }
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
    for _ in 0..<2 * (layout.agents - 1) { cursor.write(.zero, to: &rows) }
  }

  /// How far landmarks are from the nearest agent now, how many are covered to 0.1 m, and how many pairs touch.
  public func metrics() -> [Metric] {
    let state = physicalState
    let distances = state.landmarks.map { landmark in
      state.positions.map { position in
        let offset = position - landmark
        return (offset * offset).sum().squareRoot()
      }.min() ?? 0
    }
    var touching = 0.0
    for a in state.positions.indices {
      for b in state.positions.indices where b > a {
        let offset = state.positions[a] - state.positions[b]
        if (offset * offset).sum().squareRoot() < reach { touching += 1 }
      }
    }
    let count = Double(distances.count)
    return [
      Metric("final_landmark_distance_m", .ratio(distances.reduce(0, +), count)),
      Metric("final_landmarks_covered", .ratio(Double(distances.filter { $0 < 0.1 }.count), count)),
      Metric("final_touching_pairs", .ratio(touching, 1)),
    ]
  }
}

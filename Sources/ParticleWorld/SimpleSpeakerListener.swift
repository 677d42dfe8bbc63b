public import Randomness
public import ReinforcementLearning

/// A speaker that knows the goal tells it in one of three words to a listener that can move.
///
/// - Agents: `speaker` and `listener`, one each; nothing is solid.
/// - Actions: the speaker says one of three words, or gives a number from 0 to 1 for each; the listener stays or pushes
///   itself with 5 N as in ``SimpleSpread``.
/// - Observation of the speaker: the goal's colour, 0.65 where the place of its part is the goal's number, else 0.15.
/// - Observation of the listener: own velocity (m/s), offsets of the three landmarks (m), the words said in the step
///   before, zeros at the beginning.
/// - Reward: −d² for both (PettingZoo), or −2 d² (original: the sum over both), where d is the listener's distance
///   from the goal.
/// - Start: the goal is one of the landmarks, all positions uniform in [−1, 1)², at rest, nothing said.
/// - End: never. PettingZoo's is this world `timeLimited(to: 25)`.
///
/// Source: R. Lowe et al., NeurIPS 2017; state by state equal to mpe2's `simple_speaker_listener_v4`.
public struct SimpleSpeakerListener: ParticleEnvironment {
  public typealias Batch = ParticleBatch<SimpleSpeakerListener>

  /// The speaker, then the listener.
  public let groups: [AgentGroup]
  public let setup: ParticleSetup
  public var particles: Particles
  /// Whose rewards are paid.
  public let rewards: RewardConvention

  /// A world before its first episode.
  public init(
    rewards: RewardConvention = .pettingzoo, isContinuous: Bool = false, order: MotionOrder = .pettingzoo
  ) {
    let body = Body(radius: 0.075, isSolid: false)
    setup = ParticleSetup(
      groups: [(1, body, .speaks), (1, body, .moves)], landmarks: 3, landmark: Body(radius: 0.04, isSolid: false),
      words: 3, isContinuous: isContinuous, order: order)
    particles = Particles(setup)
    self.rewards = rewards
    let colours = ["red", "green", "blue"].map {
      ObservationField("goal_\($0)", unit: "1", in: 0.15...0.65, "\($0) part of the goal's colour")
    }
    let words = (0..<3).map {
      ObservationField("word_\($0)", unit: "1", in: 0...1, "how far word \($0) was said in the step before")
    }
    let seen =
      ObservationField.velocity("velocity", upTo: setup.velocityLimit(of: 1), "own velocity")
      + ObservationField.landmarks(3) + words
    groups = [
      AgentGroup(
        name: "speaker", count: 1, observation: ObservationSpace(colours), action: setup.actionSpace(of: .speaks)),
      AgentGroup(
        name: "listener", count: 1, observation: ObservationSpace(seen), action: setup.actionSpace(of: .moves)),
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
    let square = setup.layout.squareToGoal(1, in: block)
    let reward = self.rewards == .original ? -2 * square : -square
    rewards[0] = reward
    rewards[1] = reward
  }

  @inline(__always)
  public func observe(
    agent: Int, ofGroup group: Int, in block: borrowing Span<Lanes>, at cursor: inout RowCursor,
    into rows: inout MutableSpan<Float>
  ) {
    let layout = setup.layout
    guard group == 1 else {
      for part in 0..<3 {
        let isGoal = block[layout.goal] .== Double(part)
        cursor.write(Lanes(repeating: 0.15).replacing(with: 0.65, where: isGoal), to: &rows)
      }
      return
    }
    layout.writeVelocity(of: agent, in: block, at: &cursor, into: &rows)
    layout.writeLandmarks(seenBy: agent, in: block, at: &cursor, into: &rows)
    for word in 0..<layout.words { cursor.write(block[layout.word(word)], to: &rows) }
  }

  /// How far the listener is from the goal now.
  public func metrics() -> [Metric] {
    let square = setup.layout.squareToGoal(1, in: particles.block.span)[0]
    return [Metric("final_goal_distance_m", .ratio(square.squareRoot(), 1))]
  }
}

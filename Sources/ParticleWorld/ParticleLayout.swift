/// Four environments, one in each lane of a vector register.
public typealias Lanes = SIMD4<Double>

/// Where the numbers of four environments stand in one block of lanes.
///
/// First the agents' positions (x of all, then y of all), their velocities likewise, the landmarks' positions
/// likewise, the number of the goal, and the words last said.
public struct ParticleLayout: Sendable, Equatable {
  /// The number of agents.
  public let agents: Int
  /// The number of landmarks.
  public let landmarks: Int
  /// The number of words that can be said.
  public let words: Int

  /// Lanes in a block.
  var count: Int { goal + 1 + words }

  @inline(__always) func x(_ agent: Int) -> Int { agent }
  @inline(__always) func y(_ agent: Int) -> Int { agents + agent }
  @inline(__always) func velocityX(_ agent: Int) -> Int { 2 * agents + agent }
  @inline(__always) func velocityY(_ agent: Int) -> Int { 3 * agents + agent }
  @inline(__always) func landmarkX(_ landmark: Int) -> Int { 4 * agents + landmark }
  @inline(__always) func landmarkY(_ landmark: Int) -> Int { 4 * agents + landmarks + landmark }
  @inline(__always) var goal: Int { 4 * agents + 2 * landmarks }
  @inline(__always) func word(_ word: Int) -> Int { goal + 1 + word }
}

extension ParticleLayout {
  /// The squared distance between two agents in each lane.
  @inline(__always)
  func square(_ a: Int, _ b: Int, in block: borrowing Span<Lanes>) -> Lanes {
    let dx = block[x(a)] - block[x(b)]
    let dy = block[y(a)] - block[y(b)]
    return dx * dx + dy * dy
  }

  /// The squared distance between an agent and a landmark in each lane.
  @inline(__always)
  func square(_ agent: Int, landmark: Int, in block: borrowing Span<Lanes>) -> Lanes {
    let dx = block[x(agent)] - block[landmarkX(landmark)]
    let dy = block[y(agent)] - block[landmarkY(landmark)]
    return dx * dx + dy * dy
  }

  /// The squared distance between an agent and the goal in each lane.
  @inline(__always)
  func squareToGoal(_ agent: Int, in block: borrowing Span<Lanes>) -> Lanes {
    let (goalX, goalY) = goalPosition(in: block)
    let dx = block[x(agent)] - goalX
    let dy = block[y(agent)] - goalY
    return dx * dx + dy * dy
  }

  /// Where the goal lies in each lane.
  @inline(__always)
  func goalPosition(in block: borrowing Span<Lanes>) -> (x: Lanes, y: Lanes) {
    var (foundX, foundY) = (Lanes.zero, Lanes.zero)
    for landmark in 0..<landmarks {
      let isGoal = block[goal] .== Double(landmark)
      foundX.replace(with: block[landmarkX(landmark)], where: isGoal)
      foundY.replace(with: block[landmarkY(landmark)], where: isGoal)
    }
    return (foundX, foundY)
  }
}

import Snapshots

/// The state of one environment.
public struct ParticleState: Sendable, Equatable {
  /// The agents' positions in metres.
  public var positions: [SIMD2<Double>]
  /// The agents' velocities in metres per second.
  public var velocities: [SIMD2<Double>]
  /// The landmarks' positions in metres.
  public var landmarks: [SIMD2<Double>]
  /// The landmark that is the goal, 0 where a world has none.
  public var goal: Int
  /// What was last said, a number for each word.
  public var words: [Double]

  /// A state by its parts.
  public init(
    positions: [SIMD2<Double>], velocities: [SIMD2<Double>]? = nil, landmarks: [SIMD2<Double>], goal: Int = 0,
    words: [Double] = []
  ) {
    self.positions = positions
    self.velocities = velocities ?? [SIMD2<Double>](repeating: .zero, count: positions.count)
    self.landmarks = landmarks
    self.goal = goal
    self.words = words
  }

  /// The state in one lane of a block.
  @inline(__always)
  init(lane: Int, of block: borrowing Span<Lanes>, _ layout: ParticleLayout) {
    positions = []
    velocities = []
    landmarks = []
    for agent in 0..<layout.agents {
      positions.append(SIMD2(block[layout.x(agent)][lane], block[layout.y(agent)][lane]))
      velocities.append(SIMD2(block[layout.velocityX(agent)][lane], block[layout.velocityY(agent)][lane]))
    }
    for landmark in 0..<layout.landmarks {
      landmarks.append(SIMD2(block[layout.landmarkX(landmark)][lane], block[layout.landmarkY(landmark)][lane]))
    }
    goal = Int(block[layout.goal][lane])
    words = []
    for word in 0..<layout.words { words.append(block[layout.word(word)][lane]) }
  }

  func fits(_ layout: ParticleLayout) -> Bool {
    positions.count == layout.agents && velocities.count == layout.agents && landmarks.count == layout.landmarks
      && words.count == layout.words
  }

  /// Writes the state to one lane of a block.
  @inline(__always)
  func write(to lane: Int, of block: inout MutableSpan<Lanes>, _ layout: ParticleLayout) {
    for agent in 0..<layout.agents {
      block[layout.x(agent)][lane] = positions[agent].x
      block[layout.y(agent)][lane] = positions[agent].y
      block[layout.velocityX(agent)][lane] = velocities[agent].x
      block[layout.velocityY(agent)][lane] = velocities[agent].y
    }
    for landmark in 0..<layout.landmarks {
      block[layout.landmarkX(landmark)][lane] = landmarks[landmark].x
      block[layout.landmarkY(landmark)][lane] = landmarks[landmark].y
    }
    block[layout.goal][lane] = Double(goal)
    for word in 0..<layout.words { block[layout.word(word)][lane] = words[word] }
  }
}

extension ParticleState {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("positions", positions.flatMap { [$0.x, $0.y] }, shape: [positions.count, 2])
    snapshot.set("velocities", velocities.flatMap { [$0.x, $0.y] }, shape: [velocities.count, 2])
    snapshot.set("landmarks", landmarks.flatMap { [$0.x, $0.y] }, shape: [landmarks.count, 2])
    snapshot.set("goal", integer: goal)
    snapshot.set("words", words)
    return snapshot
  }

  init(from snapshot: Snapshot, _ layout: ParticleLayout) throws(SnapshotError) {
    let goal = try snapshot.integer("goal")
    guard (0..<max(1, layout.landmarks)).contains(goal) else {
      throw snapshot.mismatch("goal", expected: "one of \(layout.landmarks) landmarks", found: "\(goal)")
    }
    self.init(
      positions: Self.points(try snapshot.doubles("positions", count: 2 * layout.agents)),
      velocities: Self.points(try snapshot.doubles("velocities", count: 2 * layout.agents)),
      landmarks: Self.points(try snapshot.doubles("landmarks", count: 2 * layout.landmarks)), goal: goal,
      words: try snapshot.doubles("words", count: layout.words))
  }

  private static func points(_ values: [Double]) -> [SIMD2<Double>] {
    stride(from: 0, to: values.count, by: 2).map { SIMD2(values[$0], values[$0 + 1]) }
  }
}

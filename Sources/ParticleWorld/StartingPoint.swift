import Randomness

extension ParticleLayout {
  /// Puts the agents of a lane at points uniform in [−bound, bound)².
  @inline(__always)
  func placeAgents(
    _ lane: Int, of block: inout MutableSpan<Lanes>, within bound: Double, using stream: inout RandomStream
  ) {
    for agent in 0..<agents {
      block[x(agent)][lane] = stream.uniform(in: -bound..<bound)
      block[y(agent)][lane] = stream.uniform(in: -bound..<bound)
    }
  }

  /// Puts the landmarks of a lane at points uniform in [−bound, bound)².
  @inline(__always)
  func placeLandmarks(
    _ lane: Int, of block: inout MutableSpan<Lanes>, within bound: Double, using stream: inout RandomStream
  ) {
    for landmark in 0..<landmarks {
      block[landmarkX(landmark)][lane] = stream.uniform(in: -bound..<bound)
      block[landmarkY(landmark)][lane] = stream.uniform(in: -bound..<bound)
    }
  }

  /// Draws which landmark is the goal of a lane.
  @inline(__always)
  func chooseGoal(_ lane: Int, of block: inout MutableSpan<Lanes>, using stream: inout RandomStream) {
    block[goal][lane] = Double(stream.integer(below: landmarks))
  }
}

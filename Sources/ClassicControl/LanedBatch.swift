public import ReinforcementLearning

/// A batch of four environments to a vector register.
public struct LanedBatch<World: LanedEnvironment>: EnvironmentBatch {
  private var motions: [World.Motion]
  private let start: World
  public let count: Int

  public init(_ world: World, count: Int) {
    start = world
    self.count = count
    motions = [World.Motion](repeating: world.motion, count: (count + 3) / 4)
  }

  public subscript(index: Int) -> World {
    get {
      var world = start
      world.take(index % 4, of: motions[index / 4])
      return world
    }
    set { motions[index / 4].replace(index % 4, by: newValue.motion) }
  }

  @specialized(where World == CartPole)
  @specialized(where World == Acrobot)
  @specialized(where World == MountainCar)
  @specialized(where World == Pendulum)
  public mutating func step(_ frame: inout VectorFrame) {
    Self.step(&motions, &frame.groups[0], over: &frame.episodeOver)
    Self.observe(motions, into: &frame.groups[0].nextObservations)
    frame.groups[0].forgetTruncated()
  }

  @inline(__always)
  private static func step(
    _ motions: inout [World.Motion], _ group: inout VectorFrame.Group, over: inout [Bool]
  ) {
    let choices = group.actions
    let torques = group.continuousActions
    step(
      &motions, choices.span, torques.span, rewards: &group.rewards, terminated: &group.terminated, over: &over)
  }

  @inline(__always)
  private static func step(
    _ motions: inout [World.Motion], _ choices: Span<Int32>, _ torques: Span<Float>, rewards: inout [Double],
    terminated: inout [Bool], over: inout [Bool]
  ) {
    let count = rewards.count
    var motions = motions.mutableSpan
    var rewards = rewards.mutableSpan
    var terminated = terminated.mutableSpan
    var over = over.mutableSpan
    precondition(World.Motion.isContinuous ? torques.count == count : choices.count == count)
    precondition(motions.count == (count + 3) / 4 && terminated.count == count && over.count == count)
    for block in 0..<count / 4 {
      let row = 4 * block
      let actions =
        World.Motion.isContinuous
        ? Lanes(SIMD4(torques[row], torques[row + 1], torques[row + 2], torques[row + 3]))
        : Lanes(SIMD4(choices[row], choices[row + 1], choices[row + 2], choices[row + 3]))
      let (reward, ended) = motions[block].move(actions)
      for lane in 0..<4 {
        rewards[row + lane] = reward[lane]
        terminated[row + lane] = ended[lane]
        over[row + lane] = ended[lane]
      }
    }
    guard count % 4 > 0 else { return }
    var actions = Lanes.zero
    for row in count - count % 4..<count {
      actions[row % 4] = World.Motion.isContinuous ? Double(torques[row]) : Double(choices[row])
    }
    let (reward, ended) = motions[count / 4].move(actions)
    for row in count - count % 4..<count {
      rewards[row] = reward[row % 4]
      terminated[row] = ended[row % 4]
      over[row] = ended[row % 4]
    }
  }

  @inline(__always)
  private static func observe(_ motions: [World.Motion], into observations: inout [Float]) {
    let size = 4 * World.Motion.width
    let motions = motions.span
    var values = observations.mutableSpan
    let blocks = values.count / size
    precondition(blocks <= motions.count)
    for block in 0..<blocks {
      var rows = values._mutatingExtracting(block * size..<(block + 1) * size)
      motions[block].observe(into: &rows)
    }
    if values.count > blocks * size {
      var room = InlineArray<32, Float>(repeating: 0)
      var last = room.mutableSpan
      var rows = last._mutatingExtracting(0..<size)
      motions[blocks].observe(into: &rows)
      for index in blocks * size..<values.count { values[index] = rows[index - blocks * size] }
    }
  }

  @specialized(where World == CartPole)
  @specialized(where World == Acrobot)
  @specialized(where World == MountainCar)
  @specialized(where World == Pendulum)
  public mutating func reset(_ indices: Span<Int>, seeds: Span<UInt64>, in frame: inout VectorFrame) {
    Self.reset(&motions, start, indices, seeds, &frame.groups[0])
  }

  @inline(__always)
  private static func reset(
    _ motions: inout [World.Motion], _ start: World, _ indices: Span<Int>, _ seeds: Span<UInt64>,
    _ group: inout VectorFrame.Group
  ) {
    reset(&motions, start, indices, seeds, observations: &group.observations, active: &group.active)
  }

  @inline(__always)
  private static func reset(
    _ motions: inout [World.Motion], _ start: World, _ indices: Span<Int>, _ seeds: Span<UInt64>,
    observations: inout [Float], active: inout [Bool]
  ) {
    let width = World.Motion.width
    var motions = motions.mutableSpan
    var observations = observations.mutableSpan
    var active = active.mutableSpan
    var world = start
    for place in 0..<indices.count {
      let index = indices[place]
      world.reset(seed: seeds[place])
      motions[index / 4].replace(index % 4, by: world.motion)
      var values = observations._mutatingExtracting(index * width..<(index + 1) * width)
      world.observe(group: 0, into: &values)
      active[index] = true
    }
  }

  /// The one agent is always there.
  public func writeActive(in frame: inout VectorFrame) {}
}

extension VectorFrame.Group {
  fileprivate mutating func forgetTruncated() {
    var flags = truncated.mutableSpan
    for row in 0..<flags.count { flags[row] = false }
  }
}

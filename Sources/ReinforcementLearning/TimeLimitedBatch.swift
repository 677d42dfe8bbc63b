/// A batch of the world inside a time limit, with the step at which each episode began.
///
/// One clock serves all; episodes are looked at only in steps in which one of them may reach the limit.
public struct TimeLimitedBatch<Inner: Environment>: EnvironmentBatch {
  public typealias World = TimeLimited<Inner>

  private var worlds: Inner.Batch
  private let limit: Int
  /// Steps of the whole batch.
  private var clock = 0
  /// Where the clock stood when each episode began.
  private var starts: [Int]
  /// No episode reaches its limit before this step.
  private var nextCut: Int

  public init(_ world: TimeLimited<Inner>, count: Int) {
    worlds = Inner.Batch(world.world, count: count)
    limit = world.limit
    starts = [Int](repeating: -world.elapsed, count: count)
    nextCut = limit - world.elapsed
  }

  public var count: Int { starts.count }

  public subscript(index: Int) -> TimeLimited<Inner> {
    get { TimeLimited(worlds[index], limit: limit, elapsed: clock - starts[index]) }
    set {
      precondition(newValue.limit == limit, "a limit of \(newValue.limit) steps in a batch with \(limit)")
      worlds[index] = newValue.world
      starts[index] = clock - newValue.elapsed
      nextCut = min(nextCut, starts[index] + limit)
    }
  }

  public mutating func step(_ frame: inout VectorFrame) {
    worlds.step(&frame)
    clock += 1
    if clock >= nextCut { cut(&frame) }
  }

  private mutating func cut(_ frame: inout VectorFrame) {
    var first = Int.max
    for index in 0..<starts.count {
      first = min(first, starts[index])
      if clock - starts[index] >= limit, !frame.episodeOver[index] { frame.truncate(index) }
    }
    nextCut = first + limit
  }

  public mutating func reset(_ indices: Span<Int>, seeds: Span<UInt64>, in frame: inout VectorFrame) {
    worlds.reset(indices, seeds: seeds, in: &frame)
    for place in 0..<indices.count { starts[indices[place]] = clock }
  }

  public mutating func writeActive(in frame: inout VectorFrame) { worlds.writeActive(in: &frame) }
}

extension VectorFrame {
  /// Ends an environment's episode and cuts short the trajectories of those who were there and did not end.
  fileprivate mutating func truncate(_ index: Int) {
    episodeOver[index] = true
    for group in 0..<groups.count {
      let slots = groups[group].group.count
      for row in index * slots..<(index + 1) * slots where groups[group].active[row] && !groups[group].terminated[row] {
        groups[group].truncated[row] = true
      }
    }
  }
}

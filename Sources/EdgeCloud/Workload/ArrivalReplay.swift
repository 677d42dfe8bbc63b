public import Randomness
public import Traces

/// A recorded stream of arrivals, replayed in a ring from a random moment.
///
/// After the last arrival and one mean gap the recording begins again, so that the ring has the recording's mean rate.
/// Where an episode begins in it is a function of (world, stream): two streams that replay one recording are shifted
/// against each other, and the same under every policy.
public struct ArrivalReplay: Sendable, Equatable {
  /// When tasks arrive, in seconds since the first, not falling; the first is 0.
  public let times_s: [Double]
  /// The length of the ring: the span of the recording and a mean gap.
  public let period_s: Double

  /// A replay of times, each divided by `speed`; nil if they are fewer than two, fall, or do not span any time.
  public init?(times_s: [Double], speed: Double = 1) {
    precondition(speed > 0 && speed.isFinite, "a replay runs at a positive speed, not \(speed)")
    guard times_s.count >= 2, let first = times_s.first, let last = times_s.last, last > first, last.isFinite,
      zip(times_s, times_s.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    self.times_s = times_s.map { ($0 - first) / speed }
    let span = (last - first) / speed
    period_s = span + span / Double(times_s.count - 1)
  }

  /// A replay of a log.
  public init?(_ log: ArrivalLog, speed: Double = 1) { self.init(times_s: log.times_s, speed: speed) }

  /// Arrivals per second in the long run.
  public var meanRate_Hz: Double { Double(times_s.count) / period_s }

  /// Where in the ring a stream's episode begins, uniform over the ring.
  public func start_s(in world: WorldDraws, entity: UInt64) -> Double {
    period_s * world.uniform(.replayStart, entity: entity)
  }

  /// The first arrival not before a place of the ring; as many as there are if all are before it. O(log n).
  private func firstIndex(from place_s: Double) -> Int {
    var low = 0
    var high = times_s.count
    while low < high {
      let middle = (low + high) / 2
      if times_s[middle] < place_s { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Tells the arrivals in [begin, end), times of an episode that began at a place of the ring: when each arrives in the
  /// episode, and its row in the recording. O(log n + arrivals); neighbouring intervals have every arrival once.
  public func forEach(from begin_s: Double, to end_s: Double, start_s: Double, _ tell: (Double, Int) -> Void) {
    precondition(begin_s >= 0 && start_s >= 0, "an episode begins at 0 s, not before \(begin_s) s or \(start_s) s")
    var round = ((start_s + begin_s) / period_s).rounded(.down)
    var row = firstIndex(from: start_s + begin_s - round * period_s)
    // Rounding may have taken the place to the wrong side of an arrival.
    while row > 0, round * period_s + times_s[row - 1] - start_s >= begin_s { row -= 1 }
    while true {
      if row == times_s.count {
        row = 0
        round += 1
      }
      let time = round * period_s + times_s[row] - start_s
      if time >= end_s { return }
      if time >= begin_s { tell(time, row) }
      row += 1
    }
  }
}

public import Randomness
public import Traces

/// Recorded movements, replayed from a random moment inside a window.
///
/// Times are those of the trace. Positions between two samples are interpolated linearly; the antenna stands
/// `setback_m` behind the front bumper, which is what SUMO records, along the heading where the trace has one.
public struct TraceReplay: Sendable {
  /// The part of the recording in which episodes are played, in the trace's own time.
  public let window_s: ClosedRange<Double>
  /// The smallest rectangle around all recorded positions, inside the window or not.
  public let bounds: FloatingCarTrace.Bounds
  private let stays: [FloatingCarTrace.Trajectory]
  /// From when to when each stay lasts.
  private let presences_s: [ClosedRange<Double>]
  /// The vehicle's number for each stay, the same when it returns.
  private let entities: [UInt64]
  private let setback_m: Double
  private let lastSample_s: Double

  /// The replay of a trace between two times; nil if less than a step of it lies in the window.
  public init?(_ trace: FloatingCarTrace, begin_s: Double, end_s: Double, setback_m: Double, step_s: Double) {
    guard let first = trace.timesteps.first, let last = trace.timesteps.last else { return nil }
    let begin = max(begin_s, first)
    let end = min(end_s, last)
    guard end - begin >= step_s * (1 - 1e-9) else { return nil }
    window_s = begin...end
    bounds = trace.bounds
    self.setback_m = setback_m
    lastSample_s = last
    var numbers: [String: UInt64] = [:]
    var stays: [FloatingCarTrace.Trajectory] = []
    var entities: [UInt64] = []
    for stay in trace.trajectories {
      let number = numbers[stay.id, default: UInt64(numbers.count)]
      numbers[stay.id] = number
      if stay.interval.overlaps(begin...end) {
        stays.append(stay)
        entities.append(number)
      }
    }
    self.stays = stays
    presences_s = stays.map(\.interval)
    self.entities = entities
  }

  /// The steps that an episode can have: `steps`, or as many as the window holds.
  public func episodeSteps(_ steps: Int, interval_s: Double) -> Int {
    Int(min(Double(steps), (window_s.upperBound - window_s.lowerBound) / interval_s + 1e-9))
  }

  /// When an episode begins, in the trace's time: uniform over the starts that fit into the window.
  public func start_s(world: WorldDraws, steps: Int, interval_s: Double) -> Double {
    let room = max(0, window_s.upperBound - window_s.lowerBound - Double(steps) * interval_s)
    return window_s.lowerBound + room * world.uniform(.traceStart, entity: 0)
  }

  /// The movements of an episode of `steps` that begins at `start_s` and of up to `lookahead` steps more, as far as
  /// the recording goes. Who is present at the last instant has no departure.
  public func plan(
    start_s: Double, slots: Int, steps: Int, interval_s: Double, lookahead: Int = 0
  ) -> MobilityPlan {
    let recorded = (lastSample_s - start_s) / interval_s + 1e-9
    let last = max(steps, Int(min(Double(steps + lookahead), recorded)))
    let times = (0...last).map { min(start_s + Double($0) * interval_s, lastSample_s) }
    let passages = stays.indices.filter { presences_s[$0].overlaps(start_s...max(start_s, times[last])) }
      .map { passage($0, at: times) }
    var builder = MobilityPlan.Builder(slots: slots, interval_s: interval_s, instants: last + 1)
    var present: [MobilityPlan.Vehicle] = []
    for instant in 0...last {
      present.removeAll(keepingCapacity: true)
      for passage in passages where passage.instants.contains(instant) {
        present.append(passage.places[instant - passage.instants.lowerBound])
      }
      builder.add(present)
    }
    return builder.finish()
  }

  /// A stay as it is seen at instants.
  private struct Passage {
    let instants: Range<Int>
    let places: [MobilityPlan.Vehicle]
  }

  private func passage(_ index: Int, at times: [Double]) -> Passage {
    let stay = stays[index]
    let first = times.firstIndex { $0 >= presences_s[index].lowerBound } ?? times.count
    let seen = times[first...].prefix { $0 <= presences_s[index].upperBound }
    return Passage(
      instants: seen.indices,
      places: seen.map { time in
        let position = stay.position(at: time, behind: setback_m)
        return MobilityPlan.Vehicle(
          entity: entities[index], x_m: position.x, y_m: position.y, speed_mps: stay.speed(at: time))
      })
  }
}

extension WorldDraws.Purpose {
  /// The moment at which an episode on a trace begins.
  public static let traceStart = WorldDraws.Purpose(rawValue: 0x106)
  /// What a vehicle's computer can do; entity: the vehicle.
  public static let deviceSpeed = WorldDraws.Purpose(rawValue: 0x107)
}

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
  /// The vehicle's number for each stay, the same when it returns.
  private let entities: [UInt64]
  private let setback_m: Double
  private let lastSample_s: Double

  /// The replay of a trace between two times; nil if less than a step of it lies in the window.
  public init?(_ trace: FloatingCarTrace, begin_s: Double, end_s: Double, setback_m: Double, step_s: Double) {
    guard let first = trace.timesteps.first, let last = trace.timesteps.last else { return nil }
    let begin = max(begin_s, first)
    let end = min(end_s, last)
    guard end - begin >= step_s else { return nil }
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
    self.entities = entities
  }

  /// The steps that an episode can have: `steps`, or as many as the window holds.
  public func episodeSteps(_ steps: Int, interval_s: Double) -> Int {
    min(steps, Int((window_s.upperBound - window_s.lowerBound) / interval_s + 1e-9))
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
    let recorded = Int((lastSample_s - start_s) / interval_s + 1e-9)
    let last = max(steps, min(steps + lookahead, recorded))
    var builder = MobilityPlan.Builder(slots: slots, interval_s: interval_s, instants: last + 1)
    var present: [MobilityPlan.Vehicle] = []
    let end = start_s + Double(last) * interval_s
    let relevant = stays.indices.filter { stays[$0].interval.overlaps(start_s...end) }
    for instant in 0...last {
      let time = start_s + Double(instant) * interval_s
      present.removeAll(keepingCapacity: true)
      for index in relevant where stays[index].interval.contains(time) {
        let position = stays[index].position(at: time, behind: setback_m)
        present.append(
          MobilityPlan.Vehicle(
            entity: entities[index], x_m: position.x, y_m: position.y, speed_mps: stays[index].speed(at: time)))
      }
      builder.add(present)
    }
    return builder.finish()
  }
}

extension WorldDraws.Purpose {
  /// The moment at which an episode on a trace begins.
  public static let traceStart = WorldDraws.Purpose(rawValue: 0x106)
  /// What a vehicle's computer can do; entity: the vehicle.
  public static let deviceSpeed = WorldDraws.Purpose(rawValue: 0x107)
}

import Glibc

/// Messages of one size at equal intervals, of a service that survives a number of losses in a row.
///
/// The named flows are TS 22.104's; message sizes and survival times of motion control, control-to-control and
/// process automation are preset choices after its Tables 5.2-1 and A.2, as are sizes where it gives a range.
public struct PeriodicTraffic: Sendable, Equatable {
  /// The transfer interval.
  public let interval_s: Double
  /// One message.
  public let bits: Double
  /// The survival time in intervals.
  public let survival: SurvivalTime

  /// A flow by its interval, message and survival time.
  public init(interval: Seconds, message: Bits, survivalIntervals: Int) {
    precondition(
      interval.value > 0 && message.value > 0,
      "a flow needs an interval and a message, not \(interval.value) s and \(message.value) bit")
    interval_s = interval.value
    bits = message.value
    survival = SurvivalTime(intervals: survivalIntervals)
  }

  /// Motion control #1 (A.2.2.1): 50 B every 500 µs.
  public static let motionControl1 = PeriodicTraffic(
    interval: Seconds(500e-6), message: Bits(400), survivalIntervals: 1)
  /// Motion control #2 (A.2.2.1): 40 B every 1 ms.
  public static let motionControl2 = PeriodicTraffic(interval: Seconds(1e-3), message: Bits(320), survivalIntervals: 1)
  /// Motion control #3 (A.2.2.1): 20 B every 2 ms.
  public static let motionControl3 = PeriodicTraffic(interval: Seconds(2e-3), message: Bits(160), survivalIntervals: 1)
  /// Mobile robots (A.2.2.3): 100 B every 10 ms.
  public static let mobileRobot = PeriodicTraffic(interval: Seconds(10e-3), message: Bits(800), survivalIntervals: 1)
  /// Control to control (A.2.2.2): 1 kB every 10 ms.
  public static let controlToControl = PeriodicTraffic(
    interval: Seconds(10e-3), message: Bits(8000), survivalIntervals: 1)
  /// Closed-loop process automation (A.2.3.1): 20 B every 10 ms, up to three losses in a row.
  public static let closedLoop = PeriodicTraffic(interval: Seconds(10e-3), message: Bits(160), survivalIntervals: 3)
  /// Process monitoring (A.2.3.2): 100 B every 100 ms, up to three losses in a row.
  public static let processMonitoring = PeriodicTraffic(
    interval: Seconds(0.1), message: Bits(800), survivalIntervals: 3)

  /// The mean rate.
  public var rate_bps: Double { bits / interval_s }

  /// How often messages fall into steps of a length: so many in every step, or one in so many steps; the other is 0.
  /// Nil where neither is a whole number to one part in a million.
  public func rhythm(step: Seconds) -> (messagesPerStep: Int, stepsPerMessage: Int)? {
    let ratio = step.value / interval_s
    let messages = ratio.rounded()
    let steps = (1 / ratio).rounded()
    if messages >= 1, messages < 1e9, (ratio - messages).magnitude < 1e-6 * ratio { return (Int(messages), 0) }
    if steps >= 1, steps < 1e9, (1 / ratio - steps).magnitude < 1e-6 / ratio { return (0, Int(steps)) }
    return nil
  }
}

extension PeriodicTraffic {
  /// The flows of TS 22.104 by the names that files use.
  public enum Preset: String, Sendable, CaseIterable {
    case motionControl1 = "motion-control-1"
    case motionControl2 = "motion-control-2"
    case motionControl3 = "motion-control-3"
    case mobileRobot = "mobile-robot"
    case controlToControl = "control-to-control"
    case closedLoop = "closed-loop"
    case processMonitoring = "process-monitoring"

    /// The flow.
    public var traffic: PeriodicTraffic {
      switch self {
      case .motionControl1: .motionControl1
      case .motionControl2: .motionControl2
      case .motionControl3: .motionControl3
      case .mobileRobot: .mobileRobot
      case .controlToControl: .controlToControl
      case .closedLoop: .closedLoop
      case .processMonitoring: .processMonitoring
      }
    }
  }
}

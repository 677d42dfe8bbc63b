import Glibc

/// How long a periodic service outlives the loss of its messages.
///
/// The application goes on for n transfer intervals without a message; with the (n + 1)-th loss in a row the service
/// is down, and it is up again with the next message that arrives. Source: TS 22.104 clause 3.1 (survival time) and
/// Annex C (availability).
///
/// The whole state is the length of the present run of losses. With independent losses of probability p the run is
/// geometric (a renewal process), so that in the long run the service is down after a share p^(n+1) of the transfers,
/// and outages begin at the rate p^(n+1) (1 − p) per transfer.
public struct SurvivalTime: Sendable, Equatable {
  /// n: the losses in a row that do no harm.
  public let intervals: Int

  /// A service that outlives so many losses in a row.
  public init(intervals: Int) {
    precondition(intervals >= 0, "a survival time is not negative, as \(intervals) intervals would be")
    self.intervals = intervals
  }

  /// The run of losses after one more transfer.
  @inlinable
  public func run(after run: Int32, isLost: Bool) -> Int32 { isLost ? min(run, Int32.max - 1) + 1 : 0 }

  /// Whether the service is down after a run of losses.
  @inlinable
  public func isDown(run: Int32) -> Bool { Int(run) > intervals }

  /// Whether an outage has just begun with the run's last loss.
  @inlinable
  public func begins(run: Int32) -> Bool { Int(run) == intervals + 1 }

  /// The outages that begin per transfer in the long run, p^(n+1) (1 − p), if losses are independent.
  public func outageRate(lossProbability p: Double) -> Double { pow(p, Double(intervals + 1)) * (1 - p) }

  /// The share of transfers after which the service is up in the long run, 1 − p^(n+1), if losses are independent.
  public func availability(lossProbability p: Double) -> Double { 1 - pow(p, Double(intervals + 1)) }
}

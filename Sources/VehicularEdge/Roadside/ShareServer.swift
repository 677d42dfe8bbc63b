import Glibc

/// A processor that works on batches: what comes in one slot shares it by the square root of the work.
///
/// Of a batch each task k has the constant share f_k = F √C_k / Σ_j √C_j, which makes Σ C_k/f_k least if all begin
/// together (Cauchy and Schwarz). Nobody of a batch begins before everybody of the one before has ended, so that the
/// shares in use never add up to more than F.
struct ShareServer: Sendable, Equatable {
  /// When the last batch ends.
  private(set) var freeAt_s = 0.0

  init() {}

  /// The server whose ``freeAt_s`` was saved.
  init(freeAt_s: Double) { self.freeAt_s = freeAt_s }

  /// When a task that arrives at a time can begin at the earliest.
  func start_s(arrival_s: Double) -> Double { max(arrival_s, freeAt_s) }

  /// How long a task that arrives at a time waits.
  func backlog_s(at time_s: Double) -> Double { max(0, freeAt_s - time_s) }

  /// Closes a batch whose last task ends at a time.
  mutating func close(at end_s: Double) { freeAt_s = max(freeAt_s, end_s) }

  /// The share of a task in a batch.
  static func clock_Hz(cycles: Double, rootSum: Double, full_Hz: Double) -> Double {
    full_Hz * (cycles.squareRoot() / rootSum)
  }
}

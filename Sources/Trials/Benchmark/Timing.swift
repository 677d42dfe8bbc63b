import Glibc

/// Repeated timed blocks of one piece of work.
///
/// The number of pieces in a block is found first, so that a block takes about `seconds`; then the blocks follow one
/// another. The median says more than the mean on a shared machine, and the spread is shown beside it.
public struct Timing: Sendable, Equatable {
  /// Seconds for one piece of work, a figure for each block, in ascending order.
  public let samples: [Double]

  /// The middle of the samples.
  public var median: Double { samples[samples.count / 2] }
  /// The fastest block.
  public var fastest: Double { samples[0] }
  /// The slowest block.
  public var slowest: Double { samples[samples.count - 1] }

  /// Times `work`, which does as many pieces as it is told.
  ///
  /// - Parameters:
  ///   - seconds: about how long a block takes.
  ///   - repeats: the number of blocks.
  public init(seconds: Double, repeats: Int, _ work: (Int) -> Void) {
    var pieces = 1
    var elapsed = Self.time(pieces, work)
    while elapsed < seconds / 4 {
      pieces = max(pieces + 1, Int(Double(pieces) * min(10, seconds / 3 / max(elapsed, 1e-9))))
      elapsed = Self.time(pieces, work)
    }
    pieces = max(1, Int(Double(pieces) * seconds / elapsed))
    samples = (0..<max(1, repeats)).map { _ in Self.time(pieces, work) / Double(pieces) }.sorted()
  }

  /// Times two pieces of work by turns, so that both meet the same moods of the machine.
  ///
  /// - Returns: both timings, and the median of the ratios first / second of neighbouring blocks.
  public static func paired(
    seconds: Double, repeats: Int, _ first: (Int) -> Void, _ second: (Int) -> Void
  ) -> (first: Timing, second: Timing, ratio: Double) {
    func pieces(_ work: (Int) -> Void) -> Int {
      max(1, Int(seconds / Timing(seconds: seconds / 4, repeats: 1, work).median))
    }
    let counts = (pieces(first), pieces(second))
    var samples: [[Double]] = [[], []]
    var ratios: [Double] = []
    for _ in 0..<max(1, repeats) {
      samples[0].append(time(counts.0, first) / Double(counts.0))
      samples[1].append(time(counts.1, second) / Double(counts.1))
      ratios.append(samples[0][samples[0].count - 1] / samples[1][samples[1].count - 1])
    }
    return (
      Timing(samples: samples[0].sorted()), Timing(samples: samples[1].sorted()), ratios.sorted()[ratios.count / 2]
    )
  }

  private init(samples: [Double]) { self.samples = samples }

  private static func time(_ pieces: Int, _ work: (Int) -> Void) -> Double {
    let start = now()
    work(pieces)
    return max(now() - start, 1e-9)
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

import Synchronization
import Trials

/// Progress of a training with speed and time left: one line redrawn on a terminal, one line a selection elsewhere.
final class ProgressDisplay: Sendable {
  private struct State {
    var progress: [UInt64: TrainingProgress] = [:]
    var isDrawn = false
    var drawnAt: ContinuousClock.Instant?
  }

  private let seeds: Int
  private let steps: Int
  private let isQuiet: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(seeds: Int, steps: Int, isQuiet: Bool) {
    self.seeds = seeds
    self.steps = steps
    self.isQuiet = isQuiet
  }

  func show(_ progress: TrainingProgress) {
    if isQuiet { return }
    state.withLock { state in
      state.progress[progress.seed] = progress
      if Console.isTerminal {
        let now = ContinuousClock.now
        if let drawnAt = state.drawnAt, now - drawnAt < .milliseconds(100) { return }
        state.drawnAt = now
        state.isDrawn = true
        Console.redraw(line(state.progress))
      } else if progress.isSelection {
        let best = progress.bestReturn.map { " best \(short($0))" } ?? ""
        let last = progress.lastReturn.map { " return \(short($0))" } ?? ""
        Console.note(
          "seed \(progress.seed): step \(progress.step) of \(progress.steps)\(last)\(best), "
            + speed(state.progress).text)
      }
    }
  }

  func finish() {
    state.withLock { state in
      if state.isDrawn {
        Console.redraw(line(state.progress))
        Console.note("")
        state.isDrawn = false
      }
    }
  }

  private func line(_ progress: [UInt64: TrainingProgress]) -> String {
    let done = progress.values.reduce(0) { $0 + $1.step }
    let all = seeds * steps
    let filled = all == 0 ? 0 : 24 * done / all
    let bar =
      String(repeating: "█", count: min(filled, 24)) + String(repeating: "░", count: max(0, 24 - filled))
    let best = progress.values.compactMap(\.bestReturn)
    let mean = best.isEmpty ? "" : "  best \(short(best.reduce(0, +) / Double(best.count)))"
    let finished = progress.values.count { $0.step >= $0.steps }
    let seedText = seeds > 1 ? "  \(finished)/\(seeds) seeds" : ""
    return "\(bar) \(done)/\(all) steps\(seedText)\(mean)  \(speed(progress).text)"
  }

  private func speed(_ progress: [UInt64: TrainingProgress]) -> (perSecond: Double, text: String) {
    let made = progress.values.reduce(0) { $0 + $1.step - $1.firstStep }
    let known = progress.values.reduce(0) { $0 + $1.step }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let rate = elapsed > 0 ? Double(made) / elapsed : 0
    let left = rate > 0 ? Double(seeds * steps - known) / rate : 0
    return (rate, "\(Int(rate.rounded())) steps/s, \(clock(left)) left")
  }

  private func clock(_ seconds: Double) -> String {
    let total = Int(seconds.rounded(.up))
    let tail = "\(two(total / 60 % 60)):\(two(total % 60))"
    return total >= 3600 ? "\(total / 3600):\(tail)" : tail
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

import Agents
import Randomness
import Snapshots
import Testing

@Suite struct OrnsteinUhlenbeckTests {
  @Test func `a step is x − θ·x·dt + σ·√dt·N(0, 1), for each number of each row by itself`() {
    var process = OrnsteinUhlenbeck(theta: 0.15, dt: 0.25, rows: 2, numbers: 2)
    var (stream, twin) = (RandomStream(seed: 1), RandomStream(seed: 1))
    var wanted = [0.0, 0, 0, 0]
    for _ in 0..<50 {
      for place in [0, 3] {
        let found = process.next(row: place / 2, number: place % 2, deviation: 0.2, using: &stream)
        wanted[place] += -0.15 * wanted[place] * 0.25 + 0.2 * 0.5 * twin.normal()
        #expect(abs(Double(found) - wanted[place]) < 1e-6)
      }
    }
    #expect(process.values[1] == 0 && process.values[2] == 0)
  }

  /// The recurrence x ← (1 − θ dt) x + σ √dt n has the variance σ² dt / (1 − (1 − θ dt)²) and the autocorrelation
  /// (1 − θ dt)ᵏ after k steps.
  @Test(arguments: [(0.15, 1.0), (0.5, 0.1), (1, 0.01)])
  func `its deviation and its memory are those of the recurrence`(theta: Double, dt: Double) {
    let rows = 4000
    var process = OrnsteinUhlenbeck(theta: theta, dt: dt, rows: rows, numbers: 1)
    var stream = RandomStream(seed: 2)
    let keeps = 1 - theta * dt
    let settling = Int(6 / (theta * dt))
    for _ in 0..<settling {
      for row in 0..<rows { _ = process.next(row: row, number: 0, deviation: 0.3, using: &stream) }
    }
    let first = process.values
    let lag = max(1, Int(0.5 / (theta * dt)))
    for _ in 0..<lag {
      for row in 0..<rows { _ = process.next(row: row, number: 0, deviation: 0.3, using: &stream) }
    }
    let variance = 0.09 * dt / (1 - keeps * keeps)
    func mean(_ body: (Int) -> Double) -> Double { (0..<rows).reduce(0) { $0 + body($1) } / Double(rows) }
    let (a, b) = (first.map(Double.init), process.values.map(Double.init))
    let root = Double(rows).squareRoot()
    #expect(abs(mean { a[$0] }) < 4 * variance.squareRoot() / root)
    #expect(abs(mean { a[$0] * a[$0] } / variance - 1) < 4 * 2.0.squareRoot() / root)
    let correlation = (0..<lag).reduce(1.0) { power, _ in power * keeps }
    #expect(abs(mean { a[$0] * b[$0] } / variance - correlation) < 4 * 1.5 / root)
  }

  @Test func `a reset begins one row anew, and a snapshot restores all`() throws {
    var process = OrnsteinUhlenbeck(theta: 0.15, dt: 1, rows: 3, numbers: 2)
    var stream = RandomStream(seed: 3)
    for place in 0..<6 { _ = process.next(row: place / 2, number: place % 2, deviation: 1, using: &stream) }
    let before = process.values
    let saved = process.snapshot()
    process.reset(row: 1)
    #expect(process.values == [before[0], before[1], 0, 0, before[4], before[5]])
    try process.restore(from: saved)
    #expect(process.values == before)
    var other = OrnsteinUhlenbeck(theta: 0.15, dt: 1, rows: 2, numbers: 2)
    #expect(throws: SnapshotError.self) { try other.restore(from: saved) }
  }
}

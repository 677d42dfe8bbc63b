import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T10: normalisers.
struct RunningMomentsTests {
  @Test(arguments: [0, 1e3, 1e6] as [Double])
  func `mean and variance equal two passes over all rows, however far from zero`(centre: Double) {
    var stream = RandomStream(seed: 3)
    let rows = (0..<5000).map { _ in
      [Float(centre + stream.normal()), Float(centre + 1e3 * stream.normal()), Float(centre)]
    }
    var moments = RunningMoments(columns: 3)
    for row in rows { moments.add(row.span) }
    #expect(moments.count == 5000)
    for column in 0..<3 {
      let values = rows.map { Double($0[column]) }
      let mean = values.reduce(0, +) / 5000
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5000
      #expect(abs(moments.mean(column) - mean) <= 1e-12 * max(1, abs(mean)))
      #expect(abs(moments.variance(column) - variance) <= 1e-9 * max(variance, 1e-3))
    }
    #expect(moments.deviation(2) == nil, "a constant has no deviation")
  }

  @Test func `nothing seen, one row and rounding alone have no deviation`() {
    var moments = RunningMoments(columns: 1)
    #expect(moments.deviation(0) == nil && moments.mean(0) == 0 && moments.variance(0) == 0)
    moments.add([7].span)
    #expect(moments.deviation(0) == nil && moments.mean(0) == 7)
    var rounded = RunningMoments(columns: 1)
    for step in 0..<10 { rounded.add([step % 2 == 0 ? 1e7 : (1e7 as Float).nextUp].span) }
    #expect(rounded.variance(0) > 0 && rounded.deviation(0) == nil)
  }

  @Test func `a restored count goes on to the bit, and what cannot be is refused`() throws {
    var stream = RandomStream(seed: 9)
    var moments = RunningMoments(columns: 2)
    for _ in 0..<100 { moments.add([Float(stream.normal()), Float(stream.uniform())].span) }
    var other = RunningMoments(columns: 2)
    try other.restore(from: moments.snapshot())
    #expect(other == moments)
    moments.add([1, 2].span)
    other.add([1, 2].span)
    #expect(other == moments)
    var damaged = moments.snapshot()
    damaged.set("squares", [1, -1])
    #expect(throws: SnapshotError.self) { try other.restore(from: damaged) }
    damaged = moments.snapshot()
    damaged.set("count", integer: -1)
    #expect(throws: SnapshotError.self) { try other.restore(from: damaged) }
    #expect(throws: SnapshotError.self) { try other.restore(from: RunningMoments(columns: 3).snapshot()) }
    #expect(other == moments)
  }
}

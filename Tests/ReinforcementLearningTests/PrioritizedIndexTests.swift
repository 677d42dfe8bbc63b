import FoundationEssentials
import Glibc
import Randomness
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing

/// Trap T13: prioritised replay.
struct PrioritizedIndexTests {
  func draw(
    _ index: PrioritizedIndex, _ count: Int, beta: Double = 0.5, using stream: inout RandomStream
  ) -> (rows: [Int], weights: [Float]) {
    var rows = [Int](repeating: -1, count: count)
    var weights = [Float](repeating: .nan, count: count)
    var rowSpan = rows.mutableSpan
    var weightSpan = weights.mutableSpan
    index.sample(count: count, beta: beta, using: &stream, rows: &rowSpan, weights: &weightSpan)
    return (rows, weights)
  }

  /// An index of `count` rows with errors 0, 1, 2, … drawn at random.
  func filled(_ count: Int, capacity: Int, exponent: Double, seed: UInt64) -> (PrioritizedIndex, [Float]) {
    var stream = RandomStream(seed: seed)
    var index = PrioritizedIndex(capacity: capacity, exponent: exponent, floor: 1e-3)
    let errors = (0..<count).map { _ in Float(stream.exponential()) * (stream.bernoulli(0.5) ? 1 : -1) }
    for row in 0..<count { index.insert(row: row) }
    index.update(rows: Array(0..<count).span, errors: errors.span)
    return (index, errors)
  }

  @Test func `after many writes to a wrapped ring the total is the sum of all p^α`() {
    var stream = RandomStream(seed: 1)
    var index = PrioritizedIndex(capacity: 600, exponent: 0.7, floor: 1e-2)
    var greatest = 1.0
    var powers = [Double](repeating: 0, count: 600)
    for step in 0..<100_000 {
      index.insert(row: step % 600)
      powers[step % 600] = pow(greatest, 0.7)
      let row = stream.integer(below: min(step + 1, 600))
      let error = Float(stream.normal() * 3)
      index.update(rows: [row].span, errors: [error].span)
      powers[row] = pow(Double(abs(error)) + 1e-2, 0.7)
      greatest = max(greatest, Double(abs(error)) + 1e-2)
    }
    let sum = powers.reduce(0, +)
    #expect(abs(index.total - sum) < 1e-12 * sum)
    #expect((0..<600).allSatisfy { index.weight(ofRow: $0) == powers[$0] })
    #expect(index.greatest == greatest)
  }

  /// χ² of 50,000 single draws over 40 rows against p^α; with 39 degrees of freedom 82.1 is passed once in 10⁴.
  @Test(arguments: [0, 1, 2, 3, 4] as [UInt64], [0, 0.6, 1])
  func `rows are drawn in proportion to p^α`(seed: UInt64, exponent: Double) {
    let (index, errors) = filled(40, capacity: 64, exponent: exponent, seed: seed)
    var stream = RandomStream(seed: seed).split(9)
    var counts = [Int](repeating: 0, count: 40)
    for _ in 0..<50_000 { counts[draw(index, 1, using: &stream).rows[0]] += 1 }
    let powers = errors.map { pow(Double(abs($0)) + 1e-3, exponent) }
    let sum = powers.reduce(0, +)
    // Rows that should come less than five times are counted together.
    var statistic = 0.0
    var rest = (seen: 0.0, wanted: 0.0)
    for row in 0..<40 {
      let wanted = 50_000 * powers[row] / sum
      if wanted < 5 {
        rest = (rest.seen + Double(counts[row]), rest.wanted + wanted)
      } else {
        statistic += (Double(counts[row]) - wanted) * (Double(counts[row]) - wanted) / wanted
      }
    }
    if rest.wanted > 0 { statistic += (rest.seen - rest.wanted) * (rest.seen - rest.wanted) / max(rest.wanted, 1) }
    #expect(statistic < 82.1)
  }

  @Test func `a batch takes one row from each equal part of the sum`() {
    var index = PrioritizedIndex(capacity: 16, exponent: 1, floor: 1e-9)
    for row in 0..<16 { index.insert(row: row) }
    var stream = RandomStream(seed: 2)
    for _ in 0..<100 { #expect(draw(index, 16, using: &stream).rows == Array(0..<16)) }
    for _ in 0..<100 {
      let rows = draw(index, 4, using: &stream).rows
      #expect(rows.enumerated().allSatisfy { $1 / 4 == $0 })
    }
  }

  @Test func `an error of 0 leaves ε^α`() {
    var index = PrioritizedIndex(capacity: 4, exponent: 0.6, floor: 1e-2)
    index.insert(row: 0)
    index.update(rows: [0].span, errors: [0].span)
    #expect(index.total == pow(1e-2, 0.6))
  }

  @Test func `a new row has the greatest priority seen so far, 1 at the start`() {
    var index = PrioritizedIndex(capacity: 4, exponent: 0.5, floor: 0.25)
    index.insert(row: 0)
    #expect(index.weight(ofRow: 0) == 1)
    index.update(rows: [0].span, errors: [0.5].span)
    index.insert(row: 1)
    #expect(index.weight(ofRow: 1) == 1, "0.75 is less than the 1 of the start")
    index.update(rows: [1].span, errors: [-15.75].span)
    index.insert(row: 2)
    #expect(index.weight(ofRow: 2) == 4)
    index.update(rows: [1].span, errors: [0].span)
    index.insert(row: 3)
    #expect(index.weight(ofRow: 3) == 4, "the greatest is remembered when its row has lost it")
  }

  @Test(arguments: [0.4, 1])
  func `the greatest weight over all rows is 1, that of the least priority`(beta: Double) {
    let (index, errors) = filled(30, capacity: 32, exponent: 0.6, seed: 8)
    var stream = RandomStream(seed: 4)
    let powers = errors.map { pow(Double(abs($0)) + 1e-3, 0.6) }
    let total = powers.reduce(0, +)
    let greatest = powers.map { pow(30 * $0 / total, -beta) }.max() ?? 0
    var seen: Float = 0
    for _ in 0..<3000 {
      let (rows, weights) = draw(index, 32, beta: beta, using: &stream)
      for (row, weight) in zip(rows, weights) {
        #expect(abs(Double(weight) - pow(30 * powers[row] / total, -beta) / greatest) < 1e-6)
        seen = max(seen, weight)
      }
    }
    #expect(seen == 1)
    #expect(draw(index, 32, beta: 0, using: &stream).weights.allSatisfy { $0 == 1 })
  }

  /// What cpprb computed; written by Tests/Interoperability/make_replay_fixtures.py.
  struct Fixture: Decodable {
    struct Case: Decodable {
      let exponent, floor, beta: Double
      let errors: [Float]
      let rows: [Int]
      let weights: [Double]
    }
    let cases: [Case]
  }

  @Test func `weights agree with cpprb`() throws {
    let path = project + "/Tests/ReinforcementLearningTests/Fixtures/priorities.json"
    let fixture = try JSONDecoder().decode(Fixture.self, from: try bytes(path))
    #expect(fixture.cases.count >= 4)
    for entry in fixture.cases {
      var index = PrioritizedIndex(capacity: 64, exponent: entry.exponent, floor: entry.floor)
      for row in entry.errors.indices { index.insert(row: row) }
      index.update(rows: Array(entry.errors.indices).span, errors: entry.errors.span)
      let wanted = [Int: Double](zip(entry.rows, entry.weights)) { first, _ in first }
      var stream = RandomStream(seed: 6)
      var compared: Set<Int> = []
      for _ in 0..<200 {
        let (rows, weights) = draw(index, 32, beta: entry.beta, using: &stream)
        for (row, weight) in zip(rows, weights) {
          guard let value = wanted[row] else { continue }
          #expect(abs(Double(weight) - value) < 1e-5, "row \(row): \(weight), cpprb says \(value)")
          compared.insert(row)
        }
      }
      #expect(compared.count > entry.errors.count / 2)
    }
  }

  @Test(arguments: [0, 1, 5, 8, 20])
  func `a restored index draws the same rows`(count: Int) throws {
    var stream = RandomStream(seed: 12)
    var index = PrioritizedIndex(capacity: 8, exponent: 0.6, floor: 1e-3)
    for step in 0..<count {
      index.insert(row: step % 8)
      index.update(rows: [step % 8].span, errors: [Float(stream.normal())].span)
    }
    var other = filled(7, capacity: 8, exponent: 0.6, seed: 1).0
    try other.restore(from: index.snapshot())
    #expect(other.snapshot() == index.snapshot() && other.total == index.total)
    index.insert(row: count % 8)
    other.insert(row: count % 8)
    for _ in 0..<50 {
      var (first, second) = (stream, stream)
      let a = draw(index, 5, using: &first)
      let b = draw(other, 5, using: &second)
      #expect(a.rows == b.rows && a.weights == b.weights)
      stream = first
      let errors = a.rows.map { Float($0) * 0.3 }
      index.update(rows: a.rows.span, errors: errors.span)
      other.update(rows: b.rows.span, errors: errors.span)
    }
    #expect(other.snapshot() == index.snapshot())
  }

  @Test func `a snapshot that does not fit is refused and changes nothing`() {
    var (index, _) = filled(5, capacity: 8, exponent: 0.6, seed: 1)
    let good = index.snapshot()
    var damaged = [
      filled(9, capacity: 16, exponent: 0.6, seed: 1).0.snapshot(),
      filled(5, capacity: 8, exponent: 0.5, seed: 1).0.snapshot(),
    ]
    for greatest in [0.5, .nan, .infinity] {
      var snapshot = good
      snapshot.set("greatest", real: greatest)
      damaged.append(snapshot)
    }
    for weight in [-1, .nan, .infinity] {
      var snapshot = good
      snapshot.set("weights", [1, weight])
      damaged.append(snapshot)
    }
    for snapshot in damaged {
      #expect(throws: SnapshotError.self) { try index.restore(from: snapshot) }
      #expect(index.snapshot() == good)
    }
  }
}

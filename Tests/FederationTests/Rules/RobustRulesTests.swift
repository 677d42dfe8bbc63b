import Federation
import Foundation
import Randomness
import Testing

/// The rules that see single updates, against plain versions and closed forms.
struct RobustRulesTests {
  /// Sizes around the strips and blocks in which parameters are sorted.
  static let sizes = [1, 2, 7, 15, 16, 17, 31, 64, 1_023, 1_040]

  @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 33, 100, 127, 300], sizes)
  func `medians and trimmed means are those of sorted values`(clients: Int, size: Int) {
    let updates = RuleLawsTests.round(clients, size: size, seed: UInt64(clients + 1_000 * size))
    let median = CoordinateMedian().merged(updates).model
    let trimmed = TrimmedMean(trim: 0.3).merged(updates).model
    let left = Int(0.3 * Double(clients))
    for place in 0..<size {
      let sorted = updates.map { Double($0.parameters[place]) }.sorted()
      let middle = 0.5 * (sorted[(clients - 1) / 2] + sorted[clients / 2])
      let kept = sorted[left..<clients - left]
      let isEqual =
        median[place] == Float(middle) && trimmed[place] == Float(kept.reduce(0, +) / Double(kept.count))
      #expect(isEqual, "parameter \(place)")
      if !isEqual { return }
    }
  }

  @Test func `values of equal size, both zeros and the greatest numbers have medians too`() {
    let greatest = Float.greatestFiniteMagnitude
    let updates = clientUpdates([[0, greatest, 1], [-0.0, greatest, 1], [0, -greatest, 2], [-0.0, -greatest, 2]])
    #expect(CoordinateMedian().merged(updates).model == [0, 0, 1.5])
    #expect(TrimmedMean(trim: 0.25).merged(updates).model == [0, 0, 1.5])
    let more = clientUpdates([[greatest], [greatest], [greatest]])
    #expect(TrimmedMean(trim: 0).merged(more).model == [greatest])
    #expect(CoordinateMedian().merged(more).model == [greatest])
  }

  @Test func `Krum takes the first of clients that lie alike`() {
    // Two pairs of equal updates, mirror images of one another.
    let updates = clientUpdates([[3, 3], [1, 0], [1, 0], [-1, 0], [-1, 0], [-3, -3]])
    let (model, leftOut) = Krum(liars: 1).merged(updates)
    #expect(model == [1, 0])
    #expect(leftOut == [0, 2, 3, 4, 5])
  }

  @Test func `Krum's scores count the nearest n - f - 2 others`() {
    // On a line at 0, 1, 3, 6, 10, 100 with one liar: three others count. Squared distances of client 1 are 1, 4, 25, of
    // client 2 are 4, 9, 9, of client 0 are 1, 9, 36: client 2 has the least sum, 22.
    let updates = clientUpdates([[0], [1], [3], [6], [10], [100]])
    #expect(Krum(liars: 1).merged(updates).model == [3])
    // With no liars four count: client 0 1+9+36+100, client 1 1+4+25+81, client 2 4+9+9+49 = 71.
    #expect(Krum(liars: 0).merged(updates).model == [3])
    // Kept by score with one liar: 2 (22), 1 (30), 0 (46), 3 (9+16+25 = 50).
    #expect(MultiKrum(liars: 1, keep: 4).merged(updates).leftOut == [4, 5])
    #expect(MultiKrum(liars: 1, keep: 4).merged(updates).model == [2.5])
    #expect(MultiKrum(liars: 1).merged(updates).model == [4])
    #expect(MultiKrum(liars: 1).merged(updates).leftOut == [5])
  }

  @Test(arguments: [3, 4, 6, 9, 13], [1, 7, 8, 100, 515, 1_031])
  func `Krum's choice is that of plain distances`(clients: Int, size: Int) {
    let updates = RuleLawsTests.round(clients, size: size, seed: UInt64(clients * size))
    let liars = (clients - 3) / 2
    let scores = updates.map { one in
      let distances = updates.filter { $0.client != one.client }.map { other in
        zip(one.parameters, other.parameters).reduce(0.0) {
          $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }
      }
      return distances.sorted().prefix(max(1, clients - liars - 2)).reduce(0, +)
    }
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    #expect(Krum(liars: liars).merged(updates).leftOut == order.dropFirst().sorted())
    #expect(MultiKrum(liars: liars, keep: 2).merged(updates).leftOut == order.dropFirst(2).sorted())
  }

  @Test func `rules say for how few clients they have no meaning`() throws {
    let sentences: [(any AggregationRule, Int, String?)] = [
      (Krum(liars: 1), 4, "needs at least 5 clients (2 · liars + 3) in a round, not 4"), (Krum(liars: 1), 5, nil),
      (MultiKrum(liars: 2, keep: 6), 7, "cannot keep 6 of 7 clients of whom 2 may lie; keep at most 5"),
      (MultiKrum(liars: 2, keep: 5), 7, nil),
      (MultiKrum(liars: 2), 6, "needs at least 7 clients (2 · liars + 3) in a round, not 6"),
      (Bulyan(liars: 2), 10, "needs at least 11 clients (4 · liars + 3) in a round, not 10"),
      (Bulyan(liars: 2), 11, nil),
      (TrimmedMean(trim: 0.2), 4, "leaves out none of 4 clients at a trim of 0.2; it needs at least 5 in a round"),
      (TrimmedMean(trim: 0.2), 5, nil), (TrimmedMean(trim: 0), 1, nil), (CoordinateMedian(), 1, nil),
      (FederatedAveraging(), 1, nil),
    ]
    for (rule, clients, sentence) in sentences { #expect(rule.unsupported(clients: clients) == sentence) }
  }
}

import Configuration
import Federation
import Randomness
import Testing

struct SecureRoundTests {
  private typealias Contribution = SecureRound.Contribution
  private let settings = SecureAggregation(fractionalBits: 16, threshold: 0.6)

  private func values(_ client: Int, count: Int) -> [Float] {
    var stream = RandomStream(seed: 5).split(UInt64(client))
    return (0..<count).map { _ in Float(3 * stream.normal()) }
  }

  private func run(
    _ contributions: [Contribution], round: UInt64 = 3, settings: SecureAggregation? = nil
  ) throws -> SecureRound.Outcome {
    try SecureRound.run(contributions, with: settings ?? self.settings, round: round) { client in
      RandomStream(seed: 1).split(round).split(UInt64(client))
    }
  }

  /// The sum of what given contributions round to, without masks.
  private func plainSum(_ contributions: [Contribution], of participants: Int) throws -> [Double] {
    let numbers = settings.numbers(participants: participants)
    var total = [UInt32](repeating: 0, count: contributions[0].values.count)
    for contribution in contributions {
      let words = try numbers.encode(contribution.values, times: contribution.weight)
      for index in total.indices { total[index] &+= words[index] }
    }
    return numbers.decode(total)
  }

  @Test func `the sum is that of the numbers, to the bit, and of the values, to the rounding`() throws {
    let contributions = (0..<10).map { Contribution(client: 7 * $0 + 2, values: values($0, count: 3000)) }
    let sum = try run(contributions).sum
    #expect(sum.survivors == contributions.map(\.client) && sum.weight == 10)
    #expect(try sum.values == plainSum(contributions, of: 10))
    for index in 0..<3000 {
      let exact = contributions.reduce(0) { $0 + Double($1.values[index]) }
      #expect(abs(sum.values[index] - exact) <= 10 * 0x1p-17)
    }
  }

  @Test func `five clients survive every way in which two vanish`() throws {
    for first in SecureRound.Exchange.allCases {
      for second in SecureRound.Exchange.allCases {
        for (a, b) in [(0, 1), (1, 4), (4, 0), (2, 3)] {
          var contributions = (0..<5).map { Contribution(client: $0, values: values($0, count: 40)) }
          contributions[a].vanishesBefore = first
          contributions[b].vanishesBefore = second
          let present = contributions.filter { ($0.vanishesBefore ?? .reveal) == .reveal }
          let sum = try run(contributions).sum
          #expect(sum.survivors == present.map(\.client))
          #expect(try sum.values == plainSum(present, of: 5), "\(a) before \(first), \(b) before \(second)")
        }
      }
    }
  }

  @Test(arguments: [
    (SecureRound.Exchange.keys, "only 2 of 5 clients published keys, but a secure sum needs 3"),
    (.shares, "only 2 of 5 clients shared their keys, but a secure sum needs 3"),
    (.numbers, "only 2 of 5 clients sent their numbers, but a secure sum needs 3"),
    (.reveal, "only 2 of 5 clients revealed their shares, but a secure sum needs 3"),
  ])
  func `with fewer than the threshold there is no sum`(exchange: SecureRound.Exchange, sentence: String) throws {
    let contributions = (0..<5).map {
      Contribution(client: $0, values: [1, 2], vanishesBefore: $0 < 3 ? exchange : nil)
    }
    let error = try #require(throws: SecureAggregationError.self) { try run(contributions) }
    #expect(error == SecureAggregationError(.tooFew, sentence))
  }

  @Test func `weights count, and those of the vanished do not`() throws {
    let contributions = [
      Contribution(client: 0, values: [8, -1], weight: 0.25), Contribution(client: 1, values: [4, 0.5], weight: 1),
      Contribution(client: 2, values: [100, 100], weight: 0.5, vanishesBefore: .numbers),
      Contribution(client: 3, values: [-6, 2], weight: 0.75),
    ]
    let sum = try run(contributions).sum
    #expect(sum.weight == 2 && sum.values == [1.5, 1.75] && sum.mean == [0.75, 0.875])
  }

  @Test func `a hundred clients, of which thirty vanish, are summed`() throws {
    let contributions = (0..<100).map { client in
      Contribution(
        client: client, values: values(client, count: 50),
        vanishesBefore: client.isMultiple(of: 10)
          ? .numbers : client % 10 == 3 ? .shares : client % 10 == 7 ? .reveal : nil)
    }
    let present = contributions.filter { ($0.vanishesBefore ?? .reveal) == .reveal }
    #expect(try run(contributions).sum.values == plainSum(present, of: 100))
  }

  @Test func `the bytes of every exchange are counted`() throws {
    var contributions = (0..<5).map { Contribution(client: $0, values: values($0, count: 1000)) }
    contributions[2].vanishesBefore = .numbers
    let outcome = try run(contributions)
    // A head of 14 bytes; keys of 32; sealed shares of 80 with their receiver; the count and the weight of numbers.
    #expect(outcome.bytesUp[0] == [14 + 64, 14 + 4 + 4 * 84, 14 + 8 + 4 + 4000, 14 + 2 * 4 + 5 * 36])
    #expect(outcome.bytesUp[2] == [14 + 64, 14 + 4 + 4 * 84])
    #expect(outcome.bytesDown[0] == [14 + 4 + 5 * 68, 14 + 4 + 4 * 84, 14 + 4 + 4 * 4])
  }

  @Test func `the same streams give the same outcome, for any order of the clients`() throws {
    let contributions = (0..<6).map { Contribution(client: $0, values: values($0, count: 20)) }
    #expect(try run(contributions).sum == run(contributions.reversed()).sum)
  }

  @Test func `a value that is too great ends the round with a sentence`() throws {
    let contributions = [1, 20_000, 3].enumerated().map { Contribution(client: $0.offset, values: [$0.element]) }
    let error = try #require(throws: SecureAggregationError.self) { try run(contributions) }
    #expect(error.kind == .range)
  }

  @Test func `reads its keys and says how many must stay`() throws {
    func read(_ text: String) throws -> SecureAggregation {
      var root = try ConfigurationDocument(text: text, name: "x.yaml", directory: "/").root()
      let settings = try SecureAggregation(from: &root)
      try root.finish()
      return settings
    }
    #expect(
      try read("fractional_bits: 20\nthreshold: 0.75\n") == SecureAggregation(fractionalBits: 20, threshold: 0.75))
    #expect(try read("{}") == SecureAggregation(fractionalBits: 16, threshold: 2.0 / 3))
    for wrong in ["fractional_bits: 31", "fractional_bits: 1.5", "threshold: 0.5", "threshold: 1.1", "bits: 3"] {
      #expect(throws: ConfigurationError.self, "\(wrong)") { try read(wrong + "\n") }
    }
    #expect([2, 3, 4, 6, 10, 100].map { SecureAggregation().fewest(of: $0) } == [2, 2, 3, 4, 7, 67])
    #expect(SecureAggregation(threshold: 0.7).fewest(of: 10) == 7)
    #expect(SecureAggregation(threshold: 1).fewest(of: 10) == 10)
    #expect(SecureAggregation().unsupported(participants: 1) != nil)
    #expect(SecureAggregation().unsupported(participants: 256) != nil)
    #expect(SecureAggregation().unsupported(participants: 255) == nil)
  }
}

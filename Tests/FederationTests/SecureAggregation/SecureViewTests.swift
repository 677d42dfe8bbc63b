import Federation
import Randomness
import Testing

/// What the server sees of one client.
struct SecureViewTests {
  private let settings = SecureAggregation(fractionalBits: 16, threshold: 0.6)
  private let count = 50_000

  /// The masked numbers of client 1 of three, as the server gets them.
  private func masked(_ values: [Float], seed: UInt64, round: UInt64) throws -> [UInt8] {
    var server = SecureAggregationServer(settings, participants: [0, 1, 2], count: values.count, round: round)
    var clients: [SecureAggregationClient] = []
    for number in 0..<3 {
      var stream = RandomStream(seed: seed).split(round).split(UInt64(number))
      clients.append(
        try SecureAggregationClient(settings, number: number, participants: 3, round: round, using: &stream))
    }
    var messages: [Int: [UInt8]] = [:]
    for number in 0..<3 { messages[number] = try clients[number].advertise() }
    let rosters = try server.roster(messages)
    for number in 0..<3 { messages[number] = try clients[number].share(rosters[number] ?? []) }
    let deliveries = try server.deliveries(messages)
    return Array(try clients[1].mask(values, with: deliveries[1] ?? []).suffix(4 * values.count))
  }

  /// Pearson's statistic of byte values against a uniform distribution, as a normal number.
  private func deviation(_ bytes: some Collection<UInt8>) -> Double {
    var counts = [Double](repeating: 0, count: 256)
    for byte in bytes { counts[Int(byte)] += 1 }
    let expected = Double(bytes.count) / 256
    let statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    return (statistic - 255) / (2 * 255.0).squareRoot()
  }

  @Test func `one client's numbers are uniform noise, in every byte of a word, whatever it sends`() throws {
    for value: Float in [0, 1, -1e4] {
      let bytes = try masked([Float](repeating: value, count: count), seed: 11, round: 1)
      #expect(deviation(bytes) < 4)
      for place in 0..<4 {
        #expect(deviation(stride(from: place, to: bytes.count, by: 4).map { bytes[$0] }) < 4)
      }
      // Neighbouring words are not related either.
      let differences = (4..<bytes.count).map { bytes[$0] &- bytes[$0 - 4] }
      #expect(deviation(differences) < 4)
    }
  }

  @Test func `the same numbers look unrelated in another round and under another seed`() throws {
    let values = [Float](repeating: 0.5, count: count)
    let first = try masked(values, seed: 11, round: 1)
    for other in [try masked(values, seed: 11, round: 2), try masked(values, seed: 12, round: 1)] {
      #expect(deviation(zip(first, other).map { $0 &- $1 }) < 4)
    }
    // The measure does find relations: the same masks over other numbers differ by the numbers.
    let shifted = try masked([Float](repeating: 0.75, count: count), seed: 11, round: 1)
    #expect(deviation(zip(first, shifted).map { $0 &- $1 }) > 100)
  }
}

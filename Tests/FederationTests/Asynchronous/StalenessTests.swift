import Configuration
import Federation
import Snapshots
import Testing

struct StalenessTests {
  private func staleness(_ keys: String) throws -> Staleness {
    var mapping = try ConfigurationDocument(text: keys, name: "a.yaml", directory: "/").root()
    let staleness = try Staleness(from: &mapping)
    try mapping.finish()
    return staleness
  }

  @Test func `the weight falls with the age as a power`() throws {
    let half = try staleness("{mixing: 0.8, exponent: 0.5}")
    // (1 + 3)^(−1/2) = 1/2, (1 + 99)^(−1/2) = 1/10.
    #expect(half.weight(of: 0) == 0.8 && half.weight(of: 3) == 0.4)
    #expect(abs((half.weight(of: 99) ?? 0) - 0.08) < 1e-15)
    let flat = try staleness("{mixing: 1, exponent: 0}")
    #expect(flat.weight(of: 0) == 1 && flat.weight(of: 1000) == 1)
    let whole = try staleness("{mixing: 1, exponent: 1}")
    #expect(whole.weight(of: 1) == 0.5 && whole.weight(of: 7) == 0.125)
  }

  @Test func `a difference is added by its weight`() throws {
    var staleness = try staleness("{mixing: 0.5, exponent: 0.5}")
    var model: [Float] = [1, -2, 0.25]
    #expect(staleness.mix([8, 4, -16], of: 3, into: &model))
    #expect(model == [3, -1, -3.75])
    #expect(staleness.mix([-2, 2, 7.5], of: 0, into: &model))
    #expect(model == [2, 0, 0])
  }

  @Test func `a fresh difference moves the model as FedAsync mixes it with the client's`() throws {
    var staleness = Staleness(mixing: 0.3, exponent: 0.5)
    let (old, own): ([Float], [Float]) = ([0.1, -3, 2.5], [0.7, -2.25, -1])
    var model = old
    staleness.mix(zip(own, old).map { $0 - $1 }, of: 0, into: &model)
    for index in 0..<3 {
      #expect(abs(Double(model[index]) - (0.7 * Double(old[index]) + 0.3 * Double(own[index]))) < 1e-6)
    }
  }

  @Test func `what is too old is thrown away and counted`() throws {
    var staleness = try staleness("{mixing: 0.5, max_staleness: 2}")
    var model: [Float] = [1]
    #expect(staleness.mix([2], of: 2, into: &model) && model[0] > 1)
    let before = model
    #expect(!staleness.mix([2], of: 3, into: &model))
    #expect(!staleness.mix([2], of: 4, into: &model))
    #expect(model == before && staleness.discarded == 2)
    var other = try self.staleness("{mixing: 0.5, max_staleness: 2}")
    try other.restore(from: staleness.snapshot())
    #expect(other == staleness)
    var wrong = Snapshot()
    wrong.set("discarded", integer: -1)
    #expect(throws: SnapshotError.self) { try other.restore(from: wrong) }
    #expect(other == staleness)
  }

  @Test(arguments: [
    ("mixing: 0", "greater than 0 and at most 1"), ("mixing: 1.1", "at most 1"), ("exponent: -1", "from 0 to 10"),
    ("max_staleness: -1", "at least 0"), ("max_age: 3", "unknown key 'max_age'"),
  ])
  func `wrong keys get a sentence`(keys: String, sentence: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try staleness(keys) }
    #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}

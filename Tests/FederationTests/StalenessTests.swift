import Configuration
import Federation
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
    #expect(half.gain(versions: 0) == 0.8 && half.gain(versions: 3) == 0.4)
    #expect(abs((half.gain(versions: 99) ?? 0) - 0.08) < 1e-15)
    let flat = try staleness("{mixing: 1, exponent: 0}")
    #expect(flat.gain(versions: 0) == 1 && flat.gain(versions: 1000) == 1)
    let whole = try staleness("{mixing: 1, exponent: 1}")
    #expect(whole.gain(versions: 1) == 0.5 && whole.gain(versions: 7) == 0.125)
  }

  @Test func `what is too old has no weight`() throws {
    let staleness = try staleness("{mixing: 0.5, exponent: 1, max_staleness: 2}")
    #expect(staleness.gain(versions: 2) != nil && staleness.gain(versions: 3) == nil)
    let only = try self.staleness("{mixing: 0.5, exponent: 1, max_staleness: 0}")
    #expect(only.gain(versions: 0) == 0.5 && only.gain(versions: 1) == nil)
  }

  @Test(arguments: [
    ("{mixing: 0, exponent: 1}", "greater than 0 and at most 1"), ("{mixing: 1.1, exponent: 1}", "at most 1"),
    ("{mixing: 1, exponent: -1}", "from 0 to 10"), ("mixing: 1", "is missing"),
    ("{mixing: 1, exponent: 1, max_staleness: -1}", "from 0 to"),
    ("{mixing: 1, exponent: 1, max_age: 3}", "unknown key 'max_age'"),
  ])
  func `wrong keys get a sentence`(keys: String, sentence: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try staleness(keys) }
    #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}

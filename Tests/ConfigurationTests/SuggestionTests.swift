import Configuration
import Testing

struct SuggestionTests {
  /// What `finish` proposes for `typed` among the keys `known`.
  private func guess(_ typed: String, among known: [String]) throws -> String? {
    var root = try ConfigurationDocument(text: "\(typed): 1", name: "a", directory: "/").root()
    for key in known { _ = root.has(key) }
    let error = #expect(throws: ConfigurationError.self) { try root.finish() }
    return error?.message.firstMatch(of: /did you mean '(.*)'\?/).map { String($0.1) }
  }

  @Test(arguments: [
    ("bandwith_hz", "bandwidth_hz"), ("bandwidth", "bandwidth_hz"), ("bandwidth_hzz", "bandwidth_hz"),
    ("bandwidht_hz", "bandwidth_hz"), ("deadline_s_ms", "deadline_s"), ("sed", "seed"), ("spedd", "speed"),
    ("unit", "units"),
  ])
  func `proposes the key a slip away`(typed: String, meant: String) throws {
    #expect(try guess(typed, among: ["bandwidth_hz", "deadline_s", "seed", "speed", "units", "x"]) == meant)
  }

  @Test(arguments: ["q", "power", "carrier_hz", "zz"])
  func `proposes nothing far away`(typed: String) throws {
    #expect(try guess(typed, among: ["bandwidth_hz", "deadline_s", "seed", "x"]) == nil)
  }
}

import Configuration
import Testing

private enum Mode: String, CaseIterable {
  case fixed
  case random
}

struct ConfigurationMappingTests {
  private func root(_ text: String) throws -> ConfigurationMapping {
    try ConfigurationDocument(text: text, name: "a.yaml", directory: "/").root()
  }

  private func fault<Value>(
    _ text: String, _ read: (inout ConfigurationMapping) throws -> Value,
  ) throws -> String? {
    var mapping = try root(text)
    let error = #expect(throws: ConfigurationError.self) { _ = try read(&mapping) }
    return error?.description
  }

  @Test func `reads every kind of value`() throws {
    var root = try root(
      """
      f_hz: 2.4e9
      n: 50_000
      whole: 1e3
      on: true
      name: a b
      mode: random
      kind: two
      list: [1, 2.5, -3e0]
      counts: [1, 2]
      names: [a, "5"]
      inner: {x: 1}
      items: [{x: 1}, {x: 2}]
      trace_file: t/./u.csv
      absent: null
      """)
    #expect(try root.number("f_hz", in: .positive) == 2.4e9)
    #expect(try root.integer("n", in: 0...100_000) == 50_000)
    #expect(try root.integer("whole") == 1000)
    #expect(try root.boolean("on") == true)
    #expect(try root.text("name") == "a b")
    #expect(try root.choice("mode", of: Mode.self) == .random)
    #expect(try root.choice("kind", among: ["one", "two"]) == "two")
    #expect(try root.numbers("list", count: 3...3) == [1, 2.5, -3])
    #expect(try root.integers("counts", in: 1...2) == [1, 2])
    #expect(try root.texts("names") == ["a", "5"])
    var inner = try root.mapping("inner")
    #expect(try inner.number("x") == 1)
    #expect(inner.path == "inner")
    try inner.finish()
    for (index, item) in try root.list("items", count: 1...9).enumerated() {
      var item = item
      #expect(item.path == "items.\(index)")
      #expect(try item.integer("x") == index + 1)
      try item.finish()
    }
    #expect(try root.filePath("trace_file") == "/t/u.csv")
    let present = ["absent", "gone", "inner"].filter { root.has($0) }
    #expect(present == ["inner"])
    #expect(try root.optionalMapping("absent") == nil)
    #expect(try root.optionalMapping("gone") == nil)
    try root.finish()
  }

  @Test func `takes the default only where the key is missing`() throws {
    var root = try root("a: 1\nb: {}\n")
    #expect(try root.number("a", default: 9) == 1)
    #expect(try root.number("x", default: 9) == 9)
    #expect(try root.integer("x", default: 9) == 9)
    #expect(try root.boolean("x", default: true) == true)
    #expect(try root.text("x", default: "d") == "d")
    #expect(try root.choice("x", default: Mode.fixed) == .fixed)
    #expect(try root.numbers("x", default: [1]) == [1])
    #expect(try root.integers("x", default: [1]) == [1])
    #expect(try root.texts("x", default: ["d"]) == ["d"])
    #expect(try root.choices("x", among: ["d", "e"], default: ["d"]) == ["d"])
    #expect(throws: ConfigurationError.self) { try root.number("b", default: 9) }
  }

  @Test(arguments: [
    ("0", "the number 0"), ("-3", "the number -3"), ("'5'", "the text \"5\""),
    (".inf", "'.inf', which is not finite"),
    (".nan", "'.nan', which is not finite"), ("1e999", "the number 1e999"), ("inf", "the text \"inf\""),
    ("nan", "the text \"nan\""), ("0x10", "the text \"0x10\""), ("10 MHz", "the text \"10 MHz\""),
    ("true", "the truth value true"), ("", "nothing"), ("~", "'~'"), ("[1, 2]", "a list of 2"),
    ("[]", "an empty list"),
    ("{a: 1}", "a mapping"), ("010", "the text \"010\""), ("1__0", "the text \"1__0\""),
    ("1e", "the text \"1e\""),
    ("1_", "the text \"1_\""),
  ])
  func `says what was found for a number, and what is wanted`(value: String, found: String) throws {
    let quotes = value == "'5'" ? ", without quotes," : ""
    #expect(
      try fault("x: 1\nradio:\n  bandwidth_hz: \(value)\n") { root in
        var radio = try root.mapping("radio")
        return try radio.number("bandwidth_hz", in: .positive)
      }
        == "a.yaml:3: radio.bandwidth_hz: found \(found), "
        + "but a number of Hz greater than 0\(quotes) is wanted"
    )
  }

  @Test(arguments: [
    ("x_m", NumberRange.any, "a number of metres"),
    ("p_dbm", .between(-10, 23), "a number of dBm from -10 to 23"),
    ("e_j", .nonNegative, "a number of joules at least 0"),
    ("w_bits", .atMost(8), "a number of bits at most 8"),
    ("c_cycles", .below(0.5), "a number of cycles less than 0.5"),
    ("r_bps", .above(1e21), "a number of bit/s greater than 1.0e+21"),
    ("t_s", .positive.to(1), "a number of seconds greater than 0 and at most 1"),
    ("g_db", .any, "a number of dB"),
    ("w_w", .atLeast(1).to(2, excluding: true), "a number of watts at least 1 and less than 2"),
    ("share", .fraction, "a number from 0 to 1"), ("n_dbm_per_hz", .any, "a number of dBm/Hz"),
  ])
  func `names unit and range`(key: String, range: NumberRange, wanted: String) throws {
    #expect(
      try fault("\(key): x") { try $0.number(key, in: range) }
        == "a.yaml:1: \(key): found the text \"x\", but \(wanted) is wanted")
  }

  @Test func `keeps to the ends of a range`() throws {
    #expect(NumberRange.positive.contains(.leastNonzeroMagnitude) && !NumberRange.positive.contains(0))
    #expect(NumberRange.nonNegative.contains(0) && !NumberRange.nonNegative.contains(-.leastNonzeroMagnitude))
    #expect(NumberRange.fraction.contains(0) && NumberRange.fraction.contains(1))
    #expect(!NumberRange.fraction.contains(1.0.nextUp) && !NumberRange.fraction.contains(-0.0.nextUp))
    #expect(NumberRange.below(1).contains(1.0.nextDown) && !NumberRange.below(1).contains(1))
    #expect(NumberRange.atMost(1).contains(1) && !NumberRange.atMost(1).contains(1.0.nextUp))
    #expect(!NumberRange.any.contains(.infinity) && !NumberRange.any.contains(.nan))
  }

  @Test(arguments: [
    ("2.5", "the number 2.5"), ("1e-1", "the number 1e-1"), ("9", "the number 9"),
    ("9223372036854775808", "the number 9223372036854775808"), ("x", "the text \"x\""),
  ])
  func `refuses what is no whole number in range`(value: String, found: String) throws {
    #expect(
      try fault("a: 1\nn: \(value)") { try $0.integer("n", in: 1...8) }
        == "a.yaml:2: n: found \(found), but a whole number from 1 to 8 is wanted")
  }

  @Test(arguments: [
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ("9007199254740993", 9_007_199_254_740_993),
    ("1.50e1", 15), ("-0", 0), ("1e18", 1_000_000_000_000_000_000),
    ("9007199254740993.0", 9_007_199_254_740_993),
  ])
  func `reads whole numbers exactly`(value: String, expected: Int) throws {
    var root = try root("n: \(value)")
    #expect(try root.integer("n") == expected)
  }

  @Test func `names what is wanted instead`() throws {
    #expect(
      try fault("b: yes") { try $0.boolean("b") }
        == "a.yaml:1: b: found the text \"yes\", but true or false is wanted")
    #expect(
      try fault("t: 5") { try $0.text("t") }
        == "a.yaml:1: t: found the number 5, but a text (in quotes, \"5\", it would be one) is wanted")
    #expect(
      try fault("t: ''") { try $0.text("t") } == "a.yaml:1: t: found the text \"\", but a text is wanted")
    #expect(
      try fault("mode: rnadom") { try $0.choice("mode", of: Mode.self) }
        == "a.yaml:1: mode: found the text \"rnadom\", but one of 'fixed', 'random' is wanted; "
        + "did you mean 'random'?"
    )
    #expect(
      try fault("mode: [a]") { try $0.choice("mode", among: ["x"]) }
        == "a.yaml:1: mode: found a list of 1, but 'x' is wanted")
    #expect(
      try fault("m: 3") { try $0.mapping("m") } == "a.yaml:1: m: found the number 3, but a mapping is wanted")
    #expect(
      try fault("l: {}") { try $0.list("l") }
        == "a.yaml:1: l: found a mapping, but a list of mappings is wanted")
    #expect(
      try fault("l:\n  - a: 1\n  - 5\n") { try $0.list("l") }
        == "a.yaml:3: l.1: found the number 5, but a mapping is wanted")
    #expect(
      try fault("f_file: [x]") { try $0.filePath("f_file") }
        == "a.yaml:1: f_file: found a list of 1, but the path of a file is wanted")
    #expect(
      try fault("p_m: [1]") { try $0.numbers("p_m", count: 2...2) }
        == "a.yaml:1: p_m: found a list of 1, but a list of 2 numbers of metres is wanted")
    #expect(
      try fault("p_m: 4") { try $0.numbers("p_m", count: 1...Int.max, in: .positive) }
        == "a.yaml:1: p_m: found the number 4, but a list of at least 1 number of metres, "
        + "each greater than 0 is wanted")
    #expect(
      try fault("p_m:\n  - 1\n  - 0\n") { try $0.numbers("p_m", in: .positive) }
        == "a.yaml:3: p_m.1: found the number 0, but a number of metres greater than 0 is wanted")
    #expect(
      try fault("n: [1,\n  2.5]") { try $0.integers("n", count: 1...3) }
        == "a.yaml:2: n.1: found the number 2.5, but a whole number is wanted")
    #expect(
      try fault("s: [a, [b]]") { try $0.texts("s") }
        == "a.yaml:1: s.1: found a list of 1, but a text is wanted")
  }

  @Test func `reads some of given names, and says which is none of them or stands twice`() throws {
    let names = ["angle", "speed"]
    #expect(
      try fault("s:\n- speed\n- angel") { try $0.choices("s", among: names) }
        == "a.yaml:3: s.1: found 'angel', but one of 'angle', 'speed' is wanted; did you mean 'angle'?")
    #expect(
      try fault("s:\n- speed\n- speed") { try $0.choices("s", among: names) }
        == "a.yaml:3: s.1: found 'speed' a second time; remove it")
    #expect(
      try fault("s: []") { try $0.choices("s", among: names) }?.contains("a list of some of 'angle', 'speed'") == true)
  }

  @Test func `says where a key is missing`() throws {
    #expect(
      try fault("a: 1\nradio:\n  carrier_hz: 1\n  noise:\n    floor_dbm: 2\n") { root in
        var radio = try root.mapping("radio")
        var noise = try radio.mapping("noise")
        return try noise.number("figure_db", in: .between(0, 30))
      } == "a.yaml:4: radio.noise.figure_db: is missing; a number of dB from 0 to 30 is wanted")
    #expect(
      try fault("\nunits:\n  - x_m: 1\n\n  - y_m: 1\n") { root in
        var second = try root.list("units")[1]
        return try second.number("z_m")
      } == "a.yaml:5: units.1.z_m: is missing; a number of metres is wanted; is it the 'y_m' on line 5?")
    #expect(
      try fault("x: 1\nbandwidth: 5\n") { try $0.number("bandwidth_hz") }
        == "a.yaml:1: bandwidth_hz: is missing; a number of Hz is wanted; is it the 'bandwidth' on line 2?")
    #expect(try fault("x: 1") { try $0.mapping("m") } == "a.yaml:1: m: is missing; a mapping is wanted")
  }

  @Test func `refuses keys that nothing asked for`() throws {
    let finish = { (root: inout ConfigurationMapping) in
      var radio = try root.mapping("radio")
      _ = try radio.number("bandwidth_hz", default: 1)
      _ = try radio.number("noise_db", default: 1)
      try radio.finish()
    }
    #expect(
      try fault("radio:\n  noise_db: 3\n  bandwith_hz: 3\n", finish)
        == "a.yaml:3: radio.bandwith_hz: unknown key 'bandwith_hz'; did you mean 'bandwidth_hz'? "
        + "known keys: bandwidth_hz, noise_db")
    #expect(
      try fault("radio:\n  bandwidth: 3\n", finish)
        == "a.yaml:2: radio.bandwidth: unknown key 'bandwidth'; did you mean 'bandwidth_hz'? "
        + "known keys: bandwidth_hz, noise_db")
    #expect(
      try fault("radio:\n  zzz: 3\n", finish)
        == "a.yaml:2: radio.zzz: unknown key 'zzz'; known keys: bandwidth_hz, noise_db")
    #expect(
      try fault("zzz: 3\n") { try $0.finish() }
        == "a.yaml:1: zzz: unknown key 'zzz'; no keys are allowed here")
    #expect(
      try fault("a: 3\n") { root in
        _ = root.has("a")
        try root.finish()
      } == "a.yaml:1: a: the key 'a' has no meaning here; remove it")
  }

  @Test func `lends its places to a caller's own checks`() throws {
    var root = try root("a: 1\nb:\n  low: 5\n  high: 3\n")
    let inner = try root.mapping("b")
    #expect(inner.error("high", "is below 'low'").description == "a.yaml:4: b.high: is below 'low'")
    #expect(inner.error("middle", "is needed").description == "a.yaml:2: b.middle: is needed")
    #expect(inner.keys == ["low", "high"])
  }
}

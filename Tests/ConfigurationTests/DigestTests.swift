import Configuration
import Foundation
import TestSupport
import Testing

struct DigestTests {
  private func digest(_ text: String, in directory: String = "/") throws -> String {
    try ConfigurationDocument(text: text, name: "a.yaml", directory: directory).digest()
  }

  @Test(arguments: [
    ("a: 1e6", "a: 1000000"), ("a: 1e6", "a: 1.0e+6"), ("a: 1e6", "a: 1_000_000"),
    ("a: 1e6", "a: +1000000.000"),
    ("a: 0", "a: -0.0"), ("a: 0.001", "a: 1e-3"), ("a: .5", "a: 0.50"), ("a: 5.", "a: 5"),
    ("a: true", "a: True"), ("a: ~", "a:"), ("a: x", "a: 'x'"), ("a: x", "a: \"\\x78\""),
    ("a: 1\nb: 2", "# c\nb:   2 # d\n\na: 1"), ("a: {b: [1, x]}", "a:\n  b:\n    - 1\n    - x\n"),
    ("a: \"x y\\n\"", "a: |\n  x y\n"), ("a: !!str 5", "a: '5'"),
  ])
  func `does not see spelling, order and layout`(one: String, other: String) throws {
    #expect(try digest(one) == digest(other))
  }

  @Test(arguments: [
    ("a: 1", "a: 2"), ("a: 1", "b: 1"), ("a: 1", "a: '1'"), ("a: true", "a: 'true'"), ("a: ~", "a: '~'"),
    ("a: [1, 2]", "a: [2, 1]"), ("a: [[1], 2]", "a: [[1, 2]]"), ("a: [ab, c]", "a: [a, bc]"),
    ("a: {b: 1}\nc: 2", "a: {b: 1, c: 2}"), ("a: []", "a: {}"), ("a: 0.1", "a: 0.10000000000000001"),
    ("a: 9007199254740992", "a: 9007199254740993"), ("a: -1", "a: 1"), ("a: ''", "a: ~"),
    ("a: .inf", "a: -.inf"),
    ("a: x", "a: X"), ("a: 010", "a: 10"), ("a: yes", "a: true"),
  ])
  func `sees every difference in meaning`(one: String, other: String) throws {
    #expect(try digest(one) != digest(other))
  }

  @Test func `counts a file by its contents`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("same", to: "one.csv")
    _ = try folder.write("same", to: "sub/two.csv")
    _ = try folder.write("other", to: "three.csv")
    let one = try digest("trace_file: one.csv", in: folder.path)
    #expect(try one == digest("trace_file: sub/two.csv", in: folder.path))
    #expect(try one == digest("trace_file: two.csv", in: "\(folder.path)/sub"))
    #expect(try one == digest("trace_file: \(folder.path)/one.csv"))
    #expect(try one != digest("trace_file: three.csv", in: folder.path))
    #expect(try one != digest("trace: one.csv", in: folder.path))
    #expect(try digest("trace_file: null") == digest("trace_file:"))
  }

  @Test func `names the key whose file is missing`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try digest("a: 1\nmobility:\n  - fcd_file: none.xml", in: "/nowhere")
    }
    #expect(error?.isMissingFile == true)
    #expect(
      error?.description == "a.yaml:3: mobility.0.fcd_file: names a missing file: /nowhere/none.xml "
        + "(No such file or directory)")
  }
}

struct ResolvedTextTests {
  @Test func `is sorted and spelled one way`() throws {
    var document = try ConfigurationDocument(
      text: """
        # comment
        zeta: [1.50, 2_000, 1e21, 1e-9, -0.25e-3, 123456.789e2]
        units:
          - {y_m: 2, x_m: 1, tags: []}
          - [1, [a b, yes]]
        alpha: {deep: {}, "two words": "5", note: "a\\nb: # \\"c\\"", on: true}
        """, name: "a.yaml", directory: "/")
    try document.override("added", with: "~")
    #expect(
      document.resolvedText() == """
        added: null
        alpha:
          deep: {}
          note: "a\\nb: # \\"c\\""
          "on": true
          "two words": "5"
        units:
          - tags: []
            x_m: 1
            y_m: 2
          - [1, ["a b", "yes"]]
        zeta: [1.5, 2000, 1.0e+21, 1.0e-9, -0.00025, 12345678.9]

        """)
  }

  @Test(arguments: [
    "a: 1", "a: [[], [{b: 1}, [c]], {}]", "a: \"\\u2028\\ufeff\\U0001f600\\0\\e é\"", "a: '- x'", "a: '*b'",
    "a: 'null'", "'#': '! x'", "a: .nan", "a: -.INF", "a: 1.7976931348623157e308\nb: 4.9e-324",
    "a: |\n  several\n  lines\n", "a: 0.1\nb: 100000000000000000\nc: 1234567890123456789",
  ])
  func `loads back to the same meaning and the same text`(text: String) throws {
    let document = try ConfigurationDocument(text: text, name: "a.yaml", directory: "/")
    let again = try ConfigurationDocument(text: document.resolvedText(), name: "b.yaml", directory: "/")
    #expect(try again.digest() == document.digest())
    #expect(again.resolvedText() == document.resolvedText())
  }

  @Test func `writes a file of an override as seen from the document`() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write("trace", to: "traces/t.csv")
    var document = try ConfigurationDocument(
      contentsOf: folder.write(
        "a_file: ../traces/t.csv\nb_file: none\nc_file: none\n", to: "scenarios/s.yaml"))
    let upward = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in "../" }.joined()
    try document.override("b_file", with: upward + trace.dropFirst())
    try document.override("c_file", with: trace)
    #expect(
      document.resolvedText()
        == "a_file: \"../traces/t.csv\"\nb_file: \"../traces/t.csv\"\nc_file: \"\(trace)\"\n")
    let again = try ConfigurationDocument(
      text: document.resolvedText(), name: "s.yaml", directory: document.directory)
    #expect(try again.digest() == document.digest())
  }
}

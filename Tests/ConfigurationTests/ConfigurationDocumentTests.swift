import Configuration
import Foundation
import TestSupport
import Testing

struct ConfigurationDocumentTests {
  private func fault(_ text: String) -> String? {
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationDocument(text: text, name: "a.yaml", directory: "/")
    }
    #expect(error?.kind == .content)
    return error?.description
  }

  @Test(arguments: [
    ("", "a.yaml: is empty; a mapping of keys to values is wanted"),
    ("# nothing\n", "a.yaml: is empty; a mapping of keys to values is wanted"),
    ("# x\n--- ~\n", "a.yaml:2: holds '~', but a mapping of keys to values is wanted"),
    ("# x\n- 1\n- 2\n", "a.yaml:2: holds a list of 2, but a mapping of keys to values is wanted"),
    ("\nhello\n", "a.yaml:2: holds the text \"hello\", but a mapping of keys to values is wanted"),
    ("a: 1\n---\nb: 2\n", "a.yaml:2: a second document begins here; one file holds one document"),
  ])
  func `refuses what is not one mapping`(text: String, message: String) {
    #expect(fault(text) == message)
  }

  @Test(arguments: [
    ("a: 1\nb: [1, 2\nc: 3\n", 3), ("a: 1\nb: \"x\n", 3), ("a: 1\n\tb: 2\n", 2), ("a: 1\n b: 2\n", 2),
    ("a: 1\nb: *none\n", 2), ("a: 1\nb\nc: 2\n", 3), ("a: @x\n", 1), ("a: 1\nb: 2\u{1}\n", 2),
    ("a: {b: 1]\n", 1),
    ("é: ü\nb: 2\u{7}\n", 2),
  ])
  func `names the line where the YAML breaks`(text: String, line: Int) throws {
    let message = try #require(fault(text))
    #expect(message.hasPrefix("a.yaml:\(line): is not valid YAML: "), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3\n", "a", 1, 3),
    ("x:\n  long: 1\n  b: 2\n  'long': 3\n", "long", 2, 4),
    ("x:\n  - k: 1\n    l: 2\n\n    \"k\": 2\n", "k", 2, 5),
    ("\"q\": 1\nb: {c: 1,\n  d: 2}\nq: 2\n", "q", 1, 4),
    ("f: {a: 1,\n  b: 2, é: 3,\n  é: 4}\n", "é", 2, 3),
    ("a: 1\na: 2\na: 3\n", "a", 1, 2),
    ("a: 1\nb:\n  c: 1\n  a: 2\na:\n  c: 3\n", "a", 1, 5),
    ("1: x\nb: 2\n'1': y\n", "1", 1, 3),
  ])
  func `names both lines of a repeated key`(text: String, key: String, first: Int, second: Int) {
    #expect(
      fault(text) == "a.yaml:\(second): the key '\(key)' is given twice, first on line \(first); keep one")
  }

  @Test(arguments: [
    (
      "a: 1\nb.c: 2\n",
      "a.yaml:2: the key 'b.c' holds a dot, which separates the keys of a path; write '_' instead"
    ),
    ("a: 1\n? [x, y]\n: 2\n", "a.yaml:2: a key is a list or a mapping; a key is one name"),
    ("a: 1\n'': 2\n", "a.yaml:2: a key is empty; every key needs a name"),
    ("a: &a {b: 1}\nc:\n  <<: *a\n", "a.yaml:3: merge keys ('<<') are not allowed; write the keys out"),
    ("a: 1\nb: !lua {c: 1}\n", "a.yaml:2: the tag '!lua' is not allowed; write the value without it"),
    (
      "a: 1\nb: !!int 3\n",
      "a.yaml:2: the tag 'tag:yaml.org,2002:int' is not allowed; write the value without it"
    ),
  ])
  func `refuses what YAML allows and a person would not expect`(text: String, message: String) {
    #expect(fault(text) == message)
  }

  @Test func `expands aliases`() throws {
    let aliased = try ConfigurationDocument(
      text: "a: &here {b: [1, 2]}\nc: *here\nd: &n 5\ne: *n\n", name: "a", directory: "/")
    let written = try ConfigurationDocument(
      text: "a: {b: [1, 2]}\nc: {b: [1, 2]}\nd: 5\ne: 5\n", name: "b", directory: "/")
    #expect(try aliased.digest() == written.digest())
  }

  @Test func `bounds what aliases expand to`() {
    var bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1..<6 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 6).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(fault(bomb)?.hasSuffix(" more than 100000 values after aliases are written out") == true)
    let many = "a: &a 1\n" + (0..<33).map { "b\($0): *a\n" }.joined()
    #expect(fault(many) == "a.yaml:34: more than 32 aliases ('*name') in one file; write the values out")
  }

  @Test func `bounds depth and size`() throws {
    let nested = { (depth: Int) in
      "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try ConfigurationDocument(text: nested(32), name: "a", directory: "/")
    #expect(fault(nested(33)) == "a.yaml:1: lists and mappings are nested deeper than 32 levels")
    #expect(fault(nested(100_000)) != nil)
    #expect(fault("a: \(String(repeating: "x", count: 1 << 20))")?.hasSuffix("1048576 are allowed") == true)
  }

  @Test func `tells missing, unreadable and foreign files apart`() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: ConfigurationError.self) {
      try ConfigurationDocument(contentsOf: "\(folder.path)/none.yaml")
    }
    #expect(missing?.isMissingFile == true)
    #expect(missing?.description == "\(folder.path)/none.yaml: there is no such file")
    let directory = #expect(throws: ConfigurationError.self) {
      try ConfigurationDocument(contentsOf: folder.path)
    }
    #expect(directory?.kind == .unreadable)
    #expect(directory?.description == "\(folder.path): cannot be read: Is a directory")
    let latin = try folder.write(Data([0x61, 0x3a, 0x20, 0xfc]), to: "latin.yaml")
    let foreign = #expect(throws: ConfigurationError.self) { try ConfigurationDocument(contentsOf: latin) }
    #expect(foreign?.kind == .content)
    #expect(foreign?.message == "is not UTF-8 text; a YAML file is wanted")
    let huge = try folder.write("a: \(String(repeating: "x", count: 1 << 21))", to: "huge.yaml")
    let large = #expect(throws: ConfigurationError.self) { try ConfigurationDocument(contentsOf: huge) }
    #expect(large?.message == "has more than 1048576 bytes, the most allowed")
  }

  @Test func `reads a file and keeps its text and place`() throws {
    let folder = try TemporaryFolder()
    let text = "\u{feff}# a comment\r\na: 1\r\nb: x\r\n"
    let document = try ConfigurationDocument(contentsOf: folder.write(text, to: "sub/a.yaml"))
    #expect(document.text == text)
    #expect(document.path == "\(folder.path)/sub/a.yaml")
    #expect(document.directory == URL(filePath: "\(folder.path)/sub").resolvingSymlinksInPath().path)
    var root = document.root()
    #expect(try root.number("a") == 1)
    #expect(try root.text("b") == "x")
  }
}

import Configuration
import Foundation
import Testing

struct OverrideTests {
  private func document() throws -> ConfigurationDocument {
    try ConfigurationDocument(
      text: "radio:\n  bandwidth_hz: 1e6\nunits:\n  - x_m: 1\n  - x_m: 2\nempty:\nname: a\n",
      name: "a.yaml", directory: "/")
  }

  private func written(_ text: String) throws -> String {
    try ConfigurationDocument(text: text, name: "b.yaml", directory: "/").digest()
  }

  @Test(arguments: [
    ("radio.bandwidth_hz", "5", "radio: {bandwidth_hz: 5}\nunits: [{x_m: 1}, {x_m: 2}]\nempty:\nname: a"),
    ("units.1.x_m", "-3.5", "radio: {bandwidth_hz: 1e6}\nunits: [{x_m: 1}, {x_m: -3.5}]\nempty:\nname: a"),
    (
      "units.0", "{x_m: 7, y_m: 8}",
      "radio: {bandwidth_hz: 1e6}\nunits: [{x_m: 7, y_m: 8}, {x_m: 2}]\nempty:\nname: a"
    ),
    ("units", "[]", "radio: {bandwidth_hz: 1e6}\nunits: []\nempty:\nname: a"),
    (
      "empty.deep.er", "true",
      "radio: {bandwidth_hz: 1e6}\nunits: [{x_m: 1}, {x_m: 2}]\nempty: {deep: {er: true}}\nname: a"
    ),
    (
      "new.key", "'5'",
      "radio: {bandwidth_hz: 1e6}\nunits: [{x_m: 1}, {x_m: 2}]\nempty:\nname: a\nnew: {key: '5'}"
    ),
    ("radio", "null", "radio: null\nunits: [{x_m: 1}, {x_m: 2}]\nempty:\nname: a"),
  ])
  func `means what the file would mean with the value written in it`(
    path: String, value: String, text: String
  ) throws {
    var document = try document()
    try document.override(path, with: value)
    #expect(try document.digest() == written(text))
    #expect(document.overrides.count == 1)
    #expect(document.overrides[0] == (path, value))
  }

  @Test(arguments: [
    ("name.x", "1", "--set name.x=1: 'name' is the text \"a\" and has no key 'x'"),
    (
      "units.2.x_m", "1",
      "--set units.2.x_m=1: 'units' is a list of 2 and has no element '2'; write an index from 0 to 1"
    ),
    (
      "units.x", "1",
      "--set units.x=1: 'units' is a list of 2 and has no element 'x'; write an index from 0 to 1"
    ),
    (
      "units.-1", "1",
      "--set units.-1=1: 'units' is a list of 2 and has no element '-1'; write an index from 0 to 1"
    ),
    ("a..b", "1", "--set a..b=1: a key is empty; every key needs a name"),
    ("", "1", "--set =1: a key is empty; every key needs a name"),
    ("name", "", "--set name=: gives no value; write PATH=VALUE, or PATH=null for nothing"),
    (
      "name", "[1, 2",
      "--set name=[1, 2: is not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence)"
    ),
    ("name", "{a: 1, a: 2}", "--set name={a: 1, a: 2}: the key 'a' is given twice"),
  ])
  func `refuses what does not fit and changes nothing`(path: String, value: String, message: String) throws {
    var document = try document()
    let before = try document.digest()
    let error = #expect(throws: ConfigurationError.self) { try document.override(path, with: value) }
    #expect(error?.description == message)
    #expect(try document.digest() == before)
    #expect(document.overrides.isEmpty)
  }

  @Test func `is blamed for its value as it was typed`() throws {
    var document = try document()
    try document.override("radio.bandwidth_hz", with: "-1", typed: "scenario.radio.bandwidth_hz=-1")
    var root = document.root()
    var radio = try root.mapping("radio")
    let error = #expect(throws: ConfigurationError.self) { try radio.number("bandwidth_hz", in: .positive) }
    #expect(
      error?.description
        == "--set scenario.radio.bandwidth_hz=-1: radio.bandwidth_hz: found the number -1, "
        + "but a number of Hz greater than 0 is wanted")
    #expect(error?.line == nil)
  }

  @Test func `adds an unknown key that finish refuses`() throws {
    var document = try document()
    try document.override("radio.bandwith_hz", with: "3")
    var root = document.root()
    var radio = try root.mapping("radio")
    _ = try radio.number("bandwidth_hz")
    let error = #expect(throws: ConfigurationError.self) { try radio.finish() }
    #expect(
      error?.description
        == "--set radio.bandwith_hz=3: radio.bandwith_hz: unknown key 'bandwith_hz'; "
        + "did you mean 'bandwidth_hz'? known keys: bandwidth_hz")
  }

  @Test func `starts relative file paths in the working directory`() throws {
    var document = try ConfigurationDocument(
      text: "a_file: ../x.gz\nb_file: y.gz\nc_file: /abs/./z.gz\n", name: "a.yaml", directory: "/some/where")
    try document.override("b_file", with: "traces/../y.gz")
    var root = document.root()
    #expect(try root.filePath("a_file") == "/some/x.gz")
    #expect(try root.filePath("b_file") == FileManager.default.currentDirectoryPath + "/y.gz")
    #expect(try root.filePath("c_file") == "/abs/z.gz")
  }
}

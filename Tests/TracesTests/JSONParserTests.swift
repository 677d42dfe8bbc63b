import Foundation
import TestSupport
import Testing
import Traces

struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }

  private func fault(_ text: String) -> String? {
    do throws(JSONFault) {
      _ = try JSONParser.parse(Array(text.utf8))
      return nil
    } catch {
      return "\(error.line): \(error.message)"
    }
  }

  /// The value as Foundation would give it.
  private func plain(_ value: JSONNode) -> Any {
    switch value.content {
    case .null: return NSNull()
    case .bool(let value): return value
    case .number(let value): return value
    case .string(let value): return value
    case .array(let elements): return elements.map(plain)
    case .object(let members):
      return Dictionary(uniqueKeysWithValues: members.map { ($0.key, plain($0.value)) })
    }
  }

  @Test(arguments: [
    #"{"a": [1, -2.5e3, 0.1, 1E-2, 12345678901234567890], "b": {"c": null, "d": true, "e": false}, "": ""}"#,
    #"["\u00e9\u20ac\ud83d\ude00 \"\\\/\b\f\n\r\t", "é€😀", []  , {} ]"#,
    "  [\n0\r\n,\t-0 ] ", "\u{feff}[1]",
  ])
  func `reads what Foundation reads`(text: String) throws {
    let ours = plain(try parse(text))
    let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
    #expect((ours as? NSObject) == (theirs as? NSObject))
  }

  @Test func `refuses what is not JSON, with the line`() {
    for (text, expected) in [
      ("", "1: is empty; JSON is wanted"),
      ("{\n\"a\": 1\n\"b\"", "3: is not well-formed JSON: ',' or '}' is wanted, not '\"'"),
      ("[1,]", "1: is not well-formed JSON: a value is wanted, not ']'"),
      ("[01]", "1: is not well-formed JSON: a value is wanted, not 01"),
      ("[1.]", "1: is not well-formed JSON: a value is wanted, not 1."),
      ("[1e999]", "1: the number 1e999 is too large"),
      ("[nul]", "1: is not well-formed JSON: a value is wanted, not 'n'"),
      ("\n[\"a", "2: is cut short: it ends in the middle of a text"),
      ("[\"a\n\"]", "1: is not well-formed JSON: a text goes over the end of its line"),
      ("[\"\\x\"]", "1: is not well-formed JSON: there is no escape \\x"),
      ("[\"\\ud800\"]", "1: is not well-formed JSON: half of a surrogate pair stands alone"),
      ("[\"\\u12\"]", "1: is not well-formed JSON: \\u needs four hexadecimal digits"),
      ("{\"a\":1,\n\"a\":2}", "2: the key \"a\" stands twice in one object"),
      ("{a:1}", "1: is not well-formed JSON: a key in quotes is wanted, not 'a'"),
      ("{\"a\" 1}", "1: is not well-formed JSON: ':' is wanted after a key, not '1'"),
      ("[1] 2", "1: goes on after the end of its JSON value"),
      ("[1", "1: is not well-formed JSON: ',' or ']' is wanted, not the end of the file"),
      (String(repeating: "[", count: 300), "1: is not read as JSON: values lie in each other more than 200 deep"),
    ] { #expect(fault(text) == expected) }
    #expect(throws: JSONFault.self) { try JSONParser.parse([0x22, 0xff, 0x22]) }
  }

  @Test func `survives every cut and every changed byte of a small file`() {
    let text = Array(#"{"a": [1, -2.5e3, "x\u00e9\n"], "b": {"c": null, "d": true}}"#.utf8)
    for cut in 0..<text.count { #expect((try? JSONParser.parse(Array(text[..<cut]))) == nil) }
    var read = 0
    for place in text.indices {
      for byte in 0...255 as ClosedRange<UInt8> {
        var changed = text
        changed[place] = byte
        if (try? JSONParser.parse(changed)) != nil { read += 1 }
      }
    }
    #expect(read > text.count && read < 128 * text.count)
  }
}

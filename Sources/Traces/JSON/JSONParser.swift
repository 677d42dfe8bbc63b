/// Reads a JSON text (RFC 8259) from its bytes. Values may lie in each other at most 200 deep.
package struct JSONParser {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The one value of a text, a byte order mark before it or not.
  package static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSONNode {
    var parser = JSONParser(bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.index = 3 }
    parser.skipSpace()
    guard parser.peek != nil else { throw parser.fault("is empty; JSON is wanted") }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.peek == nil else { throw parser.fault("goes on after the end of its JSON value") }
    return value
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func fault(_ message: String) -> JSONFault { JSONFault(line: line, message: message) }

  /// What stands here, for a sentence.
  private var here: String {
    guard let byte = peek else { return "the end of the file" }
    return (0x21...0x7e).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      if byte == 0x0a { line += 1 }
      index += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONNode {
    guard depth < 200 else { throw fault("is not read as JSON: values lie in each other more than 200 deep") }
    let first = line
    switch peek {
    case UInt8(ascii: "{"): return JSONNode(line: first, content: .object(try members(depth: depth)))
    case UInt8(ascii: "["): return JSONNode(line: first, content: .array(try elements(depth: depth)))
    case UInt8(ascii: "\""): return JSONNode(line: first, content: .string(try string()))
    case UInt8(ascii: "t"): return JSONNode(line: first, content: try word("true", .bool(true)))
    case UInt8(ascii: "f"): return JSONNode(line: first, content: try word("false", .bool(false)))
    case UInt8(ascii: "n"): return JSONNode(line: first, content: try word("null", .null))
    default: return JSONNode(line: first, content: .number(try number()))
    }
  }

  private mutating func word(_ text: String, _ content: JSONNode.Content) throws(JSONFault) -> JSONNode.Content {
    guard bytes[index...].starts(with: text.utf8) else {
      throw fault("is not well-formed JSON: a value is wanted, not \(here)")
    }
    index += text.utf8.count
    return content
  }

  private mutating func members(depth: Int) throws(JSONFault) -> [JSONNode.Member] {
    index += 1
    var members: [JSONNode.Member] = []
    var keys: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return [] }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else {
        throw fault("is not well-formed JSON: a key in quotes is wanted, not \(here)")
      }
      let key = try string()
      guard keys.insert(key).inserted else { throw fault("the key \"\(key)\" stands twice in one object") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else {
        throw fault("is not well-formed JSON: ':' is wanted after a key, not \(here)")
      }
      skipSpace()
      members.append(JSONNode.Member(key: key, value: try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else {
        throw fault("is not well-formed JSON: ',' or '}' is wanted, not \(here)")
      }
    }
  }

  private mutating func elements(depth: Int) throws(JSONFault) -> [JSONNode] {
    index += 1
    var elements: [JSONNode] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return [] }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else {
        throw fault("is not well-formed JSON: ',' or ']' is wanted, not \(here)")
      }
    }
  }

  private mutating func number() throws(JSONFault) -> Double {
    let start = index
    _ = take(UInt8(ascii: "-"))
    let whole = digits()
    let hasLeadingZero = whole > 1 && bytes[index - whole] == UInt8(ascii: "0")
    var isNumber = whole > 0 && !hasLeadingZero
    if take(UInt8(ascii: ".")) { isNumber = digits() > 0 && isNumber }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      isNumber = digits() > 0 && isNumber
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard isNumber, let value = Double(text) else {
      throw fault("is not well-formed JSON: a value is wanted, not \(text.isEmpty ? here : text)")
    }
    guard value.isFinite else { throw fault("the number \(text) is too large") }
    return value
  }

  private mutating func digits() -> Int {
    let start = index
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    return index - start
  }

  private mutating func string() throws(JSONFault) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = peek {
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let value = String(validating: text, as: UTF8.self) else { throw fault("a text is not UTF-8") }
        return value
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw fault("is not well-formed JSON: a text goes over the end of its line")
      default: text.append(byte)
      }
    }
    throw fault("is cut short: it ends in the middle of a text")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
    guard let byte = peek else { throw fault("is cut short: it ends in the middle of a text") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try unit())
      if (0xd800..<0xdc00).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
        let low = UInt32(try unit())
        code = (0xdc00..<0xe000).contains(low) ? 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00) : 0xd800
      }
      guard let scalar = UnicodeScalar(code) else {
        throw fault("is not well-formed JSON: half of a surrogate pair stands alone")
      }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: throw fault("is not well-formed JSON: there is no escape \\\(Character(UnicodeScalar(byte)))")
    }
  }

  private mutating func unit() throws(JSONFault) -> UInt16 {
    guard index + 4 <= bytes.count,
      let value = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw fault("is not well-formed JSON: \\u needs four hexadecimal digits") }
    index += 4
    return value
  }
}

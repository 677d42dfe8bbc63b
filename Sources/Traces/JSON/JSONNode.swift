/// A value of a JSON text (RFC 8259) with the line on which it begins.
package struct JSONNode {
  /// What it is.
  package enum Content {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONNode])
    case object([Member])
  }

  /// A key of an object and what stands under it.
  package struct Member {
    package let key: String
    package let value: JSONNode
  }

  package let line: Int
  package let content: Content

  /// What it is, for a sentence.
  var kind: String {
    switch content {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value): return "the number \(value)"
    case .string(let value): return "the text \"\(value.prefix(40))\""
    case .array: return "a list"
    case .object: return "an object"
    }
  }
}

/// What is wrong with a text that should be JSON, and on which line.
package struct JSONFault: Error {
  package let line: Int
  package let message: String
}

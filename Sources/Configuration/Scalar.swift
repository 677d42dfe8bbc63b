/// A YAML scalar after its type is settled.
///
/// The types follow the core schema of YAML 1.2.2 (section 10.3.2), narrowed: numbers are decimal, `yes`,
/// `no`, `on` and `off` are text, and a leading zero makes text. `1_000` is a number.
struct Scalar: Sendable {
  enum Value: Sendable {
    case null
    case boolean(Bool)
    case number(DecimalLiteral)
    case notFinite
    case text
  }

  let value: Value
  /// The scalar as it was written, without quotes.
  let text: String

  /// A quoted or block scalar.
  init(quoted text: String) {
    self.value = .text
    self.text = text
  }

  /// A plain scalar, whose type follows from its letters.
  init(plain text: String) {
    self.text = text
    self.value =
      switch text {
      case "", "~", "null", "Null", "NULL": .null
      case "true", "True", "TRUE": .boolean(true)
      case "false", "False", "FALSE": .boolean(false)
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN",
        ".NAN":
        .notFinite
      default: DecimalLiteral(text).map(Value.number) ?? .text
      }
  }

  /// What this is, as a phrase for an error.
  var found: String {
    switch value {
    case .null: text.isEmpty ? "nothing" : "'\(text)'"
    case .boolean: "the truth value \(text)"
    case .number: "the number \(text)"
    case .notFinite: "'\(text)', which is not finite"
    case .text: text.count > 40 ? "the text \"\(text.prefix(40))…\"" : "the text \"\(text)\""
    }
  }
}

/// A decimal number as it was written, exact: digits · 10^exponent.
///
/// Two spellings of one number (`1e6`, `1_000_000`, `1.0e+6`) have the same canonical form.
struct DecimalLiteral: Sendable {
  let isNegative: Bool
  /// Significant digits without leading or trailing zeros; empty for zero.
  let digits: String
  /// The power of ten of the last digit.
  let exponent: Int

  /// Reads `[+-] digits [. digits] [e [+-] digits]`, or nil if `text` is nothing of the kind.
  ///
  /// `_` may stand between two digits; a whole part of several digits does not start with 0; one side of the
  /// point may be empty. At most 400 characters, and the power of ten has at most six digits.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.count <= 400 else { return nil }
    var index = 0
    func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }
    func isDigit(_ byte: UInt8?) -> Bool {
      guard let byte else { return false }
      return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
    func readDigits() -> [UInt8]? {
      var read: [UInt8] = []
      while let byte = peek() {
        if isDigit(byte) {
          read.append(byte)
        } else if byte == UInt8(ascii: "_") {
          guard !read.isEmpty, isDigit(bytes[index - 1]), index + 1 < bytes.count, isDigit(bytes[index + 1])
          else { return nil }
        } else {
          break
        }
        index += 1
      }
      return read
    }

    var isNegative = false
    if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") {
      isNegative = peek() == UInt8(ascii: "-")
      index += 1
    }
    guard let whole = readDigits() else { return nil }
    if whole.count > 1, whole[0] == UInt8(ascii: "0") { return nil }
    var fraction: [UInt8] = []
    if peek() == UInt8(ascii: ".") {
      index += 1
      guard let read = readDigits() else { return nil }
      fraction = read
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var power = 0
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      index += 1
      var sign = 1
      if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") {
        sign = peek() == UInt8(ascii: "-") ? -1 : 1
        index += 1
      }
      let start = index
      while isDigit(peek()) {
        power = power * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        index += 1
      }
      guard index > start, index - start <= 6 else { return nil }
      power *= sign
    }
    guard index == bytes.count else { return nil }

    let zero = UInt8(ascii: "0")
    var significant = (whole + fraction).drop { $0 == zero }
    var exponent = power - fraction.count
    while significant.last == zero {
      significant.removeLast()
      exponent += 1
    }
    self.digits = String(decoding: significant, as: UTF8.self)
    self.exponent = significant.isEmpty ? 0 : exponent
    self.isNegative = isNegative && !significant.isEmpty
  }

  private var sign: String { isNegative ? "-" : "" }

  /// The nearest `Double`; infinite if the number is too large for one.
  var double: Double {
    digits.isEmpty ? 0 : Double("\(sign)\(digits)e\(exponent)") ?? .nan
  }

  /// Whether the number is whole.
  var isWhole: Bool { exponent >= 0 }

  /// The number as an `Int` if it is exactly one.
  var int: Int? {
    guard isWhole, digits.utf8.count + exponent <= 19 else { return nil }
    return Int("\(sign)\(digits.isEmpty ? "0" : digits)\(String(repeating: "0", count: exponent))")
  }

  /// The one spelling of this number, which YAML 1.1 and 1.2 readers take for a number.
  var canonical: String {
    let count = digits.utf8.count
    if count == 0 { return "0" }
    if exponent >= 0, count + exponent <= 16 {
      return sign + digits + String(repeating: "0", count: exponent)
    }
    if exponent < 0, exponent > -count, count <= 17 {
      return "\(sign)\(digits.prefix(count + exponent)).\(digits.suffix(-exponent))"
    }
    if exponent <= -count, exponent > -count - 5 {
      return "\(sign)0.\(String(repeating: "0", count: -exponent - count))\(digits)"
    }
    let scale = exponent + count - 1
    let rest = count > 1 ? String(digits.dropFirst()) : "0"
    return "\(sign)\(digits.prefix(1)).\(rest)e\(scale < 0 ? "-" : "+")\(scale.magnitude)"
  }
}

/// The `Double` that zero-terminated text says, or nil if it says no finite decimal number.
///
/// `[+-] digits [. digits] [e [+-] digits]`, spaces around allowed; independent of the locale. With at most
/// 15 digits and no power of ten, as a trace has them, it is one exact division and hence correctly rounded
/// (Clinger, "How to read floating point numbers accurately", 1990); everything else goes through the
/// standard library.
func decimal(_ text: UnsafePointer<CChar>) -> Double? {
  let digit0 = CChar(bitPattern: UInt8(ascii: "0"))
  let digit9 = CChar(bitPattern: UInt8(ascii: "9"))
  let minus = CChar(bitPattern: UInt8(ascii: "-"))
  let point = CChar(bitPattern: UInt8(ascii: "."))
  var index = unsafe text[0] == minus ? 1 : 0
  var mantissa: Int64 = 0
  var digits = 0
  var decimals = 0
  var hasPoint = false
  while true {
    let character = unsafe text[index]
    if character >= digit0, character <= digit9 {
      if digits == 15 { return unsafe slowDecimal(text) }
      mantissa = mantissa &* 10 &+ Int64(character &- digit0)
      digits += 1
      if hasPoint { decimals += 1 }
    } else if character == point, !hasPoint {
      hasPoint = true
    } else if character == 0, digits > 0 {
      let magnitude = Double(mantissa) / powersOfTen[decimals]
      return unsafe text[0] == minus ? -magnitude : magnitude
    } else {
      return unsafe slowDecimal(text)
    }
    index += 1
  }
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]

private func slowDecimal(_ text: UnsafePointer<CChar>) -> Double? {
  let written = unsafe String(cString: text).drop { $0 == " " }
  let trimmed = written.prefix { $0 != " " }
  guard written.dropFirst(trimmed.count).allSatisfy({ $0 == " " }),
    trimmed.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }),
    let value = Double(trimmed), value.isFinite
  else { return nil }
  return value
}

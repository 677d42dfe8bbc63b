/// The bytes that hexadecimal digits stand for; spaces are skipped.
func hex(_ digits: String) -> [UInt8] {
  let digits = digits.filter { !$0.isWhitespace }
  return stride(from: 0, to: digits.count, by: 2).map { start in
    let first = digits.index(digits.startIndex, offsetBy: start)
    return UInt8(digits[first...digits.index(after: first)], radix: 16) ?? 0
  }
}

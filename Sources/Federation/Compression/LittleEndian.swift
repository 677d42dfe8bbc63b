/// Words of 32 bits as four bytes, the lowest first.
enum LittleEndian {
  /// Writes a word.
  static func write(_ word: UInt32, into bytes: inout MutableSpan<UInt8>, at place: Int) {
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: word &>> UInt32(8 &* byte)) }
  }

  /// Reads a word.
  static func read(_ bytes: Span<UInt8>, at place: Int) -> UInt32 {
    var word: UInt32 = 0
    for byte in 0..<4 { word |= UInt32(bytes[place + byte]) &<< UInt32(8 &* byte) }
    return word
  }
}

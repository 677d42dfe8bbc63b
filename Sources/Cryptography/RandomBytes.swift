/// Bytes of a generator.
public enum RandomBytes {
  /// So many bytes, eight of each word, the least significant first.
  public static func draw(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let word = generator.next()
      for byte in 0..<min(8, count - bytes.count) { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * byte))) }
    }
    return bytes
  }
}

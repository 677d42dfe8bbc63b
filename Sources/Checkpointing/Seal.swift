import Glibc

/// A checksum over a whole file, appended to it.
///
/// The HDF5 library decodes a file's metadata with little distrust, and neither texts nor the smallest and
/// largest arrays have a checksum of their own. Therefore a checkpoint ends with 24 bytes that HDF5 does not look at,
/// little-endian: the mark `EDGESEAL`, the number of bytes before it, and their checksum. They are verified
/// before the library opens the file. They detect accidents, not forgery. A file that another program wrote
/// or changed has none and is read without: if such a file is damaged, the library itself may crash or not
/// return.
enum Seal {
  private static let mark = Array("EDGESEAL".utf8)
  private static let byteCount = 24
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Appends the seal to the file behind `descriptor`.
  static func append(to descriptor: borrowing Descriptor) throws(SystemError) {
    let end = try descriptor.byteCount()
    let checksum = try checksum(of: descriptor, byteCount: end)
    try descriptor.write(mark + littleEndian(UInt64(end)) + littleEndian(checksum), at: end)
  }

  /// Why the file behind `descriptor` is not a whole HDF5 file with a valid seal, if it has one, as the end
  /// of a sentence; nil when it is.
  static func damage(of descriptor: borrowing Descriptor) throws(SystemError) -> String? {
    let size = try descriptor.byteCount()
    guard size > 0 else { return "the file is empty" }
    var head: [UInt8] = []
    try descriptor.read(48, at: 0, into: &head)
    guard head.starts(with: signature) else { return "the file is not an HDF5 file" }
    var tail: [UInt8] = []
    try descriptor.read(byteCount, at: max(0, size - byteCount), into: &tail)
    let end = declaredEnd(head)
    if let end, UInt64(size) < end { return "the file is truncated: it has \(size) of \(end) bytes" }
    let isMarked = tail.starts(with: mark)
    guard isMarked || (end.map { $0 < UInt64(size) } ?? false) else { return nil }
    let sealed = size - byteCount
    guard isMarked, tail.count == byteCount, word(tail, at: 8) == UInt64(sealed) else {
      return "the file is damaged: its seal is incomplete"
    }
    guard try checksum(of: descriptor, byteCount: sealed) == word(tail, at: 16) else {
      return "the file is damaged: its contents do not match its checksum"
    }
    return nil
  }

  /// The end of the HDF5 file, which a superblock of version 2 or 3 declares at byte 28; nil for others.
  private static func declaredEnd(_ head: [UInt8]) -> UInt64? {
    guard head.count == 48, head[8] == 2 || head[8] == 3, head[9] == 8 else { return nil }
    return word(head, at: 28)
  }

  /// Four interleaved chains, each `h = rotate((h ^ w) · p, 29)` over every fourth little-endian 64-bit word
  /// of the blocks, zeros completing the last; every step is a bijection of the chain, so that a change
  /// within one word is always detected, and others but for about one in 2⁶⁴.
  private static func checksum(
    of descriptor: borrowing Descriptor, byteCount: Int
  ) throws(SystemError) -> UInt64 {
    // Blocks stay in the second-level cache between being read and being summed.
    let blockSize = 1 << 18
    let multiplier = multiplier
    var chains: Chains = (1, 2, 3, 4)
    var block: [UInt8] = []
    var offset = 0
    while offset < byteCount {
      try descriptor.read(min(blockSize, byteCount - offset), at: offset, into: &block)
      guard !block.isEmpty else { throw SystemError(operation: "reading", code: EIO) }
      offset += block.count
      while block.count % 32 != 0 { block.append(0) }
      chains = absorb(unsafe block.span.bytes, into: chains, multiplier)
    }
    return [chains.0, chains.1, chains.2, chains.3].reduce(UInt64(byteCount)) { step($0, $1, multiplier) }
  }

  private typealias Chains = (UInt64, UInt64, UInt64, UInt64)

  /// The chains after whole quadruples of words.
  private static func absorb(_ words: RawSpan, into chains: Chains, _ multiplier: UInt64) -> Chains {
    precondition(words.byteCount % 32 == 0, "\(words.byteCount) bytes are not whole quadruples of words")
    var chains = chains
    for position in stride(from: 0, to: words.byteCount, by: 32) {
      func word(_ index: Int) -> UInt64 {
        unsafe words.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 8 * index, as: UInt64.self)
      }
      chains.0 = step(chains.0, word(0), multiplier)
      chains.1 = step(chains.1, word(1), multiplier)
      chains.2 = step(chains.2, word(2), multiplier)
      chains.3 = step(chains.3, word(3), multiplier)
    }
    return chains
  }

  private static func step(_ chain: UInt64, _ word: UInt64, _ multiplier: UInt64) -> UInt64 {
    let product = (chain ^ UInt64(littleEndian: word)) &* multiplier
    return product << 29 | product >> 35
  }

  /// The number p, 2⁶⁴ over the golden ratio, which the compiler must not know (a page has an even number of
  /// bytes): it would make two products of a rotated one, which take twice as long.
  private static var multiplier: UInt64 { 0x9E37_79B9_7F4A_7C15 ^ UInt64(getpagesize() & 1) }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func littleEndian(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}

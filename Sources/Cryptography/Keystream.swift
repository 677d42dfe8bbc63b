internal import COpenSSL

/// The bytes that AES-256 in counter mode gives for zeros, from counter 0 on: a key stretched to any length.
///
/// Without the key they cannot be told from uniform noise, which holds as long as a key is used for one stream only.
/// Source: NIST SP 800-38A, 2001, section 6.5. It frees itself.
@safe public struct Keystream: ~Copyable {
  private let context: OpaquePointer

  /// The stream of a key of 32 bytes, from a counter block of 16 bytes on; all zero where none is given.
  public init(
    key: [UInt8], counter: [UInt8] = [UInt8](repeating: 0, count: 16)
  ) throws(CryptographyError) {
    unsafe context = try Self.context(key: key, counter: counter)
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Writes the next words of the stream, each of four bytes, the least significant first.
  public mutating func fill(_ words: inout MutableSpan<UInt32>) throws(CryptographyError) {
    try fill(first: words.count, of: &words)
  }

  /// Writes the next words of the stream over the first `count` of `words`.
  public mutating func fill(first count: Int, of words: inout MutableSpan<UInt32>) throws(CryptographyError) {
    precondition(0...words.count ~= count, "\(words.count) words have no first \(count)")
    guard count > 0 else { return }
    let status = unsafe words.withUnsafeMutableBytes { bytes in
      let front = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(4 * count))
      unsafe front.initializeMemory(as: UInt8.self, repeating: 0)
      return unsafe encryptInPlace(front)
    }
    try CryptographyError.check(status, "continuing a keystream")
    if UInt32(1).littleEndian != 1 {
      for index in 0..<count { words[index] = UInt32(littleEndian: words[index]) }
    }
  }

  /// Exclusive-ors a text with the next bytes of the stream, which encrypts and decrypts it.
  public mutating func apply(to text: inout [UInt8]) throws(CryptographyError) {
    guard !text.isEmpty else { return }
    let status = unsafe text.withUnsafeMutableBytes { unsafe encryptInPlace($0) }
    try CryptographyError.check(status, "continuing a keystream")
  }

  private static func context(key: [UInt8], counter: [UInt8]) throws(CryptographyError) -> OpaquePointer {
    precondition(counter.count == 16, "a counter block has 16 bytes, not \(counter.count)")
    let operation = "starting a keystream"
    guard key.count == 32 else {
      throw CryptographyError(operation: operation, reason: "the key has \(key.count) bytes, but AES-256 wants 32")
    }
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .noted(operation) }
    guard unsafe EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nil, key, counter) == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw .noted(operation)
    }
    return unsafe context
  }

  /// In pieces that the library's lengths can count.
  private func encryptInPlace(_ bytes: UnsafeMutableRawBufferPointer) -> Int32 {
    var start = 0
    while start < bytes.count {
      let count = min(bytes.count - start, 1 << 30)
      let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + count])
        .assumingMemoryBound(to: UInt8.self)
      var written: Int32 = 0
      let status = unsafe EVP_EncryptUpdate(context, piece.baseAddress, &written, piece.baseAddress, Int32(count))
      guard status == 1, Int(written) == count else { return 0 }
      start += count
    }
    return 1
  }
}

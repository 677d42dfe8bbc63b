import Cryptography
import Testing

/// Test cases 13, 14 and 16 of D. McGrew, J. Viega, "The Galois/Counter mode of operation", 2005.
struct SealedMessageTests {
  private let zeros = [UInt8](repeating: 0, count: 32)
  private let nonce = [UInt8](repeating: 0, count: 12)

  @Test func `seals the published messages`() throws {
    #expect(try SealedMessage.seal([], key: zeros, nonce: nonce) == hex("530f8afbc74536b9a963b4f1c4cb738b"))
    #expect(
      try SealedMessage.seal([UInt8](repeating: 0, count: 16), key: zeros, nonce: nonce)
        == hex("cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"))
    let half = "feffe9928665731c6d6a8f9467308308"
    let plain = hex(
      """
      d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
      1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
      """)
    let context = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    let sealed = try SealedMessage.seal(
      plain, key: hex(half + half), nonce: hex("cafebabefacedbaddecaf888"), context: context)
    #expect(
      sealed
        == hex(
          """
          522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
          8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
          76fc6ece0f4e1768cddf8853bb2d551b
          """))
    #expect(
      try SealedMessage.open(sealed, key: hex(half + half), nonce: hex("cafebabefacedbaddecaf888"), context: context)
        == plain)
  }

  @Test func `opens nothing that was changed, cut, or sealed otherwise`() throws {
    let message: [UInt8] = Array(0..<50)
    let sealed = try SealedMessage.seal(message, key: zeros, nonce: nonce, context: [1])
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 0x10
      #expect(throws: CryptographyError.self) {
        try SealedMessage.open(changed, key: zeros, nonce: nonce, context: [1])
      }
    }
    let other = [UInt8](repeating: 1, count: 12)
    #expect(throws: CryptographyError.self) { try SealedMessage.open(sealed, key: zeros, nonce: other, context: [1]) }
    #expect(throws: CryptographyError.self) { try SealedMessage.open(sealed, key: zeros, nonce: nonce, context: [2]) }
    #expect(throws: CryptographyError.self) {
      try SealedMessage.open(Array(sealed.prefix(15)), key: zeros, nonce: nonce, context: [1])
    }
  }
}

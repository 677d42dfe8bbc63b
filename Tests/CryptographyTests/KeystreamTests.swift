import Cryptography
import Testing

/// The vector of NIST SP 800-38A, F.5.5.
struct KeystreamTests {
  private let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")

  @Test func `encrypts the standard's blocks, in one piece and in three`() throws {
    let plain = hex(
      """
      6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51
      30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710
      """)
    let sealed = hex(
      """
      601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5
      2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6
      """)
    let counter = Array(UInt8(0xF0)...0xFF)
    var text = plain
    var stream = try Keystream(key: key, counter: counter)
    try stream.apply(to: &text)
    #expect(text == sealed)

    var again = try Keystream(key: key, counter: counter)
    var pieces: [UInt8] = []
    for range in [0..<5, 5..<37, 37..<64] {
      var piece = Array(plain[range])
      try again.apply(to: &piece)
      pieces += piece
    }
    #expect(pieces == sealed)
  }

  @Test func `words are the stream's bytes, the least significant first`() throws {
    var bytes = [UInt8](repeating: 0, count: 40)
    var byBytes = try Keystream(key: key)
    try byBytes.apply(to: &bytes)
    var words = [UInt32](repeating: .max, count: 10)
    var byWords = try Keystream(key: key)
    var span = words.mutableSpan
    try byWords.fill(first: 3, of: &span)
    #expect(words[3] == .max)
    var rest = [UInt32](repeating: 1, count: 7)
    var restSpan = rest.mutableSpan
    try byWords.fill(&restSpan)
    let all = words.prefix(3) + rest
    let expected = stride(from: 0, to: 40, by: 4).map { start in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
    }
    #expect(Array(all) == expected)
  }

  @Test func `refuses a key of the wrong length`() {
    #expect(throws: CryptographyError.self) { _ = try Keystream(key: [1, 2]) }
  }
}

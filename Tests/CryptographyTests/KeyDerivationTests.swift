import Cryptography
import Testing

/// The vectors of RFC 5869, appendix A.1 to A.3.
struct KeyDerivationTests {
  @Test func `derives the standard's keys`() throws {
    let short = try KeyDerivation.key(
      from: [UInt8](repeating: 0x0B, count: 22), salt: Array(0...0x0C), info: Array(0xF0...0xF9), count: 42)
    #expect(
      short == hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
    let long = try KeyDerivation.key(
      from: Array(0...0x4F), salt: Array(0x60...0xAF), info: Array(0xB0...0xFF), count: 82)
    #expect(
      long
        == hex(
          """
          b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
          59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
          cc30c58179ec3e87c14c01d5c1f3434f1d87
          """))
    let bare = try KeyDerivation.key(from: [UInt8](repeating: 0x0B, count: 22), salt: [], info: [], count: 42)
    #expect(
      bare == hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"))
  }
}

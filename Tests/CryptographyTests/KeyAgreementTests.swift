import Cryptography
import Testing

/// The vectors of RFC 7748, sections 5.2 and 6.1.
struct KeyAgreementTests {
  @Test(arguments: [
    (
      "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    ),
    (
      "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    ),
    (
      "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    ),
  ])
  func `agrees on the standard's secrets`(scalar: String, point: String, secret: String) throws {
    #expect(try KeyAgreement(privateKey: hex(scalar)).sharedSecret(with: hex(point)) == hex(secret))
  }

  @Test func `makes the standard's public key`() throws {
    let key = try KeyAgreement(privateKey: hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
    #expect(key.publicKey == hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"))
  }

  @Test func `a thousand iterations give the standard's point`() throws {
    var (scalar, point) = ([9] + [UInt8](repeating: 0, count: 31), [9] + [UInt8](repeating: 0, count: 31))
    for iteration in 1...1000 {
      let next = try KeyAgreement(privateKey: scalar).sharedSecret(with: point)
      (scalar, point) = (next, scalar)
      if iteration == 1 {
        #expect(scalar == hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"))
      }
    }
    #expect(scalar == hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"))
  }

  @Test func `two new keys of the system agree and differ from the next two`() throws {
    var system = SystemRandomNumberGenerator()
    let (a, b) = (try KeyAgreement(using: &system), try KeyAgreement(using: &system))
    #expect(try a.sharedSecret(with: b.publicKey) == b.sharedSecret(with: a.publicKey))
    #expect(a.privateKey != b.privateKey)
  }

  @Test func `refuses a key of the wrong length and a point of small order`() throws {
    #expect(throws: CryptographyError.self) { try KeyAgreement(privateKey: [1, 2, 3]) }
    let key = try KeyAgreement(privateKey: [UInt8](repeating: 7, count: 32))
    #expect(throws: CryptographyError.self) { try key.sharedSecret(with: [UInt8](repeating: 0, count: 31)) }
    #expect(throws: CryptographyError.self) { try key.sharedSecret(with: [UInt8](repeating: 0, count: 32)) }
    #expect(throws: CryptographyError.self) {
      try key.sharedSecret(with: hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"))
    }
  }
}

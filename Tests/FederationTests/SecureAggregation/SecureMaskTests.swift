import Cryptography
import Federation
import Foundation
import TestSupport
import Testing

struct SecureMaskTests {
  @Test func `three parties' masked numbers are those of an independent implementation`() throws {
    struct Content: Decodable {
      var round: UInt64
      var privateKeys, publicKeys: [[UInt8]]
      var values: [[Float]]
      var masked: [[UInt32]]
      var sum: [Double]
    }
    let file = try bytes(project + "/Tests/FederationTests/Fixtures/masks.json")
    let content = try JSONDecoder().decode(Content.self, from: file)
    let numbers = FixedPoint(fractionalBits: 16, terms: 3)
    var total = [UInt32](repeating: 0, count: content.sum.count)
    for own in 0..<3 {
      let key = try KeyAgreement(privateKey: content.privateKeys[own])
      #expect(key.publicKey == content.publicKeys[own])
      var words = try numbers.encode(content.values[own])
      for other in 0..<3 where other != own {
        let mask = try SecureMask.pairKey(
          key, with: content.publicKeys[other], purpose: .pair, round: content.round)
        try SecureMask.apply(key: mask, subtracting: SecureMask.subtracts(own, with: other), to: &words)
      }
      #expect(words == content.masked[own])
      for index in total.indices { total[index] &+= words[index] }
    }
    // 2⁻¹⁰ is a multiple of 2⁻¹⁶, as all others are.
    #expect(numbers.decode(total) == content.sum)
  }

  @Test(arguments: [0, 1, 2047, 2048, 2049, 10_000])
  func `a mask that is added and subtracted leaves nothing, whatever the length`(count: Int) throws {
    let key = [UInt8](repeating: 5, count: 32)
    let original = (0..<count).map { UInt32(truncatingIfNeeded: $0 &* 77_777) }
    var words = original
    try SecureMask.apply(key: key, subtracting: false, to: &words)
    #expect(count == 0 || words != original)
    try SecureMask.apply(key: key, subtracting: true, to: &words)
    #expect(words == original)
  }
}

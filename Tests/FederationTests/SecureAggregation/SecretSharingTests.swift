import Federation
import Foundation
import Randomness
import TestSupport
import Testing

struct SecretSharingTests {
  private struct Case: Decodable {
    var secret: [UInt8]
    var threshold: Int
    var points: [UInt8]
    var shares: [[UInt8]]
  }

  private func shares(of secret: [UInt8], holders: Int, threshold: Int, seed: UInt64) -> [[UInt8]] {
    var stream = RandomStream(seed: seed)
    let coefficients = (0..<(threshold - 1) * secret.count).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
    return (1...holders).map { SecretSharing.share(of: secret, coefficients: coefficients, at: UInt8($0)) }
  }

  @Test func `reads the shares of an independent implementation`() throws {
    struct Content: Decodable { var cases: [Case] }
    let file = try bytes(project + "/Tests/FederationTests/Fixtures/sharing.json")
    for example in try JSONDecoder().decode(Content.self, from: file).cases {
      for start in 0...example.points.count - example.threshold {
        let range = start..<start + example.threshold
        let reconstruction = SecretReconstruction(
          points: Array(example.points[range]), threshold: example.threshold)
        #expect(reconstruction.secret(of: Array(example.shares[range])) == example.secret)
      }
    }
  }

  @Test func `any three of six give the secret back, in any order`() {
    let secret: [UInt8] = (0..<32).map { $0 &* 37 }
    let shares = shares(of: secret, holders: 6, threshold: 3, seed: 1)
    for a in 0..<6 {
      for b in 0..<6 where b != a {
        for c in 0..<6 where c != a && c != b {
          let reconstruction = SecretReconstruction(
            points: [a, b, c].map { UInt8($0 + 1) }, threshold: 3)
          #expect(reconstruction.secret(of: [shares[a], shares[b], shares[c]]) == secret)
        }
      }
    }
  }

  @Test func `all 255 holders with a threshold of 170 give it back`() {
    let secret: [UInt8] = [1, 0, 255]
    let shares = shares(of: secret, holders: 255, threshold: 170, seed: 2)
    let reconstruction = SecretReconstruction(points: Array(1...255), threshold: 170)
    #expect(reconstruction.secret(of: shares) == secret)
  }

  @Test func `two of three holders see every pair of shares equally often, whatever the secret`() {
    // All 65,536 polynomials of degree 2: each pair of values comes exactly once.
    for secret: UInt8 in [0, 1, 77, 255] {
      var seen = [Bool](repeating: false, count: 65_536)
      for first in UInt8.min...UInt8.max {
        for second in UInt8.min...UInt8.max {
          let a = SecretSharing.share(of: [secret], coefficients: [first, second], at: 3)
          let b = SecretSharing.share(of: [secret], coefficients: [first, second], at: 200)
          seen[Int(a[0]) << 8 | Int(b[0])] = true
        }
      }
      #expect(!seen.contains(false))
    }
  }

  @Test func `a share too many tells that one was changed`() {
    let shares = shares(of: [1, 2, 3, 4], holders: 4, threshold: 3, seed: 3)
    let reconstruction = SecretReconstruction(points: [1, 2, 3, 4], threshold: 3)
    #expect(reconstruction.secret(of: shares) == [1, 2, 3, 4])
    for holder in 0..<4 {
      var changed = shares
      changed[holder][2] ^= 1
      #expect(reconstruction.secret(of: changed) == nil)
    }
  }
}

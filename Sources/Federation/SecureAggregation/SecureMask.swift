package import Cryptography

/// The masks that hide a client's numbers and vanish from the sum, and the keys they grow from.
package enum SecureMask {
  /// The keys' salt: what the protocol calls itself, and which of its keys is meant.
  package enum Purpose: String {
    /// The mask that two clients share, which one adds and the other subtracts.
    case pair = "edgewise-secure-aggregation/1"
    /// The mask of one client alone.
    case own = "edgewise-secure-aggregation/1/self"
    /// The encryption of shares between two clients.
    case shares = "edgewise-secure-aggregation/1/shares"
  }

  /// HKDF-SHA256 of a secret; the info is the round as 8 bytes, the most significant first.
  static func key(
    _ purpose: Purpose, from secret: [UInt8], round: UInt64
  ) throws(SecureAggregationError) -> [UInt8] {
    let info = (0..<8).reversed().map { UInt8(truncatingIfNeeded: round >> (8 * $0)) }
    return try attempt { () throws(CryptographyError) in
      try KeyDerivation.key(from: secret, salt: Array(purpose.rawValue.utf8), info: info)
    }
  }

  /// The key of a mask that the holder of a private key and that of a public key share.
  package static func pairKey(
    _ own: KeyAgreement, with other: [UInt8], purpose: Purpose, round: UInt64
  ) throws(SecureAggregationError) -> [UInt8] {
    let secret = try attempt { () throws(CryptographyError) in try own.sharedSecret(with: other) }
    return try key(purpose, from: secret, round: round)
  }

  /// Adds the mask of a key to words modulo 2³², or subtracts it: the AES-256-CTR stream over zeros, four bytes a word,
  /// the least significant first.
  package static func apply(
    key: [UInt8], subtracting: Bool, to words: inout [UInt32]
  ) throws(SecureAggregationError) {
    // Pieces that stay in the nearest cache.
    var piece = [UInt32](repeating: 0, count: min(words.count, 2048))
    var target = words.mutableSpan
    do {
      var stream = try Keystream(key: key)
      var start = 0
      while start < target.count {
        let count = min(piece.count, target.count - start)
        var noise = piece.mutableSpan
        try stream.fill(first: count, of: &noise)
        if subtracting {
          for index in 0..<count { target[start &+ index] &-= noise[index] }
        } else {
          for index in 0..<count { target[start &+ index] &+= noise[index] }
        }
        start += count
      }
    } catch {
      throw SecureAggregationError(.cryptography, "\(error)")
    }
  }

  /// Whether a client subtracts the mask that it shares with another; the one of the lesser number adds it.
  package static func subtracts(_ client: Int, with other: Int) -> Bool { client > other }

  /// Runs what needs the cryptographic library.
  static func attempt<Result: ~Copyable>(
    _ body: () throws(CryptographyError) -> Result
  ) throws(SecureAggregationError) -> Result {
    do { return try body() } catch { throw SecureAggregationError(.cryptography, "\(error)") }
  }
}

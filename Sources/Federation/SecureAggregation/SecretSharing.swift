/// A secret cut into shares of which any `threshold` give it back and fewer say nothing about it.
///
/// Each byte is the value at 0 of a polynomial of degree threshold − 1 over ``BinaryField``, whose other coefficients
/// are random; a share is its value at the holder's point, 1 to 255.
/// Source: A. Shamir, "How to share a secret", Communications of the ACM, 1979.
public enum SecretSharing {
  /// The most holders that a secret can have.
  public static let mostHolders = 255

  /// The share of the holder at a point, as many bytes as the secret has. O(threshold × bytes).
  ///
  /// - Parameter coefficients: [threshold − 1, bytes], uniform, those of the first power first; the same for every
  ///   holder, and for no other secret.
  public static func share(of secret: [UInt8], coefficients: [UInt8], at point: UInt8) -> [UInt8] {
    precondition(point > 0, "the share at point 0 is the secret itself")
    precondition(
      !secret.isEmpty && coefficients.count.isMultiple(of: secret.count),
      "\(coefficients.count) coefficients are not rows of \(secret.count)")
    var share = [UInt8](repeating: 0, count: secret.count)
    for power in stride(from: coefficients.count / secret.count, to: 0, by: -1) {
      let start = (power - 1) * secret.count
      for byte in secret.indices {
        share[byte] = BinaryField.product(share[byte] ^ coefficients[start + byte], point)
      }
    }
    for byte in secret.indices { share[byte] ^= secret[byte] }
    return share
  }
}

/// How secrets come back from the shares of given holders.
///
/// The polynomial through the first `threshold` points is evaluated at 0, and at one further point if there is one:
/// a share that was changed is then found out.
public struct SecretReconstruction: Sendable {
  /// How many shares are needed.
  public let threshold: Int
  private let weights: [UInt8]
  private let proof: [UInt8]

  /// The reconstruction from shares at given points, at least `threshold` of them, all different and none 0.
  public init(points: [UInt8], threshold: Int) {
    precondition(
      threshold >= 1 && points.count >= threshold, "\(points.count) shares are fewer than the \(threshold) needed")
    precondition(
      Set(points).count == points.count && !points.contains(0), "the points of shares are different and not 0")
    self.threshold = threshold
    let used = Array(points.prefix(threshold))
    weights = Self.weights(of: used, at: 0)
    proof = points.count > threshold ? Self.weights(of: used, at: points[threshold]) : []
  }

  /// The secret whose shares are given in the order of the points, or nil if they contradict each other.
  ///
  /// With exactly `threshold` shares there is nothing to contradict.
  public func secret(of shares: [[UInt8]]) -> [UInt8]? {
    precondition(
      shares.count >= threshold && shares.allSatisfy { $0.count == shares[0].count },
      "shares are as many as their points and of one length")
    if !proof.isEmpty, combine(shares, by: proof) != shares[threshold] { return nil }
    return combine(shares, by: weights)
  }

  private func combine(_ shares: [[UInt8]], by weights: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: shares[0].count)
    for (share, weight) in zip(shares, weights) {
      for byte in result.indices { result[byte] ^= BinaryField.product(share[byte], weight) }
    }
    return result
  }

  /// Lagrange's weights: Π (x − xₘ) / (xₖ − xₘ) over m ≠ k.
  private static func weights(of points: [UInt8], at x: UInt8) -> [UInt8] {
    points.map { point in
      points.reduce(1) { weight, other in
        other == point
          ? weight : BinaryField.product(weight, BinaryField.product(x ^ other, BinaryField.inverse(point ^ other)))
      }
    }
  }
}

/// Why a secure sum cannot be formed, in one sentence.
public struct SecureAggregationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure.
  public enum Kind: Sendable, Equatable {
    /// Fewer clients are left than the threshold: the round has no sum.
    case tooFew
    /// A value does not fit into the fixed-point numbers.
    case range
    /// Bytes that are none of the protocol, or a call out of turn.
    case message
    /// The cryptographic library refuses.
    case cryptography
  }

  /// What kind of failure.
  public let kind: Kind
  /// The sentence.
  public let description: String

  /// An error by its sentence.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

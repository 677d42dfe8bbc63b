internal import COpenSSL

/// A failure of the cryptographic library, or bytes that it refuses.
public struct CryptographyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, as in `agreeing on a key`.
  public let operation: String

  /// Why it failed: the library's description, or a property that is refused.
  public let reason: String

  /// Creates the error of an operation.
  public init(operation: String, reason: String) {
    self.operation = operation
    self.reason = reason
  }

  /// One sentence with the operation and the reason.
  public var description: String { "\(operation) failed: \(reason)" }

  /// The error that the library has noted on this thread, whose notes are then empty.
  static func noted(_ operation: String) -> CryptographyError {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard code != 0 else { return CryptographyError(operation: operation, reason: "the library gives no reason") }
    let reason = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
    return CryptographyError(operation: operation, reason: reason ?? "the library's error \(code)")
  }

  /// Passes on a status of success, which is 1, and turns any other into an error.
  static func check(_ status: Int32, _ operation: String) throws(CryptographyError) {
    guard status == 1 else { throw noted(operation) }
  }
}

import CEnvironmentInterface
import Glibc
import Trials

/// Text in memory that C can read, until it is replaced or let go.
@safe final class HeldText: Sendable {
  /// The bytes, with the zero that C wants; never written after they were made.
  nonisolated(unsafe) private let bytes: UnsafeMutablePointer<CChar>?

  init(_ text: String) { unsafe bytes = strdup(text) }

  deinit { unsafe free(bytes) }

  /// Where the text stands.
  @unsafe var pointer: UnsafePointer<CChar>? { unsafe UnsafePointer(bytes) }
}

/// Runs what a call asks for; every function of the interface passes here.
///
/// - Returns: 0, or a code of sysexits, with a sentence kept for ``LastFailure``.
func status(_ body: () throws(Failure) -> Void) -> Int32 {
  do throws(Failure) {
    try body()
    return 0
  } catch {
    LastFailure.note(error.description)
    return error.code.rawValue
  }
}

/// The sentence of the last failure on each thread.
enum LastFailure {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key) { unsafe free($0) }
    return key
  }()

  /// Keeps a sentence for this thread.
  static func note(_ sentence: String) {
    unsafe free(pthread_getspecific(key))
    _ = unsafe pthread_setspecific(key, strdup(sentence))
  }

  /// This thread's sentence; nil before any failure.
  @unsafe static var pointer: UnsafePointer<CChar>? {
    unsafe UnsafePointer(pthread_getspecific(key)?.assumingMemoryBound(to: CChar.self))
  }
}

/// A pointer that a caller gave, which may not be null.
func given<Pointee>(_ pointer: UnsafeMutablePointer<Pointee>?, _ name: String) throws(Failure) -> UnsafeMutablePointer<
  Pointee
> {
  guard let pointer = unsafe pointer else { throw Failure(.usage, "\(name) is null; give room for it") }
  return unsafe pointer
}

/// A text that a caller gave.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(Failure) -> String {
  guard let pointer = unsafe pointer else { throw Failure(.usage, "\(name) is null; give a text") }
  guard let text = unsafe String(validatingCString: pointer) else {
    throw Failure(.usage, "\(name) is not UTF-8; give a text that is")
  }
  return text
}

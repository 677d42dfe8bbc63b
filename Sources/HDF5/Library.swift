import CHDF5
import Synchronization

/// The HDF5 library of this process.
public enum Library {
  private static let turn = Mutex(())

  /// Runs `body` while no other caller of this function runs.
  ///
  /// The library has one global lock and one stack of errors per thread. Whoever opens files wraps the whole
  /// work on a file in one call, without suspension, so that several threads can work on different files.
  /// - Precondition: `body` does not call this function again.
  public static func exclusively<Result: Sendable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try turn.withLock { _ throws(Failure) in try body() }
  }

  /// The library's version, as in `1.10.8`.
  public static var version: String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    _ = unsafe H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }

  /// The library's first call: no work at exit, where handles that failed would make it loop, and no loading
  /// of filters from files that the process did not choose.
  ///
  /// The first has no effect, and fails, where another user of the library in this process came before.
  private static let isReady: Bool = {
    _ = H5dont_atexit()
    return H5open() >= 0 && H5PLset_loading_state(0) >= 0
  }()

  /// Keeps the library from printing errors on this thread; the setting is the thread's own, so it is made
  /// before every call.
  static func silence() {
    precondition(isReady, "the HDF5 library cannot be initialised")
    _ = H5Eset_auto2(chdf5_error_stack(), nil, nil)
  }
}

/// Makes one call of the library and turns a negative status into a typed error.
///
/// Every call that can fail passes here. The description is read on the same thread before anything else can
/// clear it.
func call<Status: SignedInteger>(
  _ operation: @autoclosure () -> String, _ body: () -> Status
) throws(HDF5Error) -> Status {
  Library.silence()
  let status = body()
  guard status < 0 else { return status }
  throw HDF5Error(operation: operation(), reason: innermostDescription())
}

/// What the innermost function said about the last failure on this thread.
private func innermostDescription() -> String {
  var description = ""
  _ = unsafe withUnsafeMutablePointer(to: &description) { target in
    unsafe H5Ewalk2(
      chdf5_error_stack(), H5E_WALK_DOWNWARD,
      { _, entry, target in
        if let text = unsafe entry?.pointee.desc, let target = unsafe target {
          unsafe target.assumingMemoryBound(to: String.self).pointee = unsafe String(cString: text)
        }
        return 0
      }, target)
  }
  return sentence(of: description)
}

/// The part of a library description that helps a person: the system's message where there is one, without
/// times, descriptors and addresses.
private func sentence(of description: String) -> String {
  guard !description.isEmpty else { return "the library gave no reason" }
  let mark = "error message = '"
  guard let end = description.firstIndex(where: { $0 == ":" || $0 == "," }),
    let start = description.indices.first(where: { description[$0...].hasPrefix(mark) })
  else { return description }
  let message = description[start...].dropFirst(mark.count).prefix { $0 != "'" }
  return "\(description[..<end]): \(message)"
}

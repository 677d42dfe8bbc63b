import Glibc

/// A call of the operating system that failed.
struct SystemError: Error {
  let operation: String
  let code: Int32

  /// What was tried and why it failed, as the end of a sentence.
  var reason: String { unsafe "\(operation) failed: \(String(cString: strerror(code)))" }
}

/// Makes one call of the operating system, again when a signal interrupted it, and turns -1 into an error.
@discardableResult
func system<Status: SignedInteger>(
  _ operation: String, _ body: () -> Status
) throws(SystemError) -> Status {
  while true {
    let status = body()
    if status != -1 { return status }
    guard errno == EINTR else { throw SystemError(operation: operation, code: errno) }
  }
}

/// An open file or directory, closed when it goes out of scope.
struct Descriptor: ~Copyable {
  private let number: Int32

  init(opening path: String, _ flags: Int32, for operation: String) throws(SystemError) {
    number = try system(operation) { unsafe open(path, flags | O_CLOEXEC) }
  }

  deinit { _ = close(number) }

  /// Reads up to `count` bytes at `offset` into `bytes`, which it replaces; fewer at the end of the file.
  borrowing func read(_ count: Int, at offset: Int, into bytes: inout [UInt8]) throws(SystemError) {
    if bytes.count != count { bytes = [UInt8](repeating: 0, count: count) }
    var filled = 0
    while filled < count {
      let got = try system("reading") {
        unsafe bytes.withUnsafeMutableBytes { memory in
          unsafe pread(number, memory.baseAddress.map { unsafe $0 + filled }, count - filled, offset + filled)
        }
      }
      if got == 0 { break }
      filled += got
    }
    bytes.removeSubrange(filled...)
  }

  /// Writes all bytes at `offset`.
  borrowing func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      written += try system("writing") {
        unsafe bytes.withUnsafeBytes { memory in
          unsafe pwrite(
            number, memory.baseAddress.map { unsafe $0 + written }, bytes.count - written, offset + written)
        }
      }
    }
  }

  /// Waits until the contents are on the storage device.
  borrowing func synchronize() throws(SystemError) {
    try system("flushing to the storage device") { fsync(number) }
  }

  /// Locks the file for as long as the descriptor is open; false when somebody else holds a lock on it.
  borrowing func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// The size in bytes.
  borrowing func byteCount() throws(SystemError) -> Int {
    var status = stat()
    try system("reading the size") { unsafe fstat(number, &status) }
    return Int(status.st_size)
  }

  /// Closes the descriptor and checks that this worked.
  consuming func finish() throws(SystemError) {
    let number = number
    discard self
    try system("closing") { close(number) }
  }
}

/// What stands at a path, after following links.
enum PathKind {
  case regularFile(byteCount: Int)
  case directory
  case other

  /// Looks at `path`; it throws when there is nothing.
  static func of(_ path: String) throws(SystemError) -> PathKind {
    var status = stat()
    try system("looking for the file") { unsafe stat(path, &status) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regularFile(byteCount: Int(status.st_size))
    case S_IFDIR: return .directory
    default: return .other
    }
  }
}

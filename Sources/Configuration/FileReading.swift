import Glibc

/// Why a file could not be read.
public struct FileReadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as it was named.
  public let path: String
  /// The system's code, as in `errno`.
  public let code: Int32

  /// Whether there is no such file.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// The cause alone, in the system's words.
  public var reason: String { unsafe String(cString: strerror(code)) }

  /// `cannot read PATH: reason`.
  public var description: String { "cannot read \(path): \(reason)" }
}

/// An open file that is read from front to back and closes itself.
struct FileReader: ~Copyable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(FileReadError) {
    self.path = path
    self.descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileReadError(path: path, code: errno) }
  }

  deinit {
    close(descriptor)
  }

  /// Fills the front of `buffer` and returns how many bytes that were; 0 at the end of the file.
  mutating func read(into buffer: inout [UInt8]) throws(FileReadError) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileReadError(path: path, code: errno) }
    }
  }

  /// All the bytes of a file, or nil if it has more than `limit`.
  static func contents(of path: String, limit: Int) throws(FileReadError) -> [UInt8]? {
    var reader = try FileReader(path)
    var contents: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try reader.read(into: &buffer)
      if count == 0 { return contents }
      contents.append(contentsOf: buffer[..<count])
      if contents.count > limit { return nil }
    }
  }
}

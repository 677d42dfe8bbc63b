import CZlib
import Glibc

/// A file that is read from front to back, unpacked if it begins as gzip does, whatever its name.
///
/// The only user of zlib. Members of a gzip file that follow each other count as one; lengths and checksums
/// are checked. It closes itself.
@safe struct GzipReader: ~Copyable {
  private let path: String
  private let file: gzFile

  init(_ path: String) throws(TraceError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.systemError(errno, path: path) }
    guard let file = unsafe gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw TraceError(path: path, message: "cannot be read: there is no memory left", kind: .unreadable)
    }
    unsafe gzbuffer(file, 1 << 17)
    self.path = path
    unsafe self.file = file
  }

  deinit {
    unsafe gzclose_r(file)
  }

  /// Fills the front of `buffer` and returns how many bytes that were; 0 at the end of the file.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    errno = 0
    let count = unsafe gzread(file, buffer.baseAddress, UInt32(buffer.count))
    if count > 0 { return Int(count) }
    var status: Int32 = 0
    let reason = unsafe gzerror(file, &status).map { unsafe String(cString: $0) } ?? ""
    switch status {
    case Z_OK, Z_STREAM_END:
      return 0
    case Z_BUF_ERROR:
      throw TraceError(path: path, message: "the gzip file is cut short; it ends in the middle of its data")
    case Z_ERRNO:
      throw Self.systemError(errno, path: path)
    case Z_MEM_ERROR:
      throw TraceError(path: path, message: "cannot be read: there is no memory left", kind: .unreadable)
    default:
      throw TraceError(path: path, message: "the gzip file is damaged (\(Self.cause(reason)))")
    }
  }

  /// All bytes of a file, unpacked.
  static func contents(of path: String) throws(TraceError) -> [UInt8] {
    var reader = try GzipReader(path)
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { unsafe piece.deallocate() }
    while true {
      let count = unsafe try reader.read(into: piece)
      if count == 0 { return bytes }
      unsafe bytes.append(contentsOf: piece[..<count])
    }
  }

  /// What zlib says, without the name of the file that it puts before.
  private static func cause(_ reason: String) -> Substring {
    reason.lastIndex(of: ":").map { reason[$0...].dropFirst(2) } ?? reason[...]
  }

  private static func systemError(_ code: Int32, path: String) -> TraceError {
    if code == ENOENT || code == ENOTDIR {
      return TraceError(path: path, message: "there is no such file", kind: .missingFile)
    }
    let reason = unsafe String(cString: strerror(code))
    return TraceError(path: path, message: "cannot be read: \(reason)", kind: .unreadable)
  }
}

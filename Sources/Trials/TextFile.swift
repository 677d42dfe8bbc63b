import Glibc

/// Text files that are there whole or not at all.
enum TextFile {
  /// Writes a text beside its place and renames it there.
  static func write(_ text: String, to path: String) throws(Failure) {
    let temporary = "\(path).tmp.\(getpid())"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(.cannotWrite, "cannot write \(path): \(reason())") }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let reason = reason()
        close(descriptor)
        unsafe unlink(temporary)
        throw Failure(.fault, "cannot write \(path): \(reason)")
      }
      bytes = bytes.dropFirst(written)
    }
    guard close(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
      let reason = reason()
      unsafe unlink(temporary)
      throw Failure(.cannotWrite, "cannot write \(path): \(reason)")
    }
  }

  /// Makes a folder with those above it.
  static func makeFolder(_ path: String) throws(Failure) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? "\(part)" : "/\(part)"
      if unsafe mkdir(made, 0o755) != 0, errno != EEXIST, !isFolder(made) {
        throw Failure(.cannotWrite, "cannot make the folder \(made): \(reason())")
      }
    }
    guard isFolder(path) else {
      throw Failure(.cannotWrite, "cannot make the folder \(path): a file stands there")
    }
  }

  /// Where files of a moment may lie.
  static var temporaryFolder: String { unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp" }

  /// Removes a file, if it is there.
  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// The names of what lies in a folder, sorted, without hidden ones; none where there is no such folder.
  static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// How long a file is; nil where there is none.
  static func byteCount(_ path: String) -> Int? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}

internal import FoundationEssentials
internal import Glibc

/// The place of a bundle: a folder that is replaced as a whole, so that a reader never sees half of one.
///
/// The new folder is written and flushed as `NAME.tmp.<pid>` beside the old one, which makes way as
/// `NAME.old.<pid>`, comes back if the new one cannot take its place, and is removed otherwise.
struct BundleFolder {
  private let path: String
  private let target: String
  private let existed: Bool
  private var temporary: String { "\(target).tmp.\(getpid())" }
  private var retired: String { "\(target).old.\(getpid())" }

  /// The place at `path`, which must be free, an empty folder or an earlier bundle.
  init(_ path: String) throws(ExportError) {
    func refused(_ reason: String) -> ExportError { ExportError(.cannotWrite, path: path, reason: reason) }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw refused("the path does not name a folder") }
    self.path = path
    var place = path
    while place.count > 1, place.hasSuffix("/") { place.removeLast() }
    if let real = unsafe realpath(place, nil) {
      defer { unsafe free(real) }
      place = unsafe String(cString: real)
      existed = true
    } else {
      existed = false
    }
    target = place
    guard existed else { return }
    guard target != "/", target != FileManager.default.currentDirectoryPath else {
      throw refused("this folder cannot be replaced, name a new folder inside it")
    }
    var isFolder = false
    guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder else {
      throw refused("something other than a folder is there already")
    }
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: target).sorted()
    } catch {
      throw refused("the folder cannot be read")
    }
    guard !entries.isEmpty else { return }
    guard entries.contains(BundleFile.contract), entries.contains(BundleFile.sums) else {
      throw refused("the folder is neither empty nor an earlier bundle, choose another")
    }
    let listed = Self.listedFiles(in: "\(target)/\(BundleFile.sums)")
    if let foreign = entries.first(where: { $0 != BundleFile.sums && !listed.contains($0) }) {
      throw refused(
        "the folder holds \(foreign), which is no part of the earlier bundle, choose another folder")
    }
  }

  /// Puts a folder of the given files in the place.
  func replace(with files: [BundleFile]) throws(ExportError) {
    do throws(SystemError) {
      if !existed { try createParent() }
      remove(temporary)
      try system("creating the folder") { unsafe mkdir(temporary, 0o777) }
      for file in files { try write(file) }
      try synchronize(temporary, "the new folder")
      try publish()
    } catch {
      remove(temporary)
      throw ExportError(.cannotWrite, path: path, reason: error.reason)
    }
    remove(retired)
    removeLeftovers()
  }

  private func publish() throws(SystemError) {
    if existed {
      remove(retired)
      try system("moving the earlier folder aside") { unsafe rename(target, retired) }
    }
    do throws(SystemError) {
      try system("putting the new folder in place") { unsafe rename(temporary, target) }
    } catch {
      if existed { _ = unsafe rename(retired, target) }
      throw error
    }
    try synchronize(parent, "the folder above")
  }

  private func createParent() throws(SystemError) {
    var prefix = parent.hasPrefix("/") ? "/" : ""
    for part in parent.split(separator: "/") {
      prefix += part
      if unsafe access(prefix, F_OK) != 0 {
        let status = unsafe mkdir(prefix, 0o777)
        guard status == 0 || errno == EEXIST else {
          throw SystemError(operation: "creating the folder \(prefix)", code: errno)
        }
      }
      prefix += "/"
    }
  }

  private func write(_ file: BundleFile) throws(SystemError) {
    let descriptor = try system("creating \(file.name)") {
      unsafe open("\(temporary)/\(file.name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    var written = 0
    do throws(SystemError) {
      while written < file.bytes.count {
        written += try system("writing \(file.name)") {
          unsafe file.bytes.withUnsafeBytes { memory in
            unsafe Glibc.write(
              descriptor, memory.baseAddress.map { unsafe $0 + written }, file.bytes.count - written)
          }
        }
      }
      try system("flushing \(file.name) to the storage device") { fsync(descriptor) }
    } catch {
      _ = close(descriptor)
      throw error
    }
    try system("closing \(file.name)") { close(descriptor) }
  }

  private func synchronize(_ folder: String, _ name: String) throws(SystemError) {
    let descriptor = try system("opening \(name)") { unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { _ = close(descriptor) }
    try system("flushing \(name) to the storage device") { fsync(descriptor) }
  }

  private var parent: String {
    guard let slash = target.lastIndex(of: "/") else { return "." }
    return slash == target.startIndex ? "/" : String(target[..<slash])
  }

  /// Removes a folder of ours, if it is there.
  private func remove(_ folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Removes what exports to this place left behind when their process was killed.
  private func removeLeftovers() {
    let name = target.split(separator: "/").last.map(String.init) ?? target
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
      for prefix in ["\(name).tmp.", "\(name).old."] where entry.hasPrefix(prefix) {
        guard let process = pid_t(entry.dropFirst(prefix.count)), process > 0,
          kill(process, 0) == -1, errno == ESRCH
        else { continue }
        remove("\(parent)/\(entry)")
      }
    }
  }

  /// The names in a list of digests.
  private static func listedFiles(in path: String) -> Set<String> {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return Set(lines.filter { $0.count > 66 }.map { String($0.dropFirst(66)) })
  }
}

/// A call of the operating system that failed.
private struct SystemError: Error {
  let operation: String
  let code: Int32

  /// What was tried and why it failed, as the end of a sentence.
  var reason: String { unsafe "\(operation) failed: \(String(cString: strerror(code)))" }
}

/// Makes one call of the operating system, again when a signal interrupted it, and turns -1 into an error.
@discardableResult
private func system<Status: SignedInteger>(
  _ operation: String, _ body: () -> Status
) throws(SystemError) -> Status {
  while true {
    let status = body()
    if status != -1 { return status }
    guard errno == EINTR else { throw SystemError(operation: operation, code: errno) }
  }
}

import FoundationEssentials
import Glibc

/// The replacement of a file by a new one, so that a reader sees the old contents or the new, never half.
///
/// The new contents are written to `NAME.tmp.<pid>` beside the file, flushed to the device and renamed onto
/// it.
struct Replacement {
  private let target: String
  private let directory: String
  private let name: String

  /// Where the new contents go until they are complete.
  let temporary: String

  /// Prepares the replacement of `path` and removes what dead processes left of theirs.
  init(of path: String) throws(CheckpointError) {
    let slash = path.lastIndex(of: "/")
    target = path
    name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
    directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    temporary = "\(path).tmp.\(getpid())"
    guard !name.isEmpty, !path.utf8.contains(0) else {
      throw CheckpointError(.cannotWrite, path: path, reason: "the path does not name a file")
    }
    do throws(SystemError) {
      guard case .directory = try PathKind.of(directory) else {
        throw SystemError(operation: "opening the folder", code: ENOTDIR)
      }
    } catch {
      let cause = unsafe String(cString: strerror(error.code))
      throw CheckpointError(
        .cannotWrite, path: path, reason: "the folder \(directory) cannot be used: \(cause)")
    }
    if let kind = try? PathKind.of(path) {
      guard case .regularFile = kind else {
        throw CheckpointError(
          .cannotWrite, path: path, reason: "something other than a file is there already")
      }
    }
    removeLeftovers()
    do throws(SystemError) {
      try system("creating the file") {
        let number = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        return number < 0 ? number : close(number)
      }
    } catch {
      throw CheckpointError(.cannotWrite, path: path, reason: error.reason)
    }
    abandon()
  }

  /// Seals the temporary file, waits until it is on the device, and puts it in the place of the file.
  func publish() throws(CheckpointError) {
    do throws(SystemError) {
      let file = try Descriptor(opening: temporary, O_RDWR, for: "opening the new file")
      try Seal.append(to: file)
      guard try file.byteCount() <= CheckpointLimits.fileByteCount else {
        throw SystemError(operation: "writing more than \(CheckpointLimits.fileByteCount) bytes", code: EFBIG)
      }
      try file.synchronize()
      try file.finish()
      try system("putting the new file in place") { unsafe rename(temporary, target) }
      let folder = try Descriptor(opening: directory, O_RDONLY | O_DIRECTORY, for: "opening the folder")
      try folder.synchronize()
      try folder.finish()
    } catch {
      throw CheckpointError(.ioFault, path: target, reason: error.reason)
    }
  }

  /// Marks the temporary file as in use until the descriptor closes; nil where the file system has no locks.
  func claim() -> Descriptor? {
    guard let file = try? Descriptor(opening: temporary, O_RDONLY, for: "opening the new file"), file.lock()
    else { return nil }
    return file
  }

  /// Removes the temporary file.
  func abandon() {
    _ = unsafe unlink(temporary)
  }

  /// Removes the temporaries of this file whose process is gone and that nobody has locked.
  ///
  /// The lock protects a live process whose number means nothing here, as in another container.
  private func removeLeftovers() {
    let prefix = "\(name).tmp."
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
      guard entry.hasPrefix(prefix), let process = pid_t(entry.dropFirst(prefix.count)), process > 0,
        process == getpid() || (kill(process, 0) == -1 && errno == ESRCH)
      else { continue }
      let path = "\(directory)/\(entry)"
      guard let file = try? Descriptor(opening: path, O_RDONLY | O_NONBLOCK, for: "opening"),
        file.lock()
      else { continue }
      _ = unsafe unlink(path)
    }
  }
}

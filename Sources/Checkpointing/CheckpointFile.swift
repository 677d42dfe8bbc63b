import Glibc
import HDF5
public import Snapshots

/// Snapshots in HDF5 files.
///
/// A group is a group, a dataset is a dataset, an attribute an attribute; texts are variable-length UTF-8.
/// The root has two attributes more, `format` = `edgewise-checkpoint` and `format_version` = 1, which are
/// neither part of the snapshot that is written nor of the one that is read. The same snapshot gives the same
/// bytes.
///
/// Arrays of 256 bytes or more are stored in shuffled and compressed chunks with checksums, but floating-point
/// arrays over 4 MiB as they are: they reach the storage device while they are written, and memory in one copy.
/// The whole file has a checksum after its end. Work on files takes turns within a process: several threads may
/// call at once.
public enum CheckpointFile {
  /// What the root attribute `format` says.
  public static let format = "edgewise-checkpoint"

  /// The version that is written, and the newest that can be read.
  public static let formatVersion = 1

  private static let formatName = "format"
  private static let versionName = "format_version"

  /// Writes `snapshot` to the file at `path`, in the place of one that is there.
  ///
  /// The file appears complete and flushed to the storage device, or not at all: on an error the old one is
  /// untouched and nothing is left beside it. A symbolic link at `path` is replaced, not followed.
  ///
  /// It throws `cannotWrite` for a snapshot beyond ``CheckpointLimits`` or a place where no file can be made,
  /// and `ioFault` when writing fails.
  /// - Precondition: The root has no attributes `format` and `format_version` of its own.
  public static func write(_ snapshot: Snapshot, to path: String) throws(CheckpointError) {
    precondition(
      snapshot.attributes[formatName] == nil && snapshot.attributes[versionName] == nil,
      "the root attributes \(formatName) and \(versionName) belong to the file format")
    if let objection = CheckpointLimits.objection(to: snapshot) {
      throw CheckpointError(.cannotWrite, path: path, reason: objection)
    }
    try Library.exclusively { () throws(CheckpointError) in
      let replacement = try Replacement(of: path)
      do throws(CheckpointError) {
        try write(snapshot, through: replacement, to: path)
        try replacement.publish()
      } catch {
        replacement.abandon()
        throw error
      }
    }
  }

  /// Reads the checkpoint at `path`; `only` names the groups and datasets of the root to read, by default
  /// all.
  ///
  /// The attributes of the root are always read. Reading is bounded by ``CheckpointLimits`` and refuses
  /// links, external and virtual storage, unknown filters and unknown element types. A file whose maker is
  /// not trusted should still be checked against a signature first: the library that decodes it was not made
  /// for hostile files.
  ///
  /// It throws `noSuchFile` where no file can be read, `badContent` for a file that is not a checkpoint, is
  /// damaged, newer, or beyond the limits, and `ioFault` when reading fails.
  public static func read(_ path: String, only: Set<String>? = nil) throws(CheckpointError) -> Snapshot {
    try verify(path)
    return try Library.exclusively { () throws(CheckpointError) in
      do throws(Refusal) {
        let file = try refusing { () throws(HDF5Error) in try File.open(path) }
        let root = try refusing { () throws(HDF5Error) in try file.root() }
        try checkFormat(of: root)
        var reader = SnapshotReader()
        var snapshot = try reader.read(root, only: only)
        snapshot.attributes[formatName] = nil
        snapshot.attributes[versionName] = nil
        return snapshot
      } catch {
        throw CheckpointError(.badContent, path: path, reason: error.reason)
      }
    }
  }

  private static func write(
    _ snapshot: Snapshot, through replacement: Replacement, to path: String
  ) throws(CheckpointError) {
    do throws(HDF5Error) {
      let file = try File.create(replacement.temporary)
      let claim = replacement.claim()
      let root = try file.root()
      try root.createAttribute(formatName, .text(format))
      try root.createAttribute(versionName, .integer(Int64(formatVersion)))
      try SnapshotWriter().write(snapshot, to: root)
      try file.flush()
      try file.close()
      _ = consume claim
    } catch {
      throw CheckpointError(.ioFault, path: path, reason: "\(error)")
    }
  }

  /// Checks that a whole, undamaged HDF5 file of bearable size is at `path`.
  private static func verify(_ path: String) throws(CheckpointError) {
    let problem: (kind: CheckpointError.Kind, reason: String)?
    do throws(SystemError) {
      problem =
        switch try PathKind.of(path) {
        case .directory: (.noSuchFile, "this is a folder, not a checkpoint file")
        case .other: (.noSuchFile, "this is not a regular file")
        case .regularFile(let byteCount) where byteCount > CheckpointLimits.fileByteCount:
          (.badContent, "the file has \(byteCount) bytes, more than \(CheckpointLimits.fileByteCount)")
        case .regularFile:
          try Seal.damage(of: Descriptor(opening: path, O_RDONLY, for: "opening the file")).map {
            (.badContent, $0)
          }
        }
    } catch {
      let kind: CheckpointError.Kind = [EIO, EMFILE, ENFILE].contains(error.code) ? .ioFault : .noSuchFile
      throw CheckpointError(
        kind, path: path, reason: error.code == ENOENT ? "there is no such file" : error.reason)
    }
    if let problem { throw CheckpointError(problem.kind, path: path, reason: problem.reason) }
  }

  private static func refusing<Result: ~Copyable>(
    _ body: () throws(HDF5Error) -> Result
  ) throws(Refusal) -> Result {
    do throws(HDF5Error) { return try body() } catch { throw Refusal(reason: "\(error)") }
  }

  /// Checks the format that the root declares.
  private static func checkFormat(of root: borrowing Group) throws(Refusal) {
    let names = try refusing { () throws(HDF5Error) in
      try root.attributeNames(limit: CheckpointLimits.attributeCount)
    }
    guard names.contains(formatName), names.contains(versionName) else {
      throw Refusal(
        reason: "this is an HDF5 file, but not a checkpoint: its root lacks \(formatName) or \(versionName)")
    }
    let declared = try refusing { () throws(HDF5Error) in
      (format: try root.attribute(formatName), version: try root.attribute(versionName))
    }
    guard case .text(format) = declared.format else {
      throw Refusal(reason: "this is not a checkpoint: its root attribute \(formatName) is not \(format)")
    }
    guard case .integer(let version) = declared.version, version >= 1 else {
      throw Refusal(reason: "the root attribute \(versionName) should be a number from 1")
    }
    guard version <= formatVersion else {
      throw Refusal(
        reason:
          "the file has format version \(version), but this program reads none newer than \(formatVersion)")
    }
  }
}

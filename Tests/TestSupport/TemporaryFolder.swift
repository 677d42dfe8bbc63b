public import Foundation

/// A folder for one test, removed with its last owner.
public final class TemporaryFolder: Sendable {
  /// Where it lies.
  public let path: String

  /// A new empty folder.
  public init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "edgewise-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders in its name, and returns its path.
  public func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  /// Writes a file, with the folders in its name, and returns its path.
  public func write(_ data: Data, to name: String) throws -> String {
    let url = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
    return url.path
  }
}

/// Runs `body` with the path of a new folder, which is removed afterwards.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.path) }
}

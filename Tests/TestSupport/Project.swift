public import Foundation

/// The root of the package.
public let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// The contents of a file.
public func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

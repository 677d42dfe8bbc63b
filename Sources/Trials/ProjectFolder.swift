import Glibc

/// Where `Environments`, `Experiments` and `Checkpoints` lie, and how names become paths.
public struct ProjectFolder: Sendable {
  /// The folder that holds them, or nil if none was found.
  public let path: String?

  /// The given folder, or the nearest one from the working folder upward that has an `Environments`.
  public init(root: String?) throws(Failure) {
    if let root {
      guard TextFile.isFolder(root) else {
        throw Failure(.noInput, "--root \(root): there is no such folder")
      }
      path = root
      return
    }
    var folder = Self.workingFolder
    while !TextFile.isFolder("\(folder)/Environments") {
      guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
        path = nil
        return
      }
      folder = String(folder[..<slash])
    }
    path = folder
  }

  private static var workingFolder: String {
    guard let buffer = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(buffer) }
    return unsafe String(cString: buffer)
  }

  /// The scenario file that a path, or an id like `vehicular/highway-offloading`, means.
  public func scenario(_ name: String) -> String { find(name, in: ["\(name)", "Environments/\(name).yaml"]) }

  /// The experiment file that a path, a folder or a name means.
  public func experiment(_ name: String) -> String {
    find(name, in: ["\(name)/experiment.yaml", "\(name)", "Experiments/\(name)/experiment.yaml"])
  }

  /// The checkpoint that a path means; names of rules stay as they are.
  public func policy(_ name: String) -> String { name.hasSuffix(".h5") ? find(name, in: [name]) : name }

  private func find(_ name: String, in candidates: [String]) -> String {
    for candidate in candidates {
      if isFile(candidate) { return candidate }
      if let path, !candidate.hasPrefix("/"), isFile("\(path)/\(candidate)") { return "\(path)/\(candidate)" }
    }
    return name
  }

  private func isFile(_ path: String) -> Bool { TextFile.exists(path) && !TextFile.isFolder(path) }

  /// All files below a folder of the project whose names end in a suffix, as paths from the project's folder.
  public func files(in folder: String, endingIn suffix: String) -> [String] {
    guard let path else { return [] }
    return TextFile.names(in: "\(path)/\(folder)").flatMap { name -> [String] in
      let inner = "\(folder)/\(name)"
      if TextFile.isFolder("\(path)/\(inner)") { return files(in: inner, endingIn: suffix) }
      return name.hasSuffix(suffix) ? [inner] : []
    }
  }
}

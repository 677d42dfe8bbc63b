import Glibc

/// Paths as text: joined, made absolute and made relative.
enum FilePath {
  /// The working directory.
  static var workingDirectory: String {
    guard let buffer = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(buffer) }
    return unsafe String(cString: buffer)
  }

  /// The directory that holds `path`, absolute and without symbolic links where it exists.
  static func directory(ofFile path: String) -> String {
    let parent =
      if let slash = path.lastIndex(of: "/") {
        slash == path.startIndex ? "/" : String(path[..<slash])
      } else {
        "."
      }
    return real(parent)
  }

  /// `path` absolute and without symbolic links if it exists, otherwise absolute by its letters.
  static func real(_ path: String) -> String {
    guard let buffer = unsafe realpath(path, nil) else { return absolute(path, in: workingDirectory) }
    defer { unsafe free(buffer) }
    return unsafe String(cString: buffer)
  }

  /// `path` seen from `directory`, without `.`, `..` and repeated slashes.
  static func absolute(_ path: String, in directory: String) -> String {
    let full = path.hasPrefix("/") ? path : "\(directory)/\(path)"
    return "/" + components(full).joined(separator: "/")
  }

  /// The absolute `path` as one would write it in `directory`.
  static func relative(_ path: String, to directory: String) -> String {
    let target = components(path)
    let base = components(directory)
    var common = 0
    while common < min(target.count, base.count), target[common] == base[common] { common += 1 }
    if common == 0, !base.isEmpty { return path }
    let upward = Array(repeating: "..", count: base.count - common)
    return (upward + target[common...]).joined(separator: "/")
  }

  private static func components(_ path: String) -> [String] {
    var components: [String] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        _ = components.popLast()
      } else {
        components.append(String(part))
      }
    }
    return components
  }
}

import Foundation

/// The paths of all committed scenarios of a kind of environment.
public func committedScenarios(of environment: String) throws -> [String] {
  let root = URL(filePath: project + "/Environments").resolvingSymlinksInPath().path
  let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".yaml") }.sorted()
  return try names.map { root + "/" + $0 }.filter { path in
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").contains("environment: \(environment)")
  }
}

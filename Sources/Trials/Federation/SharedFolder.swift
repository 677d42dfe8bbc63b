import Glibc

extension SiteExchange {
  /// Makes sure that all processes see one folder: each reads what others write, when the best is judged and when a run
  /// is resumed by other processes.
  func requireShared(_ folder: String) throws(Failure) {
    guard !isAlone else { return }
    let own = isServer ? "processes.tmp.\(getpid())" : ""
    if isServer { try TextFile.write("", to: "\(folder)/\(own)") }
    let name = String(decoding: try broadcast(Array(own.utf8)), as: UTF8.self)
    guard TextFile.exists("\(folder)/\(name)") else {
      throw Failure(
        .cannotWrite, "\(folder) is another folder here than for process 0; give all a shared one with --output")
    }
    _ = try anyAgrees(false)
    if isServer { TextFile.remove("\(folder)/\(name)") }
  }
}

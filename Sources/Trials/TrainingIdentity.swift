import Configuration

extension Training {
  /// What will be done, in words that are equal where the work is: the program, all that was read, where it goes, and
  /// what lies there. How many workers do it makes no difference.
  public var identity: String {
    var parts = [
      Release.version, experiment.text, experiment.scenario.digest, "\(seeds)", output, "\(resumes)",
      origin?.digest ?? "",
    ]
    parts += experiment.federation?.clients.map { "\($0.name) \($0.scenario.digest)" } ?? []
    if resumes {
      parts += seeds.map { "\($0) \(TextFile.byteCount("\(folder(of: $0))/last.h5").map(String.init) ?? "none")" }
    }
    return SHA256.hex(of: Array(parts.joined(separator: "\n").utf8))
  }
}

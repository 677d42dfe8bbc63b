import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
  /// The tool that was built beside the tests.
  private static let tool = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
    .appending(path: "edgewise").path

  private static let train = [
    "train", "Experiments/highway-offloading-dqn", "--seed", "5", "--set", "training.steps=3000", "--set",
    "training.checkpoint_every_steps=100", "--set", "algorithm.warmup_steps=200", "--set",
    "algorithm.replay={capacity: 5000}", "--set",
    "selection={every_steps: 500, episodes: 2, final_episodes: 1}",
    "--set", "scenario.time.steps=50", "--set", "scenario.mobility.slots=10", "--quiet", "--output",
  ]

  private func start(_ arguments: [String]) throws -> (process: Process, output: Pipe, errors: Pipe) {
    let process = Process()
    process.executableURL = URL(filePath: Self.tool)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: project)
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let (process, output, errors) = try start(arguments)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let notes = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: notes, as: UTF8.self)
    )
  }

  /// Waits until a file is there, at most half a minute.
  private func waitFor(_ path: String) throws {
    for _ in 0..<3000 where !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
    try #require(FileManager.default.fileExists(atPath: path), "\(path) has not appeared")
  }

  private func expectSameBytes(_ a: String, _ b: String) throws {
    for file in ["last.h5", "best.h5", "metrics.csv"] {
      let left = try Data(contentsOf: URL(filePath: "\(a)/seed-5/\(file)"))
      let right = try Data(contentsOf: URL(filePath: "\(b)/seed-5/\(file)"))
      #expect(left == right, "\(file) differs")
    }
  }

  @Test func `a run killed by SIGKILL and resumed ends in the same bytes as one that was not`() throws {
    try withTemporaryFolder { folder in
      #expect(try run(Self.train + ["\(folder)/whole"]).code == 0)
      var kills = 0
      for pause in [0, 120_000, 60_000] {
        let (process, _, _) = try start(Self.train + ["\(folder)/broken", "--resume"])
        try waitFor("\(folder)/broken/seed-5/last.h5")
        usleep(UInt32(pause))
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
        process.waitUntilExit()
      }
      #expect(kills > 0, "the run was killed in its middle at least once")
      #expect(try run(Self.train + ["\(folder)/broken", "--resume"]).code == 0)
      try expectSameBytes("\(folder)/whole", "\(folder)/broken")
    }
  }

  @Test func `an interrupted run writes a last checkpoint, leaves with 130 and can be resumed`() throws {
    try withTemporaryFolder { folder in
      let (process, _, errors) = try start(Self.train + ["\(folder)/run"])
      try waitFor("\(folder)/run/seed-5/last.h5")
      process.interrupt()
      process.waitUntilExit()
      let notes = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(process.terminationStatus == 130, "\(notes)")
      #expect(notes.contains("--resume"))
      #expect(try run(Self.train + ["\(folder)/run", "--resume"]).code == 0)
      #expect(try run(Self.train + ["\(folder)/whole"]).code == 0)
      try expectSameBytes("\(folder)/whole", "\(folder)/run")
    }
  }

  @Test func `results go to standard output and everything else to standard error`() throws {
    let result = try run([
      "evaluate", "--scenario", "vehicular/trace-offloading", "--policy", "local", "greedy", "--episodes",
      "2",
      "--format", "json", "--set", "scenario.time.steps=20",
    ])
    #expect(result.code == 0)
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect((json?["policies"] as? [Any])?.count == 2)
    let wrong = try run([
      "check", "Environments/vehicular/trace-offloading.yaml", "--set", "scenario.time.step_s=0",
    ])
    #expect(wrong.code == 65)
    #expect(wrong.output.isEmpty)
    #expect(wrong.errors.split(separator: "\n").count == 1)
    #expect(wrong.errors.contains("time.step_s"))
  }
}

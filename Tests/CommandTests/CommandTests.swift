import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
  private static let train = [
    "train", "Experiments/highway-offloading-dqn", "--seed", "5", "--set", "training.steps=3000", "--set",
    "training.checkpoint_every_steps=100", "--set", "algorithm.warmup_steps=200", "--set",
    "algorithm.replay={capacity: 5000}", "--set",
    "selection={every_steps: 500, episodes: 2, final_episodes: 1}",
    "--set", "scenario.time.steps=50", "--set", "scenario.mobility.slots=10", "--quiet", "--output",
  ]

  @Test func `a run killed by SIGKILL and resumed ends in the same bytes as one that was not`() throws {
    try withTemporaryFolder { folder in
      #expect(try Tool.run(Self.train + ["\(folder)/whole"]).code == 0)
      let kills = try Tool.kill(
        Self.train + ["\(folder)/broken", "--resume"], checkpoint: "\(folder)/broken/seed-5/last.h5",
        after: [0, 120_000, 60_000])
      #expect(kills > 0, "the run was killed in its middle at least once")
      #expect(try Tool.run(Self.train + ["\(folder)/broken", "--resume"]).code == 0)
      try Tool.expectSameBytes("\(folder)/whole/seed-5", "\(folder)/broken/seed-5")
    }
  }

  @Test func `an interrupted run writes a last checkpoint, leaves with 130 and can be resumed`() throws {
    try withTemporaryFolder { folder in
      let (process, _, errors) = try Tool.start(Self.train + ["\(folder)/run"])
      try Tool.waitFor("\(folder)/run/seed-5/last.h5")
      process.interrupt()
      process.waitUntilExit()
      let notes = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(process.terminationStatus == 130, "\(notes)")
      #expect(notes.contains("--resume"))
      #expect(try Tool.run(Self.train + ["\(folder)/run", "--resume"]).code == 0)
      #expect(try Tool.run(Self.train + ["\(folder)/whole"]).code == 0)
      try Tool.expectSameBytes("\(folder)/whole/seed-5", "\(folder)/run/seed-5")
    }
  }

  @Test func `results go to standard output and everything else to standard error`() throws {
    let result = try Tool.run([
      "evaluate", "--scenario", "vehicular/trace-offloading", "--policy", "local", "greedy", "--episodes",
      "2",
      "--format", "json", "--set", "scenario.time.steps=20",
    ])
    #expect(result.code == 0)
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect((json?["policies"] as? [Any])?.count == 2)
    let wrong = try Tool.run([
      "check", "Environments/vehicular/trace-offloading.yaml", "--set", "scenario.time.step_s=0",
    ])
    #expect(wrong.code == 65)
    #expect(wrong.output.isEmpty)
    #expect(wrong.errors.split(separator: "\n").count == 1)
    #expect(wrong.errors.contains("time.step_s"))
  }
}

import TestSupport
import Testing
import Trials

/// Scenario files of particle worlds.
@Suite struct ParticleFamilyTests {
  @Test(arguments: ["simple_spread", "simple_speaker_listener", "simple_tag", "simple_adversary"])
  func `the shipped scenarios can be played, with either rewards, motion and kind of action`(name: String) throws {
    let path = "\(project)/Environments/particle-world/\(name).yaml"
    #expect(try Scenario(path).id == "particle-world/\(name)")
    let original = ["motion=original", "continuous=true", "time_limit_steps=7", "rewards=original"]
    for (settings, steps) in [([], 25), (original, 7)] {
      try withTemporaryFolder { folder in
        let scenario = try Scenario(path, overrides: settings.map { try Self.override($0) })
        let written = try Rollout.write(scenario, policy: "random", seed: 1, to: "\(folder)/rows.csv")
        #expect(written.rows % steps == 0 && written.rows / steps >= 2 && written.total.isFinite)
      }
    }
  }

  @Test(arguments: [
    ("rewards: original\nlocal_ratio: 0.5\n", "local_ratio"), ("rewards: shared\n", "rewards"),
    ("rewards: pettingzoo\nlocal_ratio: 1.5\n", "local_ratio"), ("rewards: pettingzoo\nagents: 0\n", "agents"),
    ("rewards: pettingzoo\nobstacles: 2\n", "obstacles"), ("motion: original\n", "rewards"),
  ])
  func `a wrong key or value is refused by its name`(text: String, key: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "id: test\nenvironment: simple_spread\ntime_limit_steps: 25\n\(text)", to: "spread.yaml")
    do {
      try withTemporaryFolder {
        _ = try Rollout.write(try Scenario(path), policy: "random", seed: 0, to: "\($0)/rows.csv")
      }
      Issue.record("\(text) was taken")
    } catch {
      #expect("\(error)".contains(key), "\(error)")
    }
  }

  private static func override(_ typed: String) throws -> Override {
    try Override.forScenario([try Override("scenario.\(typed)")])[0]
  }
}

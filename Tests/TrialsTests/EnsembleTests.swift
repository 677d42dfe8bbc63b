import AllocationCounting
import ClassicControl
import Configuration
import ReinforcementLearning
import TestSupport
import Testing
import Trials

/// Copies of scenarios' worlds, stepped from outside.
@Suite struct EnsembleTests {
  private static let files: [String] =
    (try? ProjectFolder(root: project).files(in: "Environments", endingIn: ".yaml")) ?? []

  private static func scenario(_ path: String, _ settings: [String] = []) throws -> Scenario {
    try Scenario("\(project)/\(path)", overrides: try settings.map { try Override($0) })
  }

  private static func cartPole(_ options: EnsembleOptions, _ settings: [String] = []) throws -> any Ensemble {
    try scenario("Environments/classic-control/CartPole-v1.yaml", settings).ensemble(options)
  }

  /// Σ over steps of the mean reward over those who were there.
  private static func stepReturn(_ ensemble: any Ensemble, _ environment: Int) -> Double {
    var (total, count) = (0.0, 0)
    for (group, part) in ensemble.frame.groups.enumerated() {
      var sum = 0.0
      let slots = part.group.count
      for row in environment * slots..<(environment + 1) * slots where ensemble.endings.acted[group][row] {
        sum += part.rewards[row]
        count += 1
      }
      total += sum
    }
    return count > 0 ? total / Double(count) : 0
  }

  @Test(arguments: files)
  func `plays the very episodes that an evaluation plays`(file: String) async throws {
    let scenario = try Self.scenario(file)
    let evaluation = try await Evaluation.run(scenario, policies: ["random"], episodes: 2, seed: 11, workers: 1)
    var ensemble = try scenario.ensemble(EnsembleOptions(environments: 1, beginsAnew: false))
    ensemble.seed(11, for: .evaluation)
    try ensemble.play("random")
    for expected in evaluation.entries[0].returns {
      var total = 0.0
      ensemble.reset { _ in true }
      while !ensemble.endings.isOver[0] {
        try ensemble.act()
        #expect(try ensemble.step() == 0)
        total += Self.stepReturn(ensemble, 0)
      }
      #expect(total == expected)
    }
  }

  @Test(arguments: files)
  func `begins episodes anew within a step as a vectorised run does, and keeps what was seen last`(
    file: String
  ) throws {
    let options = EnsembleOptions(environments: 3, beginsAnew: true)
    var anew = try Self.scenario(file).ensemble(options)
    var waiting = try Self.scenario(file).ensemble(EnsembleOptions(environments: 3, beginsAnew: false))
    for seeded in [0, 1] {
      anew.seed(UInt64(seeded), for: .training)
      waiting.seed(UInt64(seeded), for: .training)
      anew.reset { _ in true }
      waiting.reset { _ in true }
      try anew.play("random")
      var ended = 0
      for _ in 0..<260 where ended < 3 {
        try anew.act()
        for group in anew.frame.groups.indices {
          waiting.frame.groups[group].actions = anew.frame.groups[group].actions
          waiting.frame.groups[group].continuousActions = anew.frame.groups[group].continuousActions
        }
        _ = try anew.step()
        _ = try waiting.step()
        #expect(anew.endings.isOver == waiting.endings.isOver && anew.endings.acted == waiting.endings.acted)
        let over = waiting.endings.isOver
        ended += over.count { $0 }
        for group in anew.frame.groups.indices {
          let (one, other) = (anew.frame.groups[group], waiting.frame.groups[group])
          #expect(one.rewards == other.rewards && one.terminated == other.terminated)
          #expect(one.truncated == other.truncated)
          let width = other.observations.count / 3
          for index in 0..<3 where over[index] {
            let rows = index * width..<(index + 1) * width
            let isEqual = anew.endings.observations[group][rows] == other.observations[rows]
            #expect(isEqual, "the last observations of \(index)")
          }
        }
        waiting.reset { over[$0] }
        for group in anew.frame.groups.indices {
          let isEqual = anew.frame.groups[group].observations == waiting.frame.groups[group].observations
          #expect(isEqual && anew.frame.groups[group].active == waiting.frame.groups[group].active)
          #expect(anew.frame.groups[group].masks == waiting.frame.groups[group].masks)
        }
      }
    }
  }

  @Test func `agrees with a vectorised run bit for bit`() throws {
    let scenario = try Self.scenario("Environments/classic-control/CartPole-v1.yaml")
    var ensemble = try scenario.ensemble(EnsembleOptions(environments: 5, beginsAnew: true))
    ensemble.seed(4, for: .training)
    ensemble.reset { _ in true }
    var root = try ConfigurationDocument(
      text: "time_limit_steps: 500\n", name: "a.yaml", directory: "/"
    ).root()
    let world = try YardstickFamily<CartPole>.makeWorld(id: "a", from: &root)
    var vector = VectorEnvironment(world, count: 5, seeds: EpisodeSeeds(.training, seed: 4))
    for step in 0..<400 {
      #expect(ensemble.frame.groups[0].observations == vector.frame.groups[0].observations)
      for index in 0..<5 {
        let action: Int32 = (step * 7 + index * 3) % 5 < 3 ? 0 : 1
        ensemble.frame.groups[0].actions[index] = action
        vector.frame.groups[0].actions[index] = action
      }
      _ = try ensemble.step()
      vector.step()
      #expect(ensemble.endings.isOver == vector.frame.episodeOver)
      #expect(ensemble.frame.groups[0].rewards == vector.frame.groups[0].rewards)
      vector.advance()
    }
    #expect(vector.episodes.allSatisfy { $0 > 10 })
  }

  @Test(arguments: [
    ("Environments/classic-control/CartPole-v1.yaml", "time_limit_steps=500"),
    ("Environments/classic-control/Pendulum-v1.yaml", "time_limit_steps=200"),
    ("Environments/particle-world/simple_spread-continuous.yaml", "time_limit_steps=25"),
    ("Environments/vehicular/highway-offloading.yaml", "time.steps=1000"),
  ])
  func `a step does not allocate`(file: String, setting: String) throws {
    var ensemble = try Self.scenario(file, [setting]).ensemble(EnsembleOptions(environments: 4, beginsAnew: true))
    ensemble.reset { _ in true }
    for _ in 0..<300 { _ = try ensemble.step() }
    let before = edgewise_allocations()
    for _ in 0..<100 { _ = try ensemble.step() }
    #expect(edgewise_allocations() - before == 0)
  }

  @Test func `an integer that is no option is refused, and nothing happens`() throws {
    var ensemble = try Self.cartPole(EnsembleOptions(environments: 3, beginsAnew: true))
    ensemble.reset { _ in true }
    let before = ensemble.frame.groups[0].observations
    for wrong: Int32 in [-1, 2, .max, .min] {
      ensemble.frame.groups[0].actions[1] = wrong
      let failure = #expect(throws: Failure.self) { try ensemble.step() }
      #expect(failure?.code == .usage)
      #expect(failure?.description == "environment 1, agent 0: \(wrong) is no option; choose from 0 to 1")
    }
    #expect(ensemble.frame.groups[0].observations == before)
    ensemble.frame.groups[0].actions[1] = 1
    #expect(try ensemble.step() == 0)
  }

  @Test func `numbers come into their range, and what is not finite is refused`() throws {
    var ensemble = try Self.scenario("Environments/classic-control/Pendulum-v1.yaml").ensemble(
      EnsembleOptions(environments: 2, beginsAnew: true))
    ensemble.reset { _ in true }
    ensemble.frame.groups[0].continuousActions = [-7, 3.5]
    _ = try ensemble.step()
    #expect(ensemble.frame.groups[0].continuousActions == [-2, 2])
    for wrong: Float in [.nan, .infinity, -.infinity] {
      ensemble.frame.groups[0].continuousActions = [0, wrong]
      let failure = #expect(throws: Failure.self) { try ensemble.step() }
      #expect(failure?.description.hasPrefix("environment 1, agent 0: \(wrong) is no number") == true)
    }
  }

  @Test func `forbidden choices become idle ones and are counted; empty slots are left alone`() throws {
    let scenario = try Self.scenario(
      "Environments/vehicular/highway-offloading.yaml", ["mobility.flow_per_lane_hz=0.05"])
    var ensemble = try scenario.ensemble(EnsembleOptions(environments: 2, beginsAnew: true))
    ensemble.seed(0, for: .evaluation)
    ensemble.reset { _ in true }
    try ensemble.play("random")
    for _ in 0..<200 where !ensemble.frame.groups[0].active.contains(false) {
      try ensemble.act()
      _ = try ensemble.step()
    }
    let part = ensemble.frame.groups[0]
    let options = part.group.action.maskCount
    var forbidden = 0
    for row in 0..<part.rows {
      let wrong = (1..<options).first { !part.masks[row * options + $0] }
      ensemble.frame.groups[0].actions[row] = Int32(wrong ?? 0)
      if part.active[row], wrong != nil { forbidden += 1 }
    }
    let asked = ensemble.frame.groups[0].actions
    #expect(forbidden > 0 && part.active.contains(false))
    #expect(try ensemble.step() == forbidden)
    for row in 0..<part.rows {
      #expect(ensemble.frame.groups[0].actions[row] == (part.active[row] ? 0 : asked[row]))
    }
  }

  @Test func `an environment without an episode asks to be reset`() throws {
    var ensemble = try Self.cartPole(EnsembleOptions(environments: 2, beginsAnew: false), ["time_limit_steps=3"])
    #expect(throws: Failure.self) { try ensemble.step() }
    ensemble.reset { $0 == 0 }
    let failure = #expect(throws: Failure.self) { try ensemble.step() }
    #expect(failure?.description == "environment 1 has no episode to step in; reset it first")
    ensemble.reset { $0 == 1 }
    for _ in 0..<3 { _ = try ensemble.step() }
    #expect(ensemble.endings.isOver == [true, true])
    #expect(throws: Failure.self) { try ensemble.step() }
    ensemble.reset { _ in true }
    #expect(ensemble.endings.isOver == [false, false])
    _ = try ensemble.step()
  }

  @Test func `metrics of an ended episode are its own, and only kept on request`() throws {
    let scenario = try Self.scenario("Environments/vehicular/trace-offloading.yaml", ["time.steps=12"])
    var kept = try scenario.ensemble(EnsembleOptions(environments: 2, beginsAnew: true, keepsRecords: true))
    var plain = try scenario.ensemble(EnsembleOptions(environments: 2, beginsAnew: true))
    var waiting = try scenario.ensemble(EnsembleOptions(environments: 2, beginsAnew: false))
    kept.reset { _ in true }
    plain.reset { _ in true }
    waiting.reset { _ in true }
    for _ in 0..<12 {
      _ = try kept.step()
      _ = try plain.step()
      _ = try waiting.step()
    }
    #expect(kept.endings.isOver == [true, true])
    #expect(try kept.metrics(of: 1) == waiting.metrics(of: 1))
    #expect(try !kept.metrics(of: 1).isEmpty)
    #expect(throws: Failure.self) { try plain.metrics(of: 1) }
  }

  @Test func `too many environments are refused before anything is made`() throws {
    for count in [0, -3, Int.max, EnsembleOptions.environmentLimit + 1] {
      #expect(throws: Failure.self) { try Self.cartPole(EnsembleOptions(environments: count, beginsAnew: true)) }
    }
  }
}

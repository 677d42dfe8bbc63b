import Configuration
import EdgeCloud
import Glibc
import ReinforcementLearning
import TestSupport
import Testing
import VehicularEdge

/// Tasks that come in bursts or as they were recorded.
@Suite struct TaskArrivalsTests {
  private static let rest =
    "bits_min: 8192, bits_max: 409600, cycles_per_bit_min: 300, cycles_per_bit_max: 737.5, deadline_min_s: 0.1, "
    + "deadline_max_s: 0.9}"

  private func world(_ tasks: String) throws -> VehicularOffloading {
    let parameters = try Scene().parameters([("tasks", "{\(tasks), \(Self.rest)")])
    return VehicularOffloading(parameters)
  }

  private func complaint(_ tasks: String) -> String {
    do {
      _ = try world(tasks)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  /// The share of slots with a task: Σ πᵢ (1 − e^(−λᵢΔ)) but for slots in which the phase changes.
  @Test func `bursts have as many tasks as their phases say, and the world keeps its promises`() throws {
    let world = try world(
      "arrivals: bursty, quiet_rate_hz: 1.2, burst_rate_hz: 16, mean_quiet_s: 3, mean_burst_s: 2")
    #expect(checkEnvironment(world, seeds: [4], steps: 60) == [])
    var chance = RandomController(for: world)
    var (tasks, present, together) = (0.0, 0.0, 0.0)
    for seed in UInt64(0)..<10 {
      var played = world
      played.reset(seed: seed)
      chance.begin(seed: seed)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: world.agentCount)
      var before = [Bool](repeating: false, count: world.agentCount)
      while !outcome.episodeOver {
        var active = [Bool](repeating: false, count: world.agentCount)
        var span = active.mutableSpan
        played.writeActive(group: 0, into: &span)
        for agent in 0..<world.agentCount where active[agent] {
          present += 1
          if played.isDeciding(agent) { tasks += 1 }
          if played.isDeciding(agent), before[agent] { together += 1 }
        }
        for agent in 0..<world.agentCount { before[agent] = active[agent] && played.isDeciding(agent) }
        chance.act(in: played, &action)
        played.step(action, outcome: &outcome)
      }
    }
    let expected = 0.6 * -expm1(-0.12) + 0.4 * -expm1(-1.6)
    #expect((tasks / present - expected).magnitude < 0.02, "\(tasks / present) against \(expected)")
    // Independent slots would have two in a row this often: p². Bursts have far more.
    #expect(together / present > 1.4 * expected * expected)
  }

  @Test func `a recorded log is replayed under every policy alike`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "at,n\n2024-05-01 10:00:00,3\n2024-05-01 10:00:00.45,1\n2024-05-01 10:00:02.2,1\n", to: "log.csv")
    let world = try world("arrivals: replay, log_file: \(folder.path)/log.csv, time_column: at, speed: 2")
    #expect(checkEnvironment(world, seeds: [4], steps: 60) == [])
    var one = world
    var other = world
    one.reset(seed: 3)
    other.reset(seed: 3)
    var chance = RandomController(for: world)
    chance.begin(seed: 1)
    let idle = JointAction(for: world.groups)
    var action = idle
    var outcome = StepOutcome(agents: world.agentCount)
    var tasks = 0
    while !outcome.episodeOver {
      for agent in 0..<world.agentCount {
        #expect(one.isDeciding(agent) == other.isDeciding(agent))
        if one.isDeciding(agent) { tasks += 1 }
      }
      chance.act(in: one, &action)
      one.step(action, outcome: &outcome)
      other.step(idle, outcome: &outcome)
    }
    #expect(tasks > 500)
  }

  @Test func `says what is wrong in one sentence`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("at\n1\n1\n", to: "flat.csv")
    _ = try folder.write("at\n1\nnoon\n", to: "bad.csv")
    #expect(complaint("arrivals: often").contains("tasks.arrivals"))
    #expect(complaint("rate_hz: 1, burst_rate_hz: 3").contains("burst_rate_hz"))
    #expect(complaint("arrivals: bursty, rate_hz: 1").contains("quiet_rate_hz"))
    #expect(complaint("arrivals: replay, log_file: \(folder.path)/none.csv, time_column: at").contains("none.csv"))
    #expect(
      complaint("arrivals: replay, log_file: \(folder.path)/bad.csv, time_column: at").contains("bad.csv:3: 'noon'"))
    #expect(
      complaint("arrivals: replay, log_file: \(folder.path)/bad.csv, time_column: when").contains("no column 'when'"))
    let flat = complaint("arrivals: replay, log_file: \(folder.path)/flat.csv, time_column: at")
    #expect(flat.contains("tasks.log_file") && flat.contains("one time"))
    #expect(
      complaint("arrivals: replay, log_file: \(folder.path)/flat.csv, time_column: at, speed: 0").contains("speed"))
  }
}

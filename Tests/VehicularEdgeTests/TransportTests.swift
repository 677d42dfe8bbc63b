import AllocationCounting
import Baselines
import EdgeCloud
import ReinforcementLearning
import Testing
import VehicularEdge

/// The optimal transport of tasks in this world: what computers can do, the rule, and advice.
@Suite struct TransportTests {
  /// Plays an episode by the greedy rule of costs and looks at every state on the way.
  private func visit(_ scene: Scene, steps: Int = 40, _ look: (VehicularOffloading) -> Void) throws {
    var world = try scene.world(seed: 4)
    var rule = RuleController(GreedyCostRule.self, for: world)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    for _ in 0..<steps {
      look(world)
      rule.act(in: world, &action)
      world.step(action, outcome: &outcome)
    }
  }

  private func advice(_ world: VehicularOffloading, _ settings: TransportAllocation.Settings = .init()) throws
    -> [[Float]]
  {
    let adviser = try #require(TransportAdviser(settings, for: world))
    let advised = world.advised(by: adviser)
    let options = world.groups[0].action.maskCount
    var values = [Float](repeating: -1, count: world.agentCount * options)
    var span = values.mutableSpan
    advised.writeAdvice(group: 0, into: &span)
    return (0..<world.agentCount).map { Array(values[$0 * options..<($0 + 1) * options]) }
  }

  @Test func `a computer is free for its clocks times what waits leave of the time`() throws {
    var scene = Scene()
    scene.rate_Hz = 9
    scene.unitServers = 2
    scene.unitClock_Hz = 3e9
    var loaded: Set<Int> = []
    try visit(scene) { world in
      for agent in 0..<world.deciderCount where world.isDeciding(agent) {
        for option in 1..<scene.options where world.isPermitted(option, for: agent) {
          let wait = world.observedWait_s(at: option, for: agent)
          for time_s in [0.05, 0.6] {
            let left = max(0, time_s - wait)
            switch world.options[option].place {
            case .edge:
              let unit = world.computer(of: option, for: agent) ?? -1
              #expect((0..<6).contains(unit))
              #expect(agree(world.freeCycles(at: unit, within: time_s), 2 * 3e9 * left, absolute: 1))
              if wait > 0 { loaded.insert(unit) }
            case .cloud:
              #expect(world.computer(of: option, for: agent) == 6)
              #expect(agree(world.freeCycles(at: 6, within: time_s), 16 * 5e9 * left, absolute: 1))
            default:
              #expect(world.computer(of: option, for: agent) == nil)
              let clock = world.seen("device_cpu_hz", by: agent)
              #expect(
                agree(world.freeDeviceCycles(for: agent, within: time_s), clock * left, within: 1e-6, absolute: 1))
            }
          }
        }
        #expect(agree(world.cycles(for: agent), world.seen("task_cycles", by: agent), within: 1e-6))
      }
      #expect(world.computerCount == 7)
    }
    #expect(loaded.count > 1, "units had work waiting")
  }

  /// Units in reach are numbered by place, whoever looks: two agents at the same unit mean the same computer.
  @Test func `ranks lead to the unit that the upload is then sent to`() throws {
    var world = try Scene().world(seed: 2)
    var seen = 0
    for _ in 0..<20 {
      var action = JointAction(for: world.groups)
      var wanted: [Int: Int] = [:]
      for agent in 0..<world.deciderCount where world.isDeciding(agent) {
        let options = world.permitted(agent).filter { $0 > 2 }
        guard let option = options.dropFirst(agent % max(options.count, 1)).first else { continue }
        action.discrete[agent] = Int32(option)
        if case .edge = world.options[option].place { wanted[agent] = world.computer(of: option, for: agent) }
      }
      var outcome = StepOutcome(agents: world.agentCount)
      world.step(action, outcome: &outcome)
      for row in world.rows {
        guard let unit = wanted[row.agent] else { continue }
        #expect(Int(row["unit"]) == unit)
        seen += 1
      }
    }
    #expect(seen > 20)
  }

  @Test func `an upload's airtime is its share of the band, if as many others share it as in the last slot`() throws {
    var compared = 0
    try visit(Scene(), steps: 20) { world in
      for agent in 0..<world.deciderCount where world.isDeciding(agent) {
        for option in 3..<21 where world.isPermitted(option, for: agent) {
          let meaning = Scene().meaning(of: option)
          #expect(world.band(of: option, for: agent) != nil)
          guard meaning.place == "edge" else { continue }
          let others = world.seen("unit_\(meaning.rank + 1)_uploads", by: agent)
          let latency = world.predictedLatency_s(of: option, for: agent, from: .observation)
          let upload = latency - world.service_s(of: option, for: agent)
          // Where the upload is not cut and outlasts the wait, it is what the latency has beside the service.
          guard latency.isFinite, upload > world.observedWait_s(at: option, for: agent) + 1e-9 else { continue }
          #expect(agree(world.airtime_s(of: option, for: agent) * (others + 1), upload, within: 1e-6))
          compared += 1
        }
        #expect(world.band(of: 1, for: agent) == nil && world.airtime_s(of: 1, for: agent) == 0)
      }
      #expect(world.bandCount == 6 && world.bandTime_s == 0.1)
    }
    #expect(compared > 100)
  }

  @Test func `advice is a distribution over what is permitted, whatever has weight`() throws {
    for settings in [
      TransportAllocation.Settings(), .init(weights: .init(latency: 1, energy: 0), regularization: 0.01),
      .init(weights: .init(latency: 0, energy: 2), regularization: 3, overflowCost: 0),
    ] {
      try visit(Scene(), steps: 15) { world in
        guard let rows = try? advice(world, settings) else { return }
        for (agent, row) in rows.enumerated() where world.active[agent] {
          let permitted = Set(world.permitted(agent))
          for option in row.indices {
            #expect(row[option] >= 0 && (permitted.contains(option) || row[option] == 0))
          }
          #expect(abs(row.reduce(0, +) - 1) < 1e-5)
          if !world.isDeciding(agent) { #expect(row[0] == 1) }
        }
      }
    }
  }

  @Test func `with hybrid actions a place is advised what all its powers have together; without choices nothing is`()
    throws
  {
    var scene = Scene()
    let world = try scene.world(seed: 7)
    scene.form = .hybrid
    let hybrid = try scene.world(seed: 7)
    let (rows, places) = (try advice(world), try advice(hybrid))
    for (row, place) in zip(rows, places) {
      #expect(place.count == 9 && row.count == 21)
      for option in 0..<3 { #expect(abs(place[option] - row[option]) < 1e-6) }
      for upload in 0..<6 {
        #expect(abs(place[3 + upload] - row[3 + 3 * upload..<6 + 3 * upload].reduce(0, +)) < 1e-6)
      }
    }
    scene.form = .continuous
    #expect(TransportAdviser(.init(), for: try scene.world(seed: 7)) == nil)
  }

  @Test(arguments: [VehicularParameters.Actions.discrete, .hybrid, .continuous])
  func `the rule takes the same permitted options in every form of actions`(form: VehicularParameters.Actions) throws {
    var scene = Scene()
    let discrete = Episode(try scene.world(), seed: 3, TransportController(for: try scene.world()))
    scene.form = form
    let episode = Episode(try scene.world(), seed: 3, TransportController(for: try scene.world()))
    #expect(episode.brokenInvariants.isEmpty && episode.rows.count > 500)
    #expect(episode.rows.allSatisfy { $0.target != "none" && $0.fate != "withdrawn" })
    #expect(episode.rows.map(\.target) == discrete.rows.map(\.target))
    #expect(agree(episode.gain, discrete.gain, within: 1e-6))
    #expect(Set(episode.rows.map(\.target)) == ["device", "edge", "cloud"])
  }

  /// Everybody sees the same empty unit; greedy alone overruns it.
  @Test func `where units are few, deciding for all at once earns more than each for itself`() throws {
    var scene = Scene()
    scene.rate_Hz = 9
    scene.unitClock_Hz = 5e9
    scene.cloudServers = 4
    var (together, alone) = (0.0, 0.0)
    for seed in 0..<5 as Range<UInt64> {
      let world = try scene.world()
      let one = Episode(world, seed: seed, TransportController(for: world)).gain
      let other = Episode(world, seed: seed, RuleController(GreedyCostRule.self, for: world)).gain
      together += one
      alone += other
    }
    #expect(together > alone, "\(together / 5) against \(alone / 5)")
  }

  @Test func `an advised step asks for no memory`() throws {
    let world = try Scene().world()
    let adviser = try #require(TransportAdviser(.init(), for: world))
    var vector = VectorEnvironment(world.advised(by: adviser), count: 2, seeds: EpisodeSeeds(.training, seed: 1))
    for _ in 0..<30 {
      vector.step()
      vector.advance()
    }
    let before = edgewise_allocations()
    for _ in 0..<50 {
      vector.step()
      vector.advance()
    }
    #expect(edgewise_allocations() - before == 0)
  }
}

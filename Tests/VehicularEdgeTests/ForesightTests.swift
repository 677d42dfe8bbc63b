import EdgeCloud
import ReinforcementLearning
import Testing
import VehicularEdge

/// What rules ask beyond the latency, against what then happens.
@Suite struct ForesightTests {
  private func cell(_ row: [RecordValue], _ column: Int) -> Double {
    switch row[column] {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .text: .nan
    }
  }

  /// A task that gives up waits until it does.
  @Test func `tasks at the only unit are those of the records that have not ended`() throws {
    var scene = Scene()
    scene.placement = "columns: 1, rows: 1"
    scene.choices = 1
    scene.reach_m = 2000
    scene.unitClock_Hz = 2e9
    var world = try scene.world(seed: 3)
    let columns = Dictionary(uniqueKeysWithValues: world.recordColumns.enumerated().map { ($1, $0) })
    func index(_ name: String) throws -> Int { try #require(columns[name]) }
    let (target, start, upload) = (try index("target"), try index("time_s"), try index("upload_s"))
    let (wait, compute, fate) = (try index("wait_s"), try index("compute_s"), try index("outcome"))
    let edge = try #require(world.options.firstIndex { $0.place == .edge(rank: 0) })
    var chance = RandomController(for: world)
    chance.begin(seed: 1)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var exits: [Double] = []
    var most = 0
    for step in 0..<150 {
      let now = 0.1 * Double(step)
      for agent in 0..<world.deciderCount where world.isPermitted(edge, for: agent) {
        let inside = exits.count { $0 > now + 1e-12 }
        #expect(world.tasksInside(at: edge, for: agent) == inside)
        most = max(most, inside)
      }
      #expect(world.tasksInside(at: 1, for: 0) == nil)
      chance.act(in: world, &action)
      world.step(action, outcome: &outcome)
      for row in world.records() where row[target] == .text("edge") && row[fate] != .text("cut") {
        exits.append(cell(row, start) + cell(row, upload) + cell(row, wait) + cell(row, compute))
      }
    }
    #expect(most > 5)
  }

  /// Who is alone on the road finds what it was told.
  @Test func `energy, service and deadline are those of the record`() throws {
    var scene = Scene()
    scene.mobility =
      "model: highway, slots: 1, length_m: 2000, lanes_per_direction: 1, lane_width_m: 4, speed_mps: 38.9, "
      + "speed_spread_mps: 3, flow_per_lane_hz: 0.4"
    var seen: Set<String> = []
    for seed in UInt64(0)..<4 {
      var world = try scene.world(seed: seed)
      let columns = Dictionary(uniqueKeysWithValues: world.recordColumns.enumerated().map { ($1, $0) })
      let (energy, compute) = (try #require(columns["energy_j"]), try #require(columns["compute_s"]))
      let (deadline, fate) = (try #require(columns["deadline_s"]), try #require(columns["outcome"]))
      let target = try #require(columns["target"])
      var chance = RandomController(for: world)
      chance.begin(seed: seed)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: 1)
      var isQuiet = false
      for _ in 0..<200 {
        chance.act(in: world, &action)
        let before = world
        world.step(action, outcome: &outcome)
        let wasQuiet = isQuiet
        isQuiet = world.records().allSatisfy { $0[target] == .text("device") }
        guard let row = world.records().first, row[fate] == .text("done") else { continue }
        let option = Int(action.discrete[0])
        let told = before.predictedEnergy_J(of: option, for: 0, from: .trueState)
        // An upload expects the interference of the slot before, its own elsewhere included, but at least the floor of
        // what is reported.
        if wasQuiet || isQuiet { #expect((told / cell(row, energy) - 1).magnitude < (isQuiet ? 1e-9 : 1e-2)) }
        #expect((before.service_s(of: option, for: 0) / cell(row, compute) - 1).magnitude < 1e-9)
        #expect(before.deadline_s(for: 0) == cell(row, deadline))
        seen.insert("\(before.options[option].place)")
      }
    }
    #expect(seen.isSuperset(of: ["device", "edge(rank: 0)", "cloud(rank: 0)"]))
    #expect(try scene.world().energyReference_J == scene.energyReference_J)
  }
}

import EdgeCloud
import Glibc
import IndustrialEdge
import ReinforcementLearning
import Testing

@Suite struct HallTrafficTests {
  /// The share of the served blocks of a long episode against rate and stay of both states.
  @Test func `bursts come for their share of the time, and messages at their rate`() throws {
    let scene = HallScene(
      [
        ("loops.0.count", "1"), ("loops.1.count", "1"), ("robots", "null"), ("inspectors", "null"),
        ("time.steps", "60000"),
      ], name: "inf-dl")
    let traffic = try scene.parameters().monitoring
    #expect((traffic.stream.phases[1].share - 1.0 / 6).magnitude < 1e-12)
    #expect((traffic.stream.meanRate_Hz - 2500).magnitude < 1e-9)
    var world = try scene.world(seed: 3)
    let action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    let burst = world.recordColumns.firstIndex(of: "burst") ?? 0
    let share = world.recordColumns.firstIndex(of: "monitored_share") ?? 0
    var bursts = 0.0
    var blocks = 0.0
    repeat {
      world.step(action, outcome: &outcome)
      let row = world.records()[0]
      bursts += row[burst].number
      blocks += row[share].number * 1020
    } while !outcome.episodeOver
    // Cycles of 0.6 s: 1000 of them in 600 s; shares of exponential stays spread as 1/√cycles.
    #expect((bursts / 60_000 - 1.0 / 6).magnitude < 3 * (1.0 / 6) * (5.0 / 6) * (2.0 / 1000).squareRoot())
    #expect((blocks / (60_000 * 0.01 * 2500 * 2) - 1).magnitude < 0.12)
  }

  /// A robot is served by the nearest node: of the places it visits, the expected number in sight is Σ P(LOS).
  @Test func `robots are in sight of their node as often as the law says`() throws {
    let scene = HallScene([("time.steps", "2"), ("loops", "[]"), ("inspectors", "null")], name: "inf-sh")
    let model = try scene.parameters().radio.model
    var world = try scene.world()
    let action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    let columns = world.recordColumns
    var expected = 0.0
    var variance = 0.0
    var clear = 0.0
    for seed in 0..<1500 as Range<UInt64> {
      world.reset(seed: seed)
      world.step(action, outcome: &outcome)
      for record in world.records() {
        let row = Dictionary(uniqueKeysWithValues: zip(columns, record))
        let distance = row["distance_m"]?.number ?? .nan
        let probability = exp(-distance / model.lineOfSightDistance_m)
        expected += probability
        variance += probability * (1 - probability)
        clear += row["los"]?.number ?? .nan
        let loss = model.pathLoss_dB(
          distance3D_m: (distance * distance + 42.25).squareRoot(), lineOfSight: row["los"] == .integer(1))
        #expect((loss - (row["path_loss_db"]?.number ?? .nan)).magnitude < 1e-9)
      }
    }
    #expect((clear - expected).magnitude < 3 * variance.squareRoot())
  }

  /// Between two steps without a change of node, the shadowing of a robot keeps e^(−Δ/10 m) of itself.
  @Test func `a robot's shadowing forgets over ten metres`() throws {
    let world = try HallScene(
      [
        ("time.steps", "400"), ("loops", "[]"), ("inspectors", "null"), ("robots.speed_mps", "50"),
        ("hall.columns", "1"), ("hall.rows", "1"), ("radio.clutter", "hh"), ("radio.clutter_height_m", "null"),
      ], name: "inf-sh"
    ).world()
    var products = 0.0
    var squares = 0.0
    var count = 0.0
    for seed in 0..<6 as Range<UInt64> {
      let episode = HallEpisode(world, seed: seed, RandomController(for: world), keepsRows: true)
      for first in stride(from: 0, to: episode.rows.count - 40, by: 1) {
        // Twenty steps of half a metre are ten metres of way.
        let later = episode.rows[first + 4 * 20]["shadowing_db"]?.number
        guard first + 80 < episode.rows.count, let later else { break }
        let now = episode.rows[first]["shadowing_db"]?.number ?? .nan
        products += now * later
        squares += now * now
        count += 1
        if first + 81 >= episode.rows.count { break }
      }
    }
    // Corners shorten no way: the process runs over the distance driven from step to step.
    #expect((squares / count).squareRoot() > 3.6 && (squares / count).squareRoot() < 5.0)
    #expect((products / squares - exp(-1)).magnitude < 0.12)
  }
}

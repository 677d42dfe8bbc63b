import EdgeCloud
import Snapshots
import ReinforcementLearning
import Glibc
import TestSupport
import Testing
import VehicularEdge

/// The channel as a stochastic process, judged from outside: an audit of single values is in `SettlementTests`.
@Suite struct LinkFieldTests {
  /// A highway on which every vehicle has a task in every slot, so that the table shows every position.
  private func played() throws -> Episode {
    var scene = Scene()
    scene.rate_Hz = 1e6
    return Episode(carelessly: try scene.world(), seed: 11)
  }

  /// Moments of numbers that should be independent and standard normal.
  private func expectStandardNormal(_ values: [Double], _ what: String) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let inOne = Double(values.count { $0.magnitude < 1 }) / n
    #expect(mean.magnitude < 4 / n.squareRoot(), "\(what): mean \(mean)")
    #expect((variance - 1).magnitude < 4 * (2 / n).squareRoot(), "\(what): variance \(variance)")
    #expect((inOne - 0.682_689).magnitude < 4 * (0.2166 / n).squareRoot(), "\(what): \(inOne) within 1")
  }

  @Test func `shadowing and line of sight keep e^(−move÷distance) of themselves and renew the rest`() throws {
    let episode = try played()
    let scene = Scene()
    var shadowNoise: [Double] = []
    var clearNoise: [Double] = []
    for (before, after) in zip(episode.moments, episode.moments.dropFirst()) {
      let links = try Links(before.before, scene: scene, world: episode.world)
      let old = (try before.before.doubles("link_shadowing"), try before.before.doubles("link_line_of_sight"))
      let new = (try after.before.doubles("link_shadowing"), try after.before.doubles("link_line_of_sight"))
      let places = Dictionary(uniqueKeysWithValues: before.rows.map { ($0.agent, $0) })
      for row in after.rows where !before.outcome.terminated[row.agent] {
        guard let last = places[row.agent] else { continue }
        let moved_m = hypot(row["x_m"] - last["x_m"], row["y_m"] - last["y_m"])
        for link in row.agent * 6..<row.agent * 6 + 6 {
          let shadow = exp(-moved_m / (links.isClear[link] ? 10 : 13))
          let clear = exp(-moved_m / 50)
          shadowNoise.append((new.0[link] - shadow * old.0[link]) / (1 - shadow * shadow).squareRoot())
          clearNoise.append((new.1[link] - clear * old.1[link]) / (1 - clear * clear).squareRoot())
        }
      }
    }
    #expect(shadowNoise.count > 20_000)
    expectStandardNormal(shadowNoise, "shadowing")
    expectStandardNormal(clearNoise, "line of sight")
    let product = zip(shadowNoise, clearNoise).reduce(0) { $0 + $1.0 * $1.1 } / Double(shadowNoise.count)
    #expect(product.magnitude < 4 / Double(shadowNoise.count).squareRoot(), "the two are independent")
    let lagged = zip(shadowNoise, shadowNoise.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect((lagged / Double(shadowNoise.count)).magnitude < 4 / Double(shadowNoise.count).squareRoot())
  }

  @Test func `fading is exponential with mean one and new for every link in every slot`() throws {
    let episode = try played()
    var fading: [Double] = []
    var repeated = 0
    for (before, after) in zip(episode.moments, episode.moments.dropFirst()) {
      let old = try before.before.doubles("link_fading")
      let new = try after.before.doubles("link_fading")
      for slot in 0..<40 where before.active[slot] && after.active[slot] {
        for link in slot * 6..<slot * 6 + 6 {
          fading.append(new[link])
          if new[link] == old[link] { repeated += 1 }
        }
      }
    }
    let n = Double(fading.count)
    #expect(repeated == 0 && n > 20_000 && Set(fading).count == fading.count)
    #expect((fading.reduce(0, +) / n - 1).magnitude < 4 / n.squareRoot())
    for level in [0.1, 1, 3] {
      let share = Double(fading.count { $0 > level }) / n
      #expect((share - exp(-level)).magnitude < 4 * (exp(-level) * (1 - exp(-level)) / n).squareRoot())
    }
  }

  @Test func `a vehicle that returns begins with new processes and the same computer`() throws {
    let folder = try TemporaryFolder()
    let (a, b) = (Place("a", 15, 0), Place("b", 0, 15))
    var scene = Scene()
    let trace = try folder.writeTrace([(0, [a, b]), (1, [a, b]), (2, [b]), (3, [a, b]), (5, [a, b])])
    scene.mobility = "model: trace, slots: 2, antenna_setback_m: 0, fcd_file: \(trace)"
    scene.steps = 50
    let episode = Episode(carelessly: try scene.world(), seed: 1)
    let shadow = try [10, 11, 29, 30, 31].map { try episode.moments[$0].before.doubles("link_shadowing")[0] }
    #expect(episode.moments[11].active == [false, true] && episode.moments[30].active == [true, true])
    #expect(shadow[3] != shadow[0] && shadow[3] == shadow[4], "a vehicle that stands still keeps its shadowing")
    let clocks = try [0, 30].map { try episode.moments[$0].before.doubles("device_cpu_hz") }
    #expect(clocks[0] == clocks[1] && clocks[0][0] != clocks[0][1])
    #expect(clocks[0].allSatisfy { (0.4e9...1.5e9).contains($0) })
  }
}

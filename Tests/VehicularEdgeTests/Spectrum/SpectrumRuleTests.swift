import Baselines
import EdgeCloud
import ReinforcementLearning
import Testing
import VehicularEdge

@Suite struct SpectrumRuleTests {
  private func choices<Rule: SpectrumRule>(_ type: Rule.Type, in world: SpectrumSharing) -> [SpectrumChoice] {
    var rule = Rule(links: world.linkCount, blocks: world.blockCount, powers: world.powers_dBm.count)
    rule.begin(seed: 0)
    var choices = [SpectrumChoice](repeating: SpectrumChoice(block: 0, power: 0), count: world.linkCount)
    rule.choose(in: world, &choices)
    return choices
  }

  /// The sum of the slot's V2V rates when the choices are played.
  private func sumRate(_ choices: [SpectrumChoice], in world: SpectrumSharing) -> Double {
    var world = world
    world.play(choices.map { Int32($0.block * world.powers_dBm.count + $0.power) })
    return world.rows.reduce(0) { $0 + ($1["rate_bps"].isNaN ? 0 : $1["rate_bps"]) }
  }

  @Test func `the exhaustive rule is the best of all joint choices that can be played`() throws {
    var scene = SpectrumScene()
    scene.vehicles = 3
    scene.blocks = 2
    scene.powers_dBm = [-100, 23]
    for seed in 0..<6 as Range<UInt64> {
      let world = try scene.world(seed: seed)
      let best = sumRate(choices(MaxV2VRule.self, in: world), in: world)
      var greatest = 0.0
      for joint in 0..<64 {
        let trial = (0..<3).map { link in
          SpectrumChoice(block: (joint >> (2 * link)) & 1, power: (joint >> (2 * link + 1)) & 1)
        }
        greatest = max(greatest, sumRate(trial, in: world))
      }
      #expect(agree(best, greatest))
      // The ascent is never better, and from its choice no link alone can rise.
      let climbed = choices(AscentV2VRule.self, in: world)
      let reached = sumRate(climbed, in: world)
      #expect(reached <= best * (1 + 1e-9))
      for link in 0..<3 {
        for option in 0..<4 {
          var trial = climbed
          trial[link] = SpectrumChoice(block: option / 2, power: option % 2)
          #expect(sumRate(trial, in: world) <= reached * (1 + 1e-9) + 1e-3)
        }
      }
    }
  }

  @Test func `all joint choices are tried up to a million only`() {
    #expect(MaxV2VRule.fits(links: 4, blocks: 4, powers: 4) && !MaxV2VRule.fits(links: 5, blocks: 4, powers: 4))
    #expect(!MaxV2VRule.fits(links: 40, blocks: 40, powers: 4))
  }

  @Test func `rules do what their names say`() throws {
    var world = try SpectrumScene().world(seed: 2)
    #expect(choices(MaxPowerRule.self, in: world) == (0..<4).map { SpectrumChoice(block: $0, power: 3) })
    #expect(choices(SilentRule.self, in: world).allSatisfy { $0.power == 0 })
    world.play([3, 3, 3, 3])
    for (link, choice) in choices(LeastInterferenceRule.self, in: world).enumerated() {
      let seen = (1...4).map { world.seen("interference_\($0)_dbm", by: link) }
      #expect(choice.power == 3 && seen[choice.block] == seen.min())
    }
    var rule = OrthogonalRule(links: 4, blocks: 4, powers: 4)
    var taken = [SpectrumChoice](repeating: SpectrumChoice(block: 0, power: 0), count: 4)
    for turn in 0..<6 {
      rule.choose(in: world, &taken)
      #expect(taken == (0..<4).map { SpectrumChoice(block: ($0 + turn) % 4, power: 3) })
    }
  }

  /// A choice is the same transmission in all three forms of actions.
  @Test func `a rule sends the same in every form of actions`() throws {
    var tables: [[[String]]] = []
    for actions in ["discrete", "hybrid", "continuous"] {
      var scene = SpectrumScene()
      scene.actions = actions
      let world = try scene.world()
      let controller = SpectrumRuleController(AscentV2VRule.self, for: world) { world, link, choice, action in
        world.write(block: choice.block, power: choice.power, for: link, into: &action)
      }
      let played = world.episode(seed: 4, controller, rows: true)
      tables.append(
        played.rows.map { $0.map { "\($0["block"]) \($0["tx_power_w"]) \($0["interference_w"]) \($0["reward"])" } })
    }
    #expect((tables[0] == tables[1]) as Bool)
    #expect((tables[0] == tables[2]) as Bool)
  }
}

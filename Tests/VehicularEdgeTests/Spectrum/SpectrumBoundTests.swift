import Baselines
import EdgeCloud
import ReinforcementLearning
import Testing
import VehicularEdge

@Suite struct SpectrumBoundTests {
  private func controllers(_ world: SpectrumSharing) -> [any Controller<SpectrumSharing>] {
    func rule<Rule: SpectrumRule>(_ rule: Rule.Type) -> any Controller<SpectrumSharing> {
      SpectrumRuleController(rule, for: world) { world, link, choice, action in
        world.write(block: choice.block, power: choice.power, for: link, into: &action)
      }
    }
    return [
      RandomController(for: world), rule(SilentRule.self), rule(MaxPowerRule.self), rule(OrthogonalRule.self),
      rule(LeastInterferenceRule.self), rule(AscentV2VRule.self),
    ]
  }

  @Test(arguments: ["discrete", "hybrid", "continuous"], ["tr36885", "liang2019-compat"])
  func `no policy returns more than the bound`(actions: String, channel: String) throws {
    var scene = channel == "tr36885" ? SpectrumScene() : SpectrumScene.compat
    scene.actions = actions
    scene.uplinkWeight = 0.5
    scene.vehicles = 6
    scene.blocks = 3
    scene.periods = 2
    let world = try scene.world()
    for seed in 0..<4 as Range<UInt64> {
      let bound = try #require(world.returnBound(seed: seed))
      for controller in controllers(world) {
        let gain = world.episode(seed: seed, controller).gain
        #expect(gain <= bound)
      }
    }
  }

  /// One link without an uplink on its block: sending at full power on the best block is the bound, unless done.
  @Test func `the bound is reached where nobody disturbs`() throws {
    var scene = SpectrumScene()
    scene.vehicles = 2
    scene.blocks = 8
    scene.payload_bits = 1e9
    scene.powers_dBm = [23]
    scene.uplinkWeight = 0
    scene.linkWeight = 1
    scene.extra = ", v2i_shadowing_correlation: 0"
    let world = try scene.world()
    for seed in 0..<5 as Range<UInt64> {
      let bound = try #require(world.returnBound(seed: seed))
      var played = world
      played.reset(seed: seed)
      var gain = 0.0
      for _ in 0..<100 {
        // The best block of link 0 against the uplinks; link 1 as well, elsewhere if it can.
        var options: [Int32] = []
        for link in 0..<2 {
          let ratios = (0..<8).map {
            played.observedGain(link: link, block: $0) / played.trueFloor_W(link: link, block: $0)
          }
          options.append(Int32(ratios.indices.max { ratios[$0] < ratios[$1] } ?? 0))
        }
        gain += played.play(options).rewards[0]
      }
      // Only slots in which both chose one block fall short.
      #expect(gain <= bound && gain > 0.6 * bound, "\(gain) of \(bound)")
    }
  }

  @Test func `asking for the bound changes nothing`() throws {
    let world = try SpectrumScene().world(seed: 5)
    let before = world.snapshot()
    _ = world.returnBound(seed: 9)
    #expect((world.snapshot() == before) as Bool)
  }

  /// Once the relaxed link can be done it is worth 1 a slot: with a payload of one bit and a cap below 10 bit/s/Hz the
  /// bound of the links is a slot each, whatever they do.
  @Test func `a payload that one slot delivers is worth one a slot`() throws {
    var scene = SpectrumScene()
    scene.payload_bits = 1
    scene.uplinkWeight = 0
    scene.linkWeight = 1
    let bound = try #require(try scene.world().returnBound(seed: 1))
    #expect(agree(bound, 100, within: 1e-8))
  }
}

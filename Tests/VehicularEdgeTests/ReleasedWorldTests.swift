import Baselines
import Configuration
import EdgeCloud
import ReinforcementLearning
import TestSupport
import Testing
import VehicularEdge

/// Checkpoints and results were released for these scenarios: their physics may not move.
@Suite struct ReleasedWorldTests {
  /// Σ of all rewards of the episode of a seed, written by the version before links were computed where they are read.
  @Test(arguments: [
    ("highway-offloading", 0, -1660.970_248_682_875_8, -1627.090_178_726_276),
    ("highway-offloading", 1, -1706.718_384_895_004_6, -1648.085_761_630_400_4),
    ("highway-offloading-hybrid", 0, -1660.970_248_682_875_8, -1627.090_178_726_276),
    ("trace-offloading", 0, -1312.487_445_581_569, -1321.059_223_418_008_7),
    ("trace-offloading", 1, -1333.304_978_339_917_6, -1287.684_947_880_339_2),
    ("trace-offloading-hybrid", 1, -1333.304_978_339_917_6, -1287.684_947_880_339_2),
  ])
  func `rules earn in committed scenarios what they earned`(
    scenario: String, seed: UInt64, cost: Double, oracle: Double
  ) throws {
    var root = try ConfigurationDocument(contentsOf: project + "/Environments/vehicular/\(scenario).yaml").root()
    let id = try root.text("id")
    _ = try root.text("environment")
    let world = VehicularOffloading(try VehicularParameters(id: id, from: &root))
    func sum<Rule: OffloadingRule>(_ rule: Rule.Type) -> Double {
      Episode(world, seed: seed, RuleController(rule, for: world)).moments.reduce(0) {
        $0 + $1.outcome.rewards.reduce(0, +)
      }
    }
    #expect(agree(sum(GreedyCostRule.self), cost))
    #expect(agree(sum(GreedyOracleRule.self), oracle))
  }
}

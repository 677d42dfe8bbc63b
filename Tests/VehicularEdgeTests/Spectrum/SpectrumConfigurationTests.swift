import Configuration
import EdgeCloud
import ReinforcementLearning
import TestSupport
import Testing
import VehicularEdge

@Suite struct SpectrumConfigurationTests {
  @Test(arguments: [
    ("radio.blocks", "0", "from 1 to 1000"),
    ("radio.v2v_powers_dbm", "[23, 5]", "the powers must rise"),
    ("radio.v2v_powers_dbm", "[-100]", "no power above -100 dBm"),
    ("mobility.vehicles", "1", "from 2 to 20000"),
    ("mobility.vehicles", "5000", "the streets hold"),
    ("mobility.left_turn", "0.9", "more than 1 together"),
    ("mobility.block_width_m", "12", "greater than 20"),
    ("mobility.headway_s", "2", "unknown key"),
    ("channel", "liang", "one of 'liang2019-compat', 'tr36885'"),
    ("actions", "box", "one of 'discrete'"),
    ("reward.v2i_weight", "-1", "from 0 to"),
    ("radio.range", "3", "did you mean 'range_m'"),
    ("time.periods", "100000000", "whole number"),
  ])
  func `bad input is one sentence that names the key`(key: String, value: String, message: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try SpectrumScene().parameters([(key, value)]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func `real numbers for powers need two of them`() {
    var scene = SpectrumScene()
    scene.actions = "hybrid"
    scene.powers_dBm = [-100, 23]
    let error = #expect(throws: ConfigurationError.self) { try scene.parameters() }
    #expect(error?.description.contains("there is one only") == true)
  }

  @Test(arguments: [
    "liang2019-compat", "tr36885-spectrum", "tr36885-spectrum-20", "tr36885-spectrum-40", "tr36885-spectrum-200",
  ])
  func `the scenarios that ship are read and keep their promises`(name: String) throws {
    let document = try ConfigurationDocument(contentsOf: "\(project)/Environments/vehicular/\(name).yaml")
    var root = document.root()
    let id = try root.text("id")
    #expect(id == "vehicular/\(name)")
    #expect(try root.text("environment") == "vehicular-spectrum")
    let parameters = try SpectrumParameters(id: id, from: &root)
    try root.finish()
    let steps = parameters.vehicles > 20 ? 3 : 120
    #expect(
      checkEnvironment(SpectrumSharing(parameters), seeds: [1], steps: steps).map(\.description) == [])
  }

  @Test func `the base stands where it is put`() throws {
    var scene = SpectrumScene()
    scene.base = "base: {x_m: 10, y_m: 20}"
    #expect(try scene.parameters().base_m == (10, 20))
    #expect(try SpectrumScene().parameters().base_m == (125, 216.5))
    #expect(try SpectrumScene.compat.parameters().base_m == (375, 649.5))
    #expect(try SpectrumScene.compat.parameters().radio.spectralEfficiencyCap == .infinity)
    #expect(try SpectrumScene().parameters().radio.spectralEfficiencyCap == Link.bestSpectralEfficiency)
  }
}

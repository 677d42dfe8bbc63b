import NeuralNetworks
import Policies
import Snapshots
import Testing

struct PolicyRecordsTests {
  let good = Fixture.checkpoint(of: Fixture.mixed)

  /// Changes the group at a path below another.
  static func edit(_ snapshot: inout Snapshot, at path: ArraySlice<String>, _ change: (inout Snapshot) -> Void) {
    guard let first = path.first else { return change(&snapshot) }
    guard case .group(var group)? = snapshot[first] else {
      Issue.record("there is no group \(first)")
      return
    }
    edit(&group, at: path.dropFirst(), change)
    snapshot[first] = .group(group)
  }

  @Test func `what was written is read, shared and individual`() throws {
    #expect(try PolicySet(from: good) == Fixture.mixed)
  }

  @Test func `a single agent reads back, whoever owns its parameters`() throws {
    let policies = PolicySet(
      algorithm: "x", groups: [Fixture.policy(Fixture.group("agent", 1), sets: 1, seed: 3, hidden: [])])
    #expect(try PolicySet(from: Fixture.checkpoint(of: policies)) == policies)
  }

  @Test func `parameters stand under PyTorch's names and shapes`() throws {
    let network = try good.group("policy").group("vehicle").group("q")
    #expect(try network.texts(attribute: "layers") == ["layers.0", "layers.1", "layers.2"])
    for (index, shape) in [[5, 3], [4, 5], [3, 4]].enumerated() {
      let layer = try network.group("layers.\(index)")
      #expect(try layer.dataset("weight").shape == shape && layer.dataset("bias").shape == [shape[0]])
      #expect(try layer.text(attribute: "activation") == (index == 2 ? "identity" : "tanh"))
      #expect(try layer.floats("weight") == Fixture.mixed.groups[0].parameters[0]["layers.\(index).weight"])
    }
    #expect(try good.group("agents").group("vehicle").texts("network") == ["q", "q", "q"])
    #expect(try good.group("agents").group("drone").texts("network") == ["q-0", "q-1"])
    #expect(try good.group("agents").group("drone").texts("action_labels") == ["local", "edge", "cloud"])
  }

  /// A way to spoil records: where, how, and the path that the error must name.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let place: [String]
    let error: String
    let change: @Sendable (inout Snapshot) -> Void

    init(_ name: String, _ place: [String], _ error: String, _ change: @escaping @Sendable (inout Snapshot) -> Void) {
      testDescription = name
      self.place = place
      self.error = error
      self.change = change
    }
  }

  static let layer = ["policy", "vehicle", "q", "layers.1"]
  static let network = ["policy", "vehicle", "q"]
  static let agents = ["agents", "vehicle"]
  static let scales = ["normalization", "drone"]

  static let damages = [
    Damage("no policy", [], "/policy") { $0["policy"] = nil },
    Damage("no agents", [], "/agents") { $0["agents"] = nil },
    Damage("no normalization", [], "/normalization") { $0["normalization"] = nil },
    Damage("no list of groups", ["agents"], "/agents/@groups") { $0.attributes["groups"] = nil },
    Damage("unknown group listed", ["agents"], "/agents/boat") { $0.attributes["groups"] = .texts(["boat"]) },
    Damage("no algorithm", ["policy"], "/policy/@algorithm") { $0.attributes["algorithm"] = nil },
    Damage("unknown head", ["policy", "vehicle"], "/policy/vehicle/@head") {
      $0.attributes["head"] = .text("softmax")
    },
    Damage("missing network", ["policy", "drone"], "/policy/drone/q-1") { $0["q-1"] = nil },
    Damage("missing layer", network, "/policy/vehicle/q/layers.1") { $0["layers.1"] = nil },
    Damage("no layers", network, "/policy/vehicle/q/layers") { $0.attributes["layers"] = .texts([]) },
    Damage("no inputs", network, "/policy/vehicle/q/@inputs") { $0.attributes["inputs"] = nil },
    Damage("zero inputs", network, "/policy/vehicle/q/@inputs") {
      $0.attributes["inputs"] = .integer(0)
      edit(&$0, at: ["layers.0"]) { $0.set("weight", [] as [Float], shape: [5, 0]) }
    },
    Damage("negative inputs", network, "/policy/vehicle/q/@inputs") { $0.attributes["inputs"] = .integer(-3) },
    Damage("other inputs", network, "/policy/vehicle/q/layers.0/weight") { $0.attributes["inputs"] = .integer(4) },
    Damage("unknown kind", layer, "/policy/vehicle/q/layers.1/@kind") { $0.attributes["kind"] = .text("conv") },
    Damage("unknown activation", layer, "/policy/vehicle/q/layers.1/@activation") {
      $0.attributes["activation"] = .text("gelu")
    },
    Damage("numeric activation", layer, "/policy/vehicle/q/layers.1/@activation") {
      $0.attributes["activation"] = .integer(1)
    },
    Damage("transposed weight", layer, "/policy/vehicle/q/layers.1/weight") {
      $0.set("weight", [Float](repeating: 0, count: 20), shape: [5, 4])
    },
    Damage("flat weight", layer, "/policy/vehicle/q/layers.1/weight") {
      $0.set("weight", [Float](repeating: 0, count: 20))
    },
    Damage("empty weight", layer, "/policy/vehicle/q/layers.1/weight") {
      $0.set("weight", [] as [Float], shape: [0, 5])
    },
    Damage("double weight", layer, "/policy/vehicle/q/layers.1/weight") {
      $0.set("weight", [Double](repeating: 0, count: 20), shape: [4, 5])
    },
    Damage("short bias", layer, "/policy/vehicle/q/layers.1/bias") { $0.set("bias", [0, 0, 0] as [Float]) },
    Damage("no bias", layer, "/policy/vehicle/q/layers.1/bias") { $0["bias"] = nil },
    Damage("a layer too few", network, "/policy/vehicle") {
      $0.attributes["layers"] = .texts(["layers.0", "layers.1"])
    },
    Damage("siblings differ", ["policy", "drone", "q-1", "layers.0"], "/policy/drone/q-1") {
      $0.attributes["activation"] = .text("relu")
    },
    Damage("low above high", agents, "/agents/vehicle/observation_low") {
      $0.set("observation_low", [0, 61, -.infinity] as [Float])
    },
    Damage("low not a number", agents, "/agents/vehicle/observation_low") {
      $0.set("observation_low", [0, .nan, 0] as [Float])
    },
    Damage("units missing", agents, "/agents/vehicle/observation_units") { $0.set("observation_units", ["bit"]) },
    Damage("no labels", agents, "/agents/vehicle/action_labels") { $0["action_labels"] = nil },
    Damage("a label too many", agents, "/policy/vehicle") { $0.set("action_labels", ["a", "b", "c", "d"]) },
    Damage("unknown kind of action", agents, "/agents/vehicle/@action_kind") {
      $0.attributes["action_kind"] = .text("continuous")
    },
    Damage("other kind of action", agents, "/agents/vehicle/action_low") {
      $0.attributes["action_kind"] = .text("box")
    },
    Damage("nobody", agents, "/agents/vehicle/network") { $0.set("network", [] as [String]) },
    Damage("unknown network", agents, "/policy/vehicle/q-7") { $0.set("network", ["q", "q-7", "q"]) },
    Damage("scale not a number", scales, "/normalization/drone/scale") { $0.set("scale", [1, .nan, 1] as [Float]) },
    Damage("scale zero", scales, "/normalization/drone/scale") { $0.set("scale", [1, 0, 1] as [Float]) },
    Damage("scale negative", scales, "/normalization/drone/scale") { $0.set("scale", [1, -2, 1] as [Float]) },
    Damage("scale infinite", scales, "/normalization/drone/scale") { $0.set("scale", [1, .infinity, 1] as [Float]) },
    Damage("scale short", scales, "/normalization/drone/scale") { $0.set("scale", [1, 1] as [Float]) },
    Damage("offset infinite", scales, "/normalization/drone/offset") {
      $0.set("offset", [0, 0, -.infinity] as [Float])
    },
  ]

  @Test(arguments: damages)
  func `bad records are refused with the place of the fault`(damage: Damage) {
    var checkpoint = good
    Self.edit(&checkpoint, at: damage.place[...], damage.change)
    let error = #expect(throws: SnapshotError.self) { try PolicySet(from: checkpoint) }
    #expect(error?.path == damage.error)
    #expect(error?.description.contains(damage.error) == true && error?.expected != error?.found)
  }
}

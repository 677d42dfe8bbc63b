import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Records of every kind of layer, head and action space.
struct FamilyRecordsTests {
  typealias Damage = PolicyRecordsTests.Damage

  let good = Fixture.checkpoint(of: Fixture.family)

  @Test func `every layer, head and action space that was written is read`() throws {
    let read = try PolicySet(from: good)
    #expect(read == Fixture.family)
    #expect(read.groups.map(\.values) == Fixture.family.groups.map(\.values))
    #expect(read.groups.map(\.levels) == [nil, nil, 3, 4])
  }

  @Test(arguments: Activation.allCases)
  func `every activation that was written is read`(_ activation: Activation) throws {
    let policy = Fixture.member(
      "agent", .discrete(labels: ["a"]), [.dense(Dense(inputs: 3, outputs: 1, activation: activation))])
    let policies = PolicySet(algorithm: "dqn", groups: [policy])
    #expect(try PolicySet(from: Fixture.checkpoint(of: policies)) == policies)
  }

  @Test func `a file from before there were other heads has expected values`() throws {
    var old = Fixture.checkpoint(of: Fixture.mixed)
    PolicyRecordsTests.edit(&old, at: ["policy", "vehicle"]) { $0.attributes["values"] = nil }
    #expect(try PolicySet(from: old) == Fixture.mixed)
  }

  @Test func `settings stand as attributes and parameters under PyTorch's names`() throws {
    let rainbow = try good.group("policy").group("rainbow")
    #expect(try rainbow.text(attribute: "values") == "categorical" && rainbow.integer(attribute: "atoms") == 7)
    #expect(try rainbow.real(attribute: "minimum") == -3 && rainbow.real(attribute: "maximum") == 5)
    let layers = try rainbow.group("q")
    let noisy = try layers.group("layers.0")
    #expect(noisy.names == ["weight_mu", "weight_sigma", "bias_mu", "bias_sigma"])
    #expect(try noisy.real(attribute: "initial_sigma") == 0.25 && noisy.text(attribute: "activation") == "silu")
    let dueling = try layers.group("layers.2")
    #expect(try dueling.text(attribute: "streams") == "separate" && dueling.texts(attribute: "branches") == ["3"])
    #expect(try dueling.dataset("value_weight_mu").shape == [7, 4])
    #expect(try dueling.dataset("advantage_weight_mu").shape == [21, 4])
    let gru = try good.group("policy").group("memory").group("q").group("layers.0")
    #expect(gru.names == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
    #expect(try gru.dataset("weight_hh").shape == [15, 5])
    let agents = try good.group("agents").group("memory")
    #expect(try agents.text(attribute: "action_kind") == "hybrid" && agents.integer(attribute: "action_levels") == 4)
    #expect(try agents.floats("action_low") == [0] && agents.floats("action_high") == [23])
  }

  static let rainbow = ["policy", "rainbow"]
  static let noisy = ["policy", "rainbow", "q", "layers.0"]
  static let norm = ["policy", "rainbow", "q", "layers.1"]
  static let dueling = ["policy", "rainbow", "q", "layers.2"]
  static let gru = ["policy", "memory", "q", "layers.0"]

  static let damages = [
    Damage("unknown values", rainbow, "/policy/rainbow/@values") { $0.attributes["values"] = .text("gaussian") },
    Damage("no atoms", rainbow, "/policy/rainbow/@atoms") { $0.attributes["atoms"] = nil },
    Damage("atoms zero", rainbow, "/policy/rainbow/@atoms") { $0.attributes["atoms"] = .integer(0) },
    Damage("other atoms", rainbow, "/policy/rainbow") { $0.attributes["atoms"] = .integer(6) },
    Damage("minimum above maximum", rainbow, "/policy/rainbow/@minimum") { $0.attributes["minimum"] = .real(6) },
    Damage("minimum not a number", rainbow, "/policy/rainbow/@minimum") { $0.attributes["minimum"] = .real(.nan) },
    Damage("maximum beyond Float", rainbow, "/policy/rainbow/@minimum") { $0.attributes["maximum"] = .real(1e300) },
    Damage("ends that are one Float", rainbow, "/policy/rainbow/@minimum") {
      $0.attributes["minimum"] = .real(5 - 1e-12)
    },
    Damage("negative sigma", noisy, "/policy/rainbow/q/layers.0/@initial_sigma") {
      $0.attributes["initial_sigma"] = .real(-1)
    },
    Damage("no sigma", noisy, "/policy/rainbow/q/layers.0/@initial_sigma") {
      $0.attributes["initial_sigma"] = nil
    },
    Damage("no deviations", noisy, "/policy/rainbow/q/layers.0/weight_sigma") { $0["weight_sigma"] = nil },
    Damage("epsilon zero", norm, "/policy/rainbow/q/layers.1/@epsilon") { $0.attributes["epsilon"] = .real(0) },
    Damage("epsilon below Float", norm, "/policy/rainbow/q/layers.1/@epsilon") {
      $0.attributes["epsilon"] = .real(1e-300)
    },
    Damage("short norm", norm, "/policy/rainbow/q/layers.1/weight") { $0.set("weight", [1, 1] as [Float]) },
    Damage("no branches", dueling, "/policy/rainbow/q/layers.2/@branches") { $0.attributes["branches"] = .texts([]) },
    Damage("branch of words", dueling, "/policy/rainbow/q/layers.2/@branches") {
      $0.attributes["branches"] = .texts(["three"])
    },
    Damage("branch too many", dueling, "/policy/rainbow/q/layers.2/advantage_weight_mu") {
      $0.attributes["branches"] = .texts(["3", "1"])
    },
    Damage("atoms without memory for them", dueling, "/policy/rainbow/q/layers.2/advantage_weight_mu") {
      $0.attributes["atoms"] = .integer(1_000_000)
      $0.attributes["branches"] = .texts([String](repeating: "1000000", count: 1000))
    },
    Damage("unknown streams", dueling, "/policy/rainbow/q/layers.2/@streams") {
      $0.attributes["streams"] = .text("crossed")
    },
    Damage("joint streams", dueling, "/policy/rainbow/q/layers.2/advantage_weight_mu") {
      $0.attributes["streams"] = .text("joint")
    },
    Damage("two gates", gru, "/policy/memory/q/layers.0/weight_ih") {
      $0.set("weight_ih", [Float](repeating: 0, count: 30), shape: [10, 3])
    },
    Damage("four rows", gru, "/policy/memory/q/layers.0/weight_ih") {
      $0.set("weight_ih", [Float](repeating: 0, count: 12), shape: [4, 3])
    },
    Damage("no state weights", gru, "/policy/memory/q/layers.0/weight_hh") { $0["weight_hh"] = nil },
    Damage("no levels", ["agents", "numbers"], "/agents/numbers/@action_levels") {
      $0.attributes["action_levels"] = nil
    },
    Damage("one level", ["agents", "numbers"], "/agents/numbers/@action_levels") {
      $0.attributes["action_levels"] = .integer(1)
    },
    Damage("other levels", ["agents", "numbers"], "/policy/numbers") {
      $0.attributes["action_levels"] = .integer(4)
    },
    Damage("endless range", ["agents", "numbers"], "/policy/numbers") {
      $0.set("action_high", [1, .infinity] as [Float])
    },
    Damage("low above high", ["agents", "numbers"], "/agents/numbers/action_low") {
      $0.set("action_low", [2, 0] as [Float])
    },
    Damage("no ranges", ["agents", "numbers"], "/agents/numbers/action_low") {
      $0.set("action_low", [] as [Float])
      $0.set("action_high", [] as [Float])
    },
    Damage("no options", ["agents", "choices"], "/agents/choices/action_options") {
      $0.set("action_options", [2, 0] as [Int64])
    },
    Damage("other options", ["agents", "choices"], "/policy/choices") {
      $0.set("action_options", [3, 4] as [Int64])
    },
    Damage("no labels", ["agents", "memory"], "/agents/memory/action_labels") { $0["action_labels"] = nil },
  ]

  @Test(arguments: damages)
  func `bad records are refused with the place of the fault`(damage: Damage) {
    var checkpoint = good
    PolicyRecordsTests.edit(&checkpoint, at: damage.place[...], damage.change)
    let error = #expect(throws: SnapshotError.self) { try PolicySet(from: checkpoint) }
    #expect(error?.path == damage.error)
    #expect(error?.description.contains(damage.error) == true && error?.expected != error?.found)
  }
}

import Configuration
import ReinforcementLearning
import Trials

/// What tests of attacks share.
enum AttackCases {
  /// An attack by its keys, begun with a seed.
  static func attack<Kind: Attack>(_ kind: Kind.Type, _ keys: String, seed: UInt64 = 1) throws -> Kind {
    var mapping = try ConfigurationDocument(text: keys, name: "a.yaml", directory: "/").root()
    var attack = try Kind(from: &mapping)
    try mapping.finish()
    attack.begin(seed: seed)
    return attack
  }

  /// Two groups with every kind of decision, in `environments` environments; all are there but the second row of each.
  static func frame(environments: Int) -> VectorFrame {
    let seen = ObservationSpace([ObservationField("step", unit: "1", in: 0...1, "steps so far")])
    var frame = VectorFrame(
      [
        AgentGroup(
          name: "vehicle", count: 2, observation: seen,
          action: .hybrid(labels: ["a", "b", "c", "d"], box: [-1...3, 10...10.5])),
        AgentGroup(name: "base", count: 1, observation: seen, action: .multiDiscrete([2, 5])),
      ], environments: environments)
    for group in 0..<2 {
      for row in 0..<frame.groups[group].rows { frame.groups[group].active[row] = row != 1 }
    }
    return frame
  }
}

package import Configuration
import Randomness

/// The block `federation.attack` of an experiment: what is done, and by whom.
package struct AttackSettings: Sendable {
  private enum Liars {
    case named([Int])
    case drawn(Int)
  }

  private let names: [String]
  private let liars: Liars
  private let attack: any Attack

  /// Reads `name`, who lies, and the attack's own keys.
  ///
  /// Who lies is `clients`, a list of names, or `share`, a fraction of all clients, rounded to the nearest number:
  /// these are drawn without replacement from the seed of a run.
  ///
  /// - Parameter names: the clients of the federation in their order.
  package init(
    from mapping: inout ConfigurationMapping, clients names: [String], among kinds: [any Attack.Type] = Attacks.all
  ) throws(ConfigurationError) {
    self.names = names
    let name = try mapping.choice("name", among: kinds.map { $0.name })
    guard let kind = kinds.first(where: { $0.name == name }) else { preconditionFailure("\(name) is lost") }
    if mapping.has("share") {
      liars = .drawn(Int((try mapping.number("share", in: .fraction) * Double(names.count)).rounded()))
    } else {
      let named = try mapping.choices("clients", among: names)
      liars = .named(names.indices.filter { named.contains(names[$0]) })
    }
    attack = try kind.init(from: &mapping)
  }

  /// The clients that lie in a run of a seed, rising.
  package func liars(seed: UInt64) -> [Int] {
    switch liars {
    case .named(let clients): return clients
    case .drawn(let count):
      var stream = RandomStream(seed: seed).split(0x6C69_6172)
      var all = Array(names.indices)
      for place in 0..<count { all.swapAt(place, place + stream.integer(below: all.count - place)) }
      return all[..<count].sorted()
    }
  }

  /// What a client does in a run of a seed; nil for an honest one.
  package func attack(of client: Int, seed: UInt64) -> (any Attack)? {
    guard liars(seed: seed).contains(client) else { return nil }
    var stream = RandomStream(seed: seed).split(0x6C69_6172).split(UInt64(client))
    var attack = attack
    attack.begin(seed: stream.next())
    return attack
  }
}

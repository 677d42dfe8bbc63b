import Configuration

/// The clients of a federation: `federation.set` and `federation.clients`.
extension FederationSettings {
  /// What `set` changes in a scenario.
  private static func changes(in mapping: inout ConfigurationMapping) throws(Failure) -> [Override] {
    let texts = try translated { try mapping.texts("set", default: []) }
    return try texts.map { text throws(Failure) in
      do throws(Failure) { return try Override(text) } catch {
        throw Failure(.content, "\(mapping.error("set", "'\(text)' is not written key.path=value"))")
      }
    }
  }

  static func clients(
    from mapping: inout ConfigurationMapping, scenario: String, overrides: [Override], registry: Registry
  ) throws(Failure) -> [Client] {
    var clients: [Client] = []
    let common = try changes(in: &mapping)
    let entries = try translated { try mapping.list("clients", count: 1...10_000) }
    for entry in entries {
      var entry = entry
      let own = try changes(in: &entry)
      let (name, path, delay, count) = try translated {
        let name = try entry.text("name")
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
          throw entry.error("name", "a client's name is a folder's: letters, digits, '-' and '_' only")
        }
        let path = entry.has("scenario") ? try entry.filePath("scenario") : scenario
        let delay = try entry.integer("delay_rounds", in: 0...100_000, default: 0)
        let count = try entry.integer("count", in: 1...10_000, default: 1)
        try entry.finish()
        return (name, path, delay, count)
      }
      let world = try Scenario(path, overrides: common + own + overrides, registry: registry)
      for number in 0..<count {
        clients.append(Client(name: count == 1 ? name : "\(name)-\(number)", scenario: world, delay: delay))
      }
      if let twice = Dictionary(grouping: clients, by: \.name).first(where: { $0.value.count > 1 }) {
        throw Failure(.content, "\(entry.error("name", "two clients are called '\(twice.key)'"))")
      }
    }
    return clients
  }
}

import Configuration
import Federation
import Policies

/// The reading of the block `federation:`, key by key.
extension FederationSettings {
  /// - Parameters:
  ///   - scenario: what clients without a scenario of their own live in.
  ///   - overrides: what was set from outside, which clients' own settings do not undo.
  init(
    from root: inout ConfigurationMapping, scenario: String, overrides: [Override], registry: Registry
  ) throws(Failure) {
    var mapping = try translated { try root.mapping("federation") }
    clients = try Self.clients(from: &mapping, scenario: scenario, overrides: overrides, registry: registry)
    participation = Participation(delays: clients.map(\.delay))
    edges = EdgeGroups(clients: clients.count)
    rule = try translated { try Self.rule(from: &mapping, registry: registry) }
    var read = self
    try translated {
      try read.readRest(from: &mapping, registry: registry)
      try mapping.finish()
    }
    self = read
  }

  /// What stands in the block besides the clients and the rule.
  private mutating func readRest(
    from mapping: inout ConfigurationMapping, registry: Registry
  ) throws(ConfigurationError) {
    rounds = try mapping.integer("rounds", in: 1...10_000_000)
    localSteps = try mapping.integer("local_steps", in: 1...Int(Int32.max))
    guard rounds.multipliedReportingOverflow(by: localSteps).partialValue <= Int(Int32.max),
      !rounds.multipliedReportingOverflow(by: localSteps).overflow
    else {
      throw mapping.error("rounds", "\(rounds) rounds of \(localSteps) steps are more than \(Int32.max) steps")
    }
    isPooled = try mapping.boolean("pooled", default: false)
    shared = SharedParameters(
      part: try mapping.choice("share", of: SharedParameters.Part.self),
      personalLayers: try mapping.integer("personal_layers", in: 0...1000, default: 0),
      targets: try mapping.choice("targets", of: SharedParameters.Targets.self),
      moments: try mapping.choice("moments", of: SharedParameters.Moments.self))
    weighsSamples = try mapping.choice("weights", among: ["samples", "equal"]) == "samples"
    // A rule whose clients compute with the plain mean needs one, also where the server only sees a sum.
    let needsPlainMean = (type(of: rule) as? any MeanRule.Type)?.countsEqually == true
    try readParticipation(from: &mapping)
    try readEdges(from: &mapping)
    // As many as a rule gets at an edge in a round at most, if nobody drops out.
    var fewest = (0..<edges.count).map { edges.members(of: $0).count }.min() ?? 1
    if case .fixed(let count) = participation.sampling { fewest = min(fewest, count) }
    if let reason = rule.unsupported(clients: fewest) {
      throw mapping.error("rule", "\(type(of: rule).name) \(reason)")
    }
    try readAsynchronous(from: &mapping)
    if var compression = try mapping.optionalMapping("compression") {
      up = try Self.compressor("up", from: &compression, registry: registry)
      down = try Self.compressor("down", from: &compression, registry: registry)
      try compression.finish()
    }
    try readPrivacy(from: &mapping)
    try readSecureAggregation(from: &mapping)
    if var own = try mapping.optionalMapping("attack") {
      attack = try AttackSettings(from: &own, clients: clients.map(\.name), among: registry.attacks)
      try own.finish()
    }
    if needsPlainMean { weighsSamples = false }
  }

  private static func rule(
    from mapping: inout ConfigurationMapping, registry: Registry
  ) throws(ConfigurationError) -> any AggregationRule {
    var own = try mapping.mapping("rule")
    let name = try own.choice("name", among: registry.aggregationRules.map { $0.name })
    guard let kind = registry.aggregationRules.first(where: { $0.name == name }) else {
      preconditionFailure("the registry lost \(name)")
    }
    let rule = try kind.init(from: &own)
    try own.finish()
    return rule
  }

  private static func compressor(
    _ key: String, from mapping: inout ConfigurationMapping, registry: Registry
  ) throws(ConfigurationError) -> (any Compressor)? {
    guard var own = try mapping.optionalMapping(key) else { return nil }
    let name = try own.choice("name", among: registry.compressors.map { $0.name })
    guard let kind = registry.compressors.first(where: { $0.name == name }) else {
      preconditionFailure("the registry lost \(name)")
    }
    let compressor = try kind.init(from: &own)
    try own.finish()
    return compressor
  }

  private mutating func readParticipation(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    if var sampling = try mapping.optionalMapping("sampling") {
      if sampling.has("clients") {
        let most = participation.clients
        participation.sampling = .fixed(try sampling.integer("clients", in: 1...most))
      } else {
        participation.sampling = .poisson(try sampling.number("probability", in: .above(0).to(1)))
      }
      try sampling.finish()
    }
    if var stragglers = try mapping.optionalMapping("stragglers") {
      participation.stragglers = Participation.Stragglers(
        share: try stragglers.number("share", in: .fraction), work: try stragglers.number("work", in: .fraction))
      try stragglers.finish()
    }
    participation.dropouts = try mapping.number("dropouts", in: .fraction, default: 0)
  }

  private mutating func readEdges(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    guard var own = try mapping.optionalMapping("edges") else { return }
    let every = try own.integer("cloud_every_rounds", in: 1...1_000_000)
    let names = try own.list("groups", count: 1...clients.count)
    var groups: [[Int]] = []
    for group in names {
      var group = group
      let members = try group.choices("clients", among: clients.map(\.name))
      groups.append(members.compactMap { name in clients.firstIndex { $0.name == name } })
      try group.finish()
    }
    let all = groups.joined().sorted()
    guard all == Array(clients.indices) else {
      let missing = clients.indices.filter { !all.contains($0) }.map { clients[$0].name }
      let twice = clients.indices.filter { client in all.count { $0 == client } > 1 }.map { clients[$0].name }
      throw own.error(
        "groups",
        missing.isEmpty
          ? "these clients belong to two edges: \(twice.joined(separator: ", "))"
          : "these clients belong to no edge: \(missing.joined(separator: ", "))")
    }
    edges = EdgeGroups(edges: groups, every: every)
    try own.finish()
  }

  private mutating func readPrivacy(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    guard var own = try mapping.optionalMapping("privacy") else { return }
    let privacy = try UpdatePrivacy(from: &own)
    try own.finish()
    self.privacy = privacy
    guard !weighsSamples else {
      throw mapping.error("weights", "privacy holds where all clients count alike; write equal")
    }
    guard shared.moments != .merge else {
      throw mapping.error("moments", "moments would leave a client without noise; write keep or reset")
    }
    guard privacy.place == .central else { return }
    guard rule is any MeanRule else {
      throw mapping.error(
        "privacy",
        "central noise hides a client in a mean, which \(type(of: rule).name) does not take; write "
          + "place: local, or a rule of means")
    }
    guard staleness == nil, edges.count == 1 else {
      throw mapping.error(
        "privacy",
        "central noise belongs to one sum of a round; an asynchronous server and edges have none, so that "
          + "place must be local")
    }
  }

  private mutating func readSecureAggregation(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    guard var own = try mapping.optionalMapping("secure_aggregation") else { return }
    secure = try SecureAggregation(from: &own)
    try own.finish()
    let name = type(of: rule).name
    guard !type(of: rule).seesSingleUpdates, rule is any MeanRule else {
      throw mapping.error(
        "secure_aggregation",
        "\(name) must see each update by itself, which secure aggregation hides; choose a rule "
          + "of means (fedavg, fedprox, fedavgm, fedadam, fedyogi, omega-merge), or leave one of the two out")
    }
    guard staleness == nil else {
      throw mapping.error("secure_aggregation", "an asynchronous server sees each update by itself; leave one out")
    }
    if case .poisson = participation.sampling, privacy?.place == .central {
      throw mapping.error(
        "secure_aggregation",
        "whether a drawn round has enough clients for a secure sum would show who was drawn, which central noise "
          + "counts as hidden; draw a fixed number, sampling: {clients: n}, or leave one of the two out")
    }
    guard up == nil else {
      throw mapping.error(
        "secure_aggregation", "masked numbers cannot be compressed; leave compression.up out")
    }
    guard shared.moments != .merge else {
      throw mapping.error("moments", "moments are not part of the secure sum; write keep or reset")
    }
  }

  private mutating func readAsynchronous(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    guard var own = try mapping.optionalMapping("asynchronous") else {
      guard participation.delays.allSatisfy({ $0 == 0 }) else {
        throw mapping.error("asynchronous", "is missing; clients with delay_rounds need an asynchronous server")
      }
      return
    }
    staleness = try Staleness(from: &own)
    participation.extraDelay = try own.integer("extra_delay_rounds", in: 0...10_000, default: 0)
    try own.finish()
    guard type(of: rule).name == FederatedAveraging.name || rule.proximalStrength > 0 else {
      throw mapping.error(
        "rule", "an asynchronous server adds each update as it comes; its rule is fedavg or fedprox")
    }
    guard shared.moments != .merge else {
      throw mapping.error("moments", "an asynchronous server has no mean of moments; write keep or reset")
    }
  }
}

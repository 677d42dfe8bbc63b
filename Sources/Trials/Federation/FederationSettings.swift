import Configuration
import Federation
import Policies

/// The block `federation:` of an experiment.
struct FederationSettings: Sendable {
  /// A site that learns.
  struct Client: Sendable {
    let name: String
    let scenario: Scenario
    let delay: Int
  }

  /// The sites, in their order.
  var clients: [Client]
  var rounds = 0
  /// Environment steps of a client in a round.
  var localSteps = 0
  /// Whether one learner learns in all the clients' worlds, instead of a learner in each.
  var isPooled = false
  var shared = SharedParameters()
  var weighsSamples = true
  var participation: Participation
  var edges: EdgeGroups
  var staleness: Staleness?
  var up: (any Compressor)?
  var down: (any Compressor)?
  var privacy: UpdatePrivacy?
  var secure: SecureAggregation?
  /// Who lies, and how.
  var attack: AttackSettings?
  var rule: any AggregationRule

  /// A new rule with nothing remembered.
  func makeRule() -> any AggregationRule { rule }

  /// Environment steps of a client that takes part in every round.
  var steps: Int { rounds * localSteps }

  /// Whether differences travel instead of parameters.
  var sendsDifferences: Bool { up != nil || staleness != nil || privacy != nil || secure != nil }

  /// What its privacy costs, where the server adds the noise or each client; nil without noise.
  var accountant: RenyiAccountant? {
    guard let privacy else { return nil }
    if case .poisson(let probability) = participation.sampling {
      return privacy.accountant(poissonProbability: probability)
    }
    return privacy.accountant(poissonProbability: nil)
  }

  /// The noise of a server that adds it.
  var centralNoise: CentralNoise? {
    guard let privacy, privacy.place == .central else { return nil }
    return CentralNoise(privacy, expected: expectedContributors)
  }

  /// The number of contributors of a round that is known before it.
  var expectedContributors: Double {
    switch participation.sampling {
    case .all: Double(participation.clients)
    case .fixed(let count): Double(count)
    case .poisson(let probability): probability * Double(participation.clients)
    }
  }

  /// What a person should know, in a phrase.
  var summary: String {
    if isPooled { return "one learner in the worlds of \(clients.count) clients" }
    let name = type(of: rule).name
    let levels = edges.count > 1 ? ", \(edges.count) edges" : ""
    let way = staleness == nil ? "" : ", asynchronous"
    return "\(clients.count) clients, \(rounds) rounds of \(localSteps) steps, \(name)\(levels)\(way)"
  }
}

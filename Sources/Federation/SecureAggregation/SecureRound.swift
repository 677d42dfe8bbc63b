/// One round of secure aggregation with clients and server in one process.
public enum SecureRound {
  /// The exchange before which a client vanishes.
  public enum Exchange: Int, Sendable, CaseIterable, Comparable {
    /// It never sends its keys.
    case keys
    /// It sends keys, but no shares: the round goes on without it.
    case shares
    /// It shares its keys, but sends no numbers: its masks are taken out of the others' sum.
    case numbers
    /// It sends its numbers, but reveals no shares: its numbers count.
    case reveal

    public static func < (a: Exchange, b: Exchange) -> Bool { a.rawValue < b.rawValue }
  }

  /// What a client brings.
  public struct Contribution: Sendable {
    /// The client's number.
    public var client: Int
    /// Its values.
    public var values: [Float]
    /// How much they count, more than 0 and at most 1.
    public var weight: Double
    /// Before which exchange it vanishes; nil if it stays.
    public var vanishesBefore: Exchange?

    /// A contribution by its parts.
    public init(client: Int, values: [Float], weight: Double = 1, vanishesBefore: Exchange? = nil) {
      self.client = client
      self.values = values
      self.weight = weight
      self.vanishesBefore = vanishesBefore
    }
  }

  /// The sum, and what it cost.
  public struct Outcome: Sendable {
    /// What the server learned.
    public var sum: SecureSum
    /// The bytes that each client sent, by exchange.
    public var bytesUp: [Int: [Int]]
    /// The bytes that each client received after each exchange.
    public var bytesDown: [Int: [Int]]
  }

  /// Runs a round.
  ///
  /// - Parameter generator: where a client's secrets come from; asked once for each.
  /// - Throws: an error of kind `tooFew` when not enough clients stay, of kind `range` when a value is too great.
  public static func run<Generator: RandomNumberGenerator>(
    _ contributions: [Contribution], with settings: SecureAggregation, round: UInt64,
    generator: (_ client: Int) -> Generator
  ) throws(SecureAggregationError) -> Outcome {
    let contributions = contributions.sorted { $0.client < $1.client }
    let count = contributions.first?.values.count ?? 0
    var server = SecureAggregationServer(
      settings, participants: contributions.map(\.client), count: count, round: round)
    var clients: [SecureAggregationClient] = []
    for contribution in contributions {
      var source = generator(contribution.client)
      clients.append(
        try SecureAggregationClient(
          settings, number: contribution.client, participants: contributions.count, round: round, using: &source))
    }
    var (up, down): ([Int: [Int]], [Int: [Int]]) = ([:], [:])
    var inbox = Dictionary(uniqueKeysWithValues: contributions.map { ($0.client, [UInt8]()) })
    for exchange in Exchange.allCases {
      var messages: [Int: [UInt8]] = [:]
      for (place, contribution) in contributions.enumerated() {
        guard let received = inbox[contribution.client] else { continue }
        if let last = contribution.vanishesBefore, last <= exchange { continue }
        let message =
          switch exchange {
          case .keys: try clients[place].advertise()
          case .shares: try clients[place].share(received)
          case .numbers:
            try clients[place].mask(contribution.values, weight: contribution.weight, with: received)
          case .reveal: try clients[place].reveal(received)
          }
        messages[contribution.client] = message
        up[contribution.client, default: []].append(message.count)
      }
      switch exchange {
      case .keys: inbox = try server.roster(messages)
      case .shares: inbox = try server.deliveries(messages)
      case .numbers: inbox = try server.survivors(messages)
      case .reveal: return Outcome(sum: try server.sum(messages), bytesUp: up, bytesDown: down)
      }
      for (client, message) in inbox { down[client, default: []].append(message.count) }
    }
    preconditionFailure("the last exchange returns")
  }
}

internal import Cryptography

/// The server's side of one round of secure aggregation.
///
/// Each call takes what has arrived, by client, and gives what to send. A client whose message is missing has dropped
/// out; one whose message cannot be read counts as if it had, and stands in ``refused``.
public struct SecureAggregationServer: Sendable {
  /// The clients of the round, in rising order.
  public let participants: [Int]
  /// How many numbers each client sends.
  public let count: Int
  /// Clients whose messages could not be read, each with the reason.
  public private(set) var refused: [(client: Int, reason: String)] = []

  private let settings: SecureAggregation
  private let round: UInt64
  private let threshold: Int

  private enum Stage { case keys, shares, numbers, reveal, over }
  private var stage = Stage.keys
  private var keys: [Int: (shares: [UInt8], masks: [UInt8])] = [:]
  private var points: [Int: UInt8] = [:]
  /// The clients that have shared their keys, in rising order.
  private var sharers: [Int] = []
  private var weights: [Int: Double] = [:]
  private var total: [UInt32]

  /// A server in a round of given clients, none of them twice; so many may not be `unsupported`.
  public init(_ settings: SecureAggregation, participants: [Int], count: Int, round: UInt64) {
    precondition(
      settings.unsupported(participants: participants.count) == nil, "\(participants.count) clients have no secure sum")
    precondition(Set(participants).count == participants.count, "a client takes part once: \(participants)")
    self.settings = settings
    self.participants = participants.sorted()
    self.count = count
    self.round = round
    threshold = settings.fewest(of: participants.count)
    total = [UInt32](repeating: 0, count: count)
  }

  /// First: given the clients' keys, a list of all for each of them.
  public mutating func roster(_ messages: [Int: [UInt8]]) throws(SecureAggregationError) -> [Int: [UInt8]] {
    try enter(.keys, next: .shares)
    var roster: [SecureMessage.Entry] = []
    for (client, message) in read(messages, from: participants) {
      guard case .keys(let shares, let masks) = message else {
        refuse(client, "it sent another kind of message than its keys")
        continue
      }
      guard !roster.contains(where: { $0.bytes == shares + masks }) else {
        refuse(client, "it sent the keys of another client")
        continue
      }
      keys[client] = (shares, masks)
      roster.append(.init(client: client, bytes: shares + masks))
    }
    try check(roster.count, "published keys")
    for (place, entry) in roster.enumerated() { points[entry.client] = UInt8(place + 1) }
    return Dictionary(
      uniqueKeysWithValues: roster.map { entry in
        (entry.client, SecureMessage.roster(roster).encoded(client: entry.client, round: round))
      })
  }

  /// Second: given the clients' sealed shares, for each what the others sealed for it.
  public mutating func deliveries(_ messages: [Int: [UInt8]]) throws(SecureAggregationError) -> [Int: [UInt8]] {
    try enter(.shares, next: .numbers)
    var inbox: [Int: [SecureMessage.Entry]] = [:]
    for (client, message) in read(messages, from: points.keys.sorted()) {
      guard case .sealedShares(let sealed) = message,
        sealed.map(\.client) == points.keys.sorted().filter({ $0 != client })
      else {
        refuse(client, "it did not send one share to each of the others")
        continue
      }
      sharers.append(client)
      for share in sealed { inbox[share.client, default: []].append(.init(client: client, bytes: share.bytes)) }
    }
    try check(sharers.count, "shared their keys")
    return Dictionary(
      uniqueKeysWithValues: sharers.map { client in
        (client, SecureMessage.deliveries(inbox[client] ?? []).encoded(client: client, round: round))
      })
  }

  /// Third: given the clients' masked numbers, for each a list of those whose numbers count.
  public mutating func survivors(_ messages: [Int: [UInt8]]) throws(SecureAggregationError) -> [Int: [UInt8]] {
    try enter(.numbers, next: .reveal)
    var sum = total
    for (client, message) in read(messages, from: sharers) {
      guard case .masked(let weight, let words) = message, words.count == count, weight > 0, weight <= 1 else {
        refuse(client, "it did not send \(count) numbers with a weight above 0 and at most 1")
        continue
      }
      weights[client] = weight
      for index in 0..<count { sum[index] &+= words[index] }
    }
    total = sum
    try check(weights.count, "sent their numbers")
    let present = weights.keys.sorted()
    return Dictionary(
      uniqueKeysWithValues: present.map { client in
        (client, SecureMessage.survivors(present).encoded(client: client, round: round))
      })
  }

  /// Fourth and last: given the shares that clients reveal, the sum of the numbers of all that sent them.
  ///
  /// O(clients × count) for the own masks, and as much again for every client that vanished after the second exchange.
  public mutating func sum(_ messages: [Int: [UInt8]]) throws(SecureAggregationError) -> SecureSum {
    try enter(.reveal, next: .over)
    let present = weights.keys.sorted()
    let vanished = sharers.filter { weights[$0] == nil }
    var holders: [Int] = []
    var shares: [Int: [[UInt8]]] = [:]
    for (client, message) in read(messages, from: present) {
      guard case .revealed(let ownMasks, let maskKeys) = message, ownMasks.map(\.client) == present,
        maskKeys.map(\.client) == vanished
      else {
        refuse(client, "it did not reveal the shares that were asked for")
        continue
      }
      holders.append(client)
      for entry in ownMasks + maskKeys { shares[entry.client, default: []].append(entry.bytes) }
    }
    try check(holders.count, "revealed their shares")
    let reconstruction = SecretReconstruction(points: holders.compactMap { points[$0] }, threshold: threshold)
    var sum = total
    for client in present {
      let seed = try secret(of: client, shares, by: reconstruction)
      let key = try SecureMask.key(.own, from: seed, round: round)
      try SecureMask.apply(key: key, subtracting: true, to: &sum)
    }
    for client in vanished { try remove(client, from: &sum, present, shares, reconstruction) }
    let numbers = settings.numbers(participants: participants.count)
    return SecureSum(
      survivors: present, values: numbers.decode(sum), weight: present.reduce(0) { $0 + (weights[$1] ?? 0) })
  }

  /// Takes out the masks that the present ones share with one that vanished.
  private func remove(
    _ client: Int, from sum: inout [UInt32], _ present: [Int], _ shares: [Int: [[UInt8]]],
    _ reconstruction: SecretReconstruction
  ) throws(SecureAggregationError) {
    let secret = try secret(of: client, shares, by: reconstruction)
    let pair = try SecureMask.attempt { () throws(CryptographyError) in try KeyAgreement(privateKey: secret) }
    guard pair.publicKey == keys[client]?.masks else { throw contradiction(client) }
    for other in present {
      let key = try SecureMask.pairKey(pair, with: keys[other]?.masks ?? [], purpose: .pair, round: round)
      // What the other one added is taken away, and the reverse.
      try SecureMask.apply(key: key, subtracting: !SecureMask.subtracts(other, with: client), to: &sum)
    }
  }

  private func secret(
    of client: Int, _ shares: [Int: [[UInt8]]], by reconstruction: SecretReconstruction
  ) throws(SecureAggregationError) -> [UInt8] {
    guard let secret = reconstruction.secret(of: shares[client] ?? []) else { throw contradiction(client) }
    return secret
  }

  private func contradiction(_ client: Int) -> SecureAggregationError {
    SecureAggregationError(.message, "the shares that were revealed of client \(client) contradict each other")
  }

  private mutating func enter(_ due: Stage, next: Stage) throws(SecureAggregationError) {
    guard stage == due else {
      throw SecureAggregationError(.message, "the server takes each kind of message once, in order")
    }
    stage = next
  }

  /// The messages of those that may send one, in their order.
  private mutating func read(_ messages: [Int: [UInt8]], from senders: [Int]) -> [(Int, SecureMessage)] {
    for client in messages.keys.sorted() where !senders.contains(client) {
      refuse(client, "it has no part in this exchange")
    }
    var result: [(Int, SecureMessage)] = []
    for client in senders {
      guard let bytes = messages[client] else { continue }
      do throws(SecureAggregationError) {
        result.append((client, try SecureMessage(bytes, client: client, round: round)))
      } catch {
        refuse(client, error.description)
      }
    }
    return result
  }

  private mutating func refuse(_ client: Int, _ reason: String) { refused.append((client, reason)) }

  private func check(_ count: Int, _ deed: String) throws(SecureAggregationError) {
    guard count >= threshold else {
      throw SecureAggregationError(
        .tooFew,
        "only \(count) of \(participants.count) clients \(deed), but a secure sum needs \(threshold)")
    }
  }
}

/// What the server learns in a round of secure aggregation.
public struct SecureSum: Sendable, Equatable {
  /// The clients whose numbers are in the sum, in rising order.
  public let survivors: [Int]
  /// Σ wₖ xₖ over them, exact to the rounding of each term.
  public let values: [Double]
  /// Σ wₖ over them.
  public let weight: Double

  /// The weighted mean of their values.
  public var mean: [Float] { values.map { Float($0 / weight) } }
}

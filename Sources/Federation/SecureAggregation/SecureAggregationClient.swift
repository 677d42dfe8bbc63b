internal import Cryptography

/// A client's side of one round of secure aggregation.
///
/// It answers each message of the server once and in order, so that nobody gets both shares of one peer from it.
/// All its secrets come from the generator that it is made with: the same generator makes the same bytes. In an
/// experiment that is a stream of the seed, the round and the client; in a deployment it must be the system's,
/// `SystemRandomNumberGenerator`, for who knows the seed can take the masks off.
public struct SecureAggregationClient: Sendable {
  /// The client's number.
  public let number: Int
  /// How many clients the round has.
  public let participants: Int
  private let settings: SecureAggregation
  private let round: UInt64
  private let threshold: Int

  private let shareKey: KeyAgreement
  private let maskKey: KeyAgreement
  private let ownMask: [UInt8]
  private let coefficients: [UInt8]

  private enum Stage { case keys, shares, numbers, reveal, over }
  private var stage = Stage.keys
  private var roster: [SecureMessage.Entry] = []
  private var sealingKeys: [Int: [UInt8]] = [:]
  private var received: [Int: [UInt8]] = [:]

  /// A client in a round of so many; none may be `unsupported`.
  public init(
    _ settings: SecureAggregation, number: Int, participants: Int, round: UInt64,
    using generator: inout some RandomNumberGenerator
  ) throws(SecureAggregationError) {
    precondition(number >= 0 && number <= UInt32.max, "a client has a number from 0 to 2³² − 1, not \(number)")
    precondition(
      settings.unsupported(participants: participants) == nil, "\(participants) clients have no secure sum")
    self.settings = settings
    self.number = number
    self.participants = participants
    self.round = round
    threshold = settings.fewest(of: participants)
    do {
      shareKey = try KeyAgreement(using: &generator)
      maskKey = try KeyAgreement(using: &generator)
    } catch {
      throw SecureAggregationError(.cryptography, "\(error)")
    }
    ownMask = RandomBytes.draw(SecureMessage.keyBytes, using: &generator)
    coefficients = RandomBytes.draw((threshold - 1) * 2 * SecureMessage.keyBytes, using: &generator)
  }

  /// First: its public keys, for the server.
  public mutating func advertise() throws(SecureAggregationError) -> [UInt8] {
    try enter(.keys, next: .shares)
    return SecureMessage.keys(shares: shareKey.publicKey, masks: maskKey.publicKey)
      .encoded(client: number, round: round)
  }

  /// Second: given the keys of all, its shares, sealed for each of the others.
  public mutating func share(_ message: [UInt8]) throws(SecureAggregationError) -> [UInt8] {
    try enter(.shares, next: .numbers)
    guard case .roster(let roster) = try SecureMessage(message, client: number, round: round) else { throw unexpected }
    try check(roster.count, "published keys")
    guard let own = roster.first(where: { $0.client == number }),
      own.bytes == shareKey.publicKey + maskKey.publicKey
    else { throw SecureAggregationError(.message, "the list of keys has not those of client \(number)") }
    guard roster.count <= participants, Set(roster.map(\.bytes)).count == roster.count else {
      throw SecureAggregationError(.message, "the list of keys has too many clients, or the same keys twice")
    }
    self.roster = roster

    let secrets = maskKey.privateKey + ownMask
    var sealed: [SecureMessage.Entry] = []
    for (place, peer) in roster.enumerated() {
      let share = SecretSharing.share(of: secrets, coefficients: coefficients, at: UInt8(place + 1))
      guard peer.client != number else {
        received[number] = share
        continue
      }
      let key = try key(.shares, with: peer)
      sealingKeys[peer.client] = key
      let (from, to) = (number, peer.client)
      let bytes = try SecureMask.attempt { () throws(CryptographyError) in
        try SealedMessage.seal(share, key: key, nonce: Self.nonce(from: from, to: to))
      }
      sealed.append(.init(client: to, bytes: bytes))
    }
    return SecureMessage.sealedShares(sealed).encoded(client: number, round: round)
  }

  /// Third: given what the others sealed for it, `weight` times its values under its masks.
  ///
  /// - Parameter weight: how much it counts beside the others, more than 0 and at most 1; the server learns it.
  /// - Throws: an error of kind `range` if a value is too great for the numbers, or not finite.
  public mutating func mask(
    _ values: [Float], weight: Double = 1, with message: [UInt8]
  ) throws(SecureAggregationError) -> [UInt8] {
    precondition(weight > 0 && weight <= 1, "a weight is more than 0 and at most 1, not \(weight)")
    try enter(.numbers, next: .reveal)
    guard case .deliveries(let deliveries) = try SecureMessage(message, client: number, round: round) else {
      throw unexpected
    }
    try check(deliveries.count + 1, "shared their keys")
    var words = try settings.numbers(participants: participants).encode(values, times: weight)
    for delivery in deliveries {
      guard let peer = roster.first(where: { $0.client == delivery.client }), let sealing = sealingKeys[peer.client]
      else {
        throw SecureAggregationError(.message, "shares arrived from client \(delivery.client), whose keys are unknown")
      }
      let (from, to) = (peer.client, number)
      received[from] = try SecureMask.attempt { () throws(CryptographyError) in
        try SealedMessage.open(delivery.bytes, key: sealing, nonce: Self.nonce(from: from, to: to))
      }
      try SecureMask.apply(
        key: try key(.pair, with: peer), subtracting: SecureMask.subtracts(number, with: from), to: &words)
    }
    try SecureMask.apply(
      key: try SecureMask.key(.own, from: ownMask, round: round), subtracting: false, to: &words)
    return SecureMessage.masked(weight: weight, words: words).encoded(client: number, round: round)
  }

  /// Fourth and last: given whose numbers arrived, its shares of the own masks of those, and of the mask keys of the
  /// others, never both of one client.
  public mutating func reveal(_ message: [UInt8]) throws(SecureAggregationError) -> [UInt8] {
    try enter(.reveal, next: .over)
    guard case .survivors(let survivors) = try SecureMessage(message, client: number, round: round) else {
      throw unexpected
    }
    try check(survivors.count, "sent their numbers")
    if let stranger = survivors.first(where: { received[$0] == nil }) {
      throw SecureAggregationError(.message, "client \(stranger) counts as present, but has shared no keys")
    }
    let present = Set(survivors)
    var (ownMasks, maskKeys): ([SecureMessage.Entry], [SecureMessage.Entry]) = ([], [])
    for (client, shares) in received.sorted(by: { $0.key < $1.key }) {
      if present.contains(client) {
        ownMasks.append(.init(client: client, bytes: Array(shares.suffix(SecureMessage.keyBytes))))
      } else {
        maskKeys.append(.init(client: client, bytes: Array(shares.prefix(SecureMessage.keyBytes))))
      }
    }
    received = [:]
    return SecureMessage.revealed(ownMasks: ownMasks, maskKeys: maskKeys).encoded(client: number, round: round)
  }

  private func key(
    _ purpose: SecureMask.Purpose, with peer: SecureMessage.Entry
  ) throws(SecureAggregationError) -> [UInt8] {
    let isMask = purpose == .pair
    let other = isMask ? peer.bytes.suffix(SecureMessage.keyBytes) : peer.bytes.prefix(SecureMessage.keyBytes)
    return try SecureMask.pairKey(isMask ? maskKey : shareKey, with: Array(other), purpose: purpose, round: round)
  }

  /// Sender and receiver, four bytes each: both directions have one key, and each is used once.
  private static func nonce(from: Int, to: Int) -> [UInt8] {
    (0..<12).map {
      $0 < 4 ? UInt8(truncatingIfNeeded: from >> (8 * $0)) : UInt8(truncatingIfNeeded: to >> (8 * ($0 - 4)))
    }
  }

  private mutating func enter(_ due: Stage, next: Stage) throws(SecureAggregationError) {
    guard stage == due else {
      throw SecureAggregationError(.message, "client \(number) answers each message once, in order")
    }
    stage = next
  }

  private func check(_ count: Int, _ deed: String) throws(SecureAggregationError) {
    guard count >= threshold else {
      throw SecureAggregationError(
        .tooFew, "only \(count) of \(participants) clients \(deed), but a secure sum needs \(threshold)")
    }
  }

  private var unexpected: SecureAggregationError {
    SecureAggregationError(.message, "client \(number) got another kind of message than is due")
  }
}

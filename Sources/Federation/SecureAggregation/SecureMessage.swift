/// What clients and server say to each other in a round of secure aggregation.
///
/// A message is a kind, the version 1, the round (8 bytes), the client that speaks or is spoken to (4 bytes), and its
/// content; numbers have their least significant byte first. Lists are a count (4 bytes) and that many entries in
/// strictly rising order of their clients.
enum SecureMessage: Equatable {
  /// An entry of a list: a client, and bytes about it.
  struct Entry: Equatable {
    var client: Int
    var bytes: [UInt8]
  }

  /// A client's two public keys, for shares and for masks.
  case keys(shares: [UInt8], masks: [UInt8])
  /// The keys of all clients, both in a row.
  case roster([Entry])
  /// A client's sealed shares, by receiver.
  case sealedShares([Entry])
  /// What others sealed for a client, by sender.
  case deliveries([Entry])
  /// A client's numbers under its masks, and the weight by which it multiplied them.
  case masked(weight: Double, words: [UInt32])
  /// The clients whose numbers arrived.
  case survivors([Int])
  /// The shares that a client holds: of the own masks of those who stayed, of the mask keys of those who did not.
  case revealed(ownMasks: [Entry], maskKeys: [Entry])

  /// The bytes of a key, a seed and a share.
  static let keyBytes = 32
  /// The bytes of two shares under their seal.
  static let sealedBytes = 2 * keyBytes + 16
  private static let version: UInt8 = 1

  private var kind: UInt8 {
    switch self {
    case .keys: 1
    case .roster: 2
    case .sealedShares: 3
    case .deliveries: 4
    case .masked: 5
    case .survivors: 6
    case .revealed: 7
    }
  }

  /// The bytes of the message.
  func encoded(client: Int, round: UInt64) -> [UInt8] {
    var writer = SecureMessageWriter()
    writer.write([kind, Self.version])
    writer.write(round)
    writer.write(UInt32(client))
    switch self {
    case .keys(let shares, let masks):
      writer.write(shares)
      writer.write(masks)
    case .roster(let entries), .sealedShares(let entries), .deliveries(let entries):
      writer.write(entries)
    case .masked(let weight, let words):
      writer.write(weight.bitPattern)
      writer.write(words)
    case .survivors(let clients):
      writer.write(clients.map { Entry(client: $0, bytes: []) })
    case .revealed(let ownMasks, let maskKeys):
      writer.write(ownMasks)
      writer.write(maskKeys)
    }
    return writer.bytes
  }

  /// Reads a message of this round that must be from, or for, a client.
  /// - Throws: an error of kind `message` if it is another's, of another round, or no message at all.
  init(_ bytes: [UInt8], client: Int, round: UInt64) throws(SecureAggregationError) {
    var reader = SecureMessageReader(bytes)
    let (kind, version) = (try reader.byte(), try reader.byte())
    guard version == Self.version else {
      throw SecureAggregationError(.message, "a message has the version \(version), but 1 is the only one known")
    }
    let (itsRound, itsClient) = (try reader.word(), try reader.client())
    guard itsRound == round, itsClient == client else {
      throw SecureAggregationError(
        .message,
        "a message is of client \(itsClient) in round \(itsRound), but one of client \(client) in round \(round) is due"
      )
    }
    switch kind {
    case 1: self = .keys(shares: try reader.take(Self.keyBytes), masks: try reader.take(Self.keyBytes))
    case 2: self = .roster(try reader.entries(of: 2 * Self.keyBytes))
    case 3: self = .sealedShares(try reader.entries(of: Self.sealedBytes))
    case 4: self = .deliveries(try reader.entries(of: Self.sealedBytes))
    case 5: self = .masked(weight: Double(bitPattern: try reader.word()), words: try reader.words())
    case 6: self = .survivors(try reader.entries(of: 0).map(\.client))
    case 7:
      self = .revealed(ownMasks: try reader.entries(of: Self.keyBytes), maskKeys: try reader.entries(of: Self.keyBytes))
    default: throw SecureAggregationError(.message, "a message is of the unknown kind \(kind)")
    }
    try reader.finish()
  }
}

/// Bytes being written.
private struct SecureMessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ raw: [UInt8]) { bytes += raw }

  mutating func write(_ number: some FixedWidthInteger & UnsignedInteger) {
    for byte in 0..<number.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
  }

  mutating func write(_ entries: [SecureMessage.Entry]) {
    write(UInt32(entries.count))
    for entry in entries {
      write(UInt32(entry.client))
      write(entry.bytes)
    }
  }

  mutating func write(_ words: [UInt32]) {
    write(UInt32(words.count))
    let start = bytes.count
    bytes += [UInt8](repeating: 0, count: 4 * words.count)
    let source = words.span
    var target = bytes.mutableSpan
    for index in 0..<source.count {
      let (word, place) = (source[index], start &+ 4 &* index)
      target[place] = UInt8(truncatingIfNeeded: word)
      target[place &+ 1] = UInt8(truncatingIfNeeded: word &>> 8)
      target[place &+ 2] = UInt8(truncatingIfNeeded: word &>> 16)
      target[place &+ 3] = UInt8(truncatingIfNeeded: word &>> 24)
    }
  }
}

/// Bytes being read, each length checked before anything is taken.
private struct SecureMessageReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take(_ count: Int) throws(SecureAggregationError) -> [UInt8] {
    guard count <= bytes.count - position else {
      throw SecureAggregationError(.message, "a message ends after \(bytes.count) bytes, in the middle of its content")
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func byte() throws(SecureAggregationError) -> UInt8 { try take(1)[0] }

  mutating func word() throws(SecureAggregationError) -> UInt64 {
    try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func client() throws(SecureAggregationError) -> Int {
    try take(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func entries(of size: Int) throws(SecureAggregationError) -> [SecureMessage.Entry] {
    let count = try client()
    guard count * (4 + size) <= bytes.count - position else {
      throw SecureAggregationError(.message, "a message lists \(count) clients, for which it is too short")
    }
    var entries: [SecureMessage.Entry] = []
    for _ in 0..<count {
      let entry = SecureMessage.Entry(client: try client(), bytes: try take(size))
      if let last = entries.last, entry.client <= last.client {
        throw SecureAggregationError(.message, "a message lists client \(entry.client) behind \(last.client)")
      }
      entries.append(entry)
    }
    return entries
  }

  mutating func words() throws(SecureAggregationError) -> [UInt32] {
    let count = try client()
    let raw = try take(4 * count)
    var words = [UInt32](repeating: 0, count: count)
    let source = raw.span
    var target = words.mutableSpan
    for index in 0..<count {
      let place = 4 &* index
      target[index] =
        UInt32(source[place]) | UInt32(source[place &+ 1]) &<< 8 | UInt32(source[place &+ 2]) &<< 16
        | UInt32(source[place &+ 3]) &<< 24
    }
    return words
  }

  func finish() throws(SecureAggregationError) {
    guard position == bytes.count else {
      throw SecureAggregationError(.message, "a message has \(bytes.count - position) bytes too many")
    }
  }
}

import Federation
import Randomness
import Testing

/// What clients and server refuse.
struct SecureProtocolTests {
  private let settings = SecureAggregation(fractionalBits: 16, threshold: 0.6)
  private let round: UInt64 = 4

  private func client(_ number: Int, seed: UInt64 = 1) throws -> SecureAggregationClient {
    var stream = RandomStream(seed: seed).split(UInt64(number))
    return try SecureAggregationClient(settings, number: number, participants: 4, round: round, using: &stream)
  }

  private func server() -> SecureAggregationServer {
    SecureAggregationServer(settings, participants: [0, 1, 2, 3], count: 3, round: round)
  }

  /// Sends one message of each client through an exchange.
  private func answers(
    _ clients: inout [SecureAggregationClient], _ inbox: [Int: [UInt8]],
    _ act: (inout SecureAggregationClient, [UInt8]) throws -> [UInt8]
  ) throws -> [Int: [UInt8]] {
    var messages: [Int: [UInt8]] = [:]
    for number in clients.indices { messages[number] = try act(&clients[number], inbox[number] ?? []) }
    return messages
  }

  @Test func `a client reveals once, so that nobody gets both shares of a peer`() throws {
    var clients = try (0..<4).map { try client($0) }
    var server = server()
    let rosters = try server.roster(answers(&clients, [:]) { client, _ in try client.advertise() })
    let deliveries = try server.deliveries(answers(&clients, rosters) { try $0.share($1) })
    let survivors = try server.survivors(answers(&clients, deliveries) { try $0.mask([1, 2, 3], with: $1) })
    _ = try clients[0].reveal(survivors[0] ?? [])
    let error = try #require(throws: SecureAggregationError.self) { try clients[0].reveal(survivors[0] ?? []) }
    #expect(error.description == "client 0 answers each message once, in order")
    // Nor does it go back.
    #expect(throws: SecureAggregationError.self) { try clients[1].share(rosters[1] ?? []) }
    #expect(throws: SecureAggregationError.self) { try clients[1].mask([0, 0, 0], with: deliveries[1] ?? []) }
  }

  @Test func `a client whose message is garbage counts as vanished, and the sum is that of the others`() throws {
    var clients = try (0..<4).map { try client($0) }
    var server = server()
    let rosters = try server.roster(answers(&clients, [:]) { client, _ in try client.advertise() })
    let deliveries = try server.deliveries(answers(&clients, rosters) { try $0.share($1) })
    var masked = try answers(&clients, deliveries) { try $0.mask([1, 2, 3], with: $1) }
    masked[2]?.removeLast()
    masked[9] = [1, 2, 3]
    let inbox = try server.survivors(masked)
    #expect(server.refused.map(\.client) == [9, 2])
    var revealed: [Int: [UInt8]] = [:]
    for number in [0, 1, 3] { revealed[number] = try clients[number].reveal(inbox[number] ?? []) }
    #expect(try server.sum(revealed).values == [3, 6, 9])
  }

  @Test func `shares that were sealed for another client, or changed, do not open`() throws {
    var clients = try (0..<4).map { try client($0) }
    var server = server()
    let rosters = try server.roster(answers(&clients, [:]) { client, _ in try client.advertise() })
    let deliveries = try server.deliveries(answers(&clients, rosters) { try $0.share($1) })
    var changed = try #require(deliveries[0])
    changed[changed.count - 5] ^= 1
    var first = clients[0]
    let error = try #require(throws: SecureAggregationError.self) { try first.mask([0, 0, 0], with: changed) }
    #expect(error.kind == .cryptography)
    #expect(throws: SecureAggregationError.self) { try clients[1].mask([0, 0, 0], with: deliveries[0] ?? []) }
  }

  @Test func `a revealed share that was changed is found out`() throws {
    for place in [14 + 4 + 4, 14 + 4 + 3 * 36 + 4 + 4 + 10] {
      var clients = try (0..<4).map { try client($0) }
      var server = server()
      let rosters = try server.roster(answers(&clients, [:]) { client, _ in try client.advertise() })
      let deliveries = try server.deliveries(answers(&clients, rosters) { try $0.share($1) })
      var masked = try answers(&clients, deliveries) { try $0.mask([1, 2, 3], with: $1) }
      masked[2] = nil
      let inbox = try server.survivors(masked)
      var revealed: [Int: [UInt8]] = [:]
      for number in [0, 1, 3] { revealed[number] = try clients[number].reveal(inbox[number] ?? []) }
      // Of an own mask, which only a share too many betrays; of a mask key, which its public key betrays.
      revealed[1]?[place] ^= 0x80
      if place < 30 { #expect(settings.fewest(of: 4) == 3) }
      let outcome = Result { try server.sum(revealed) }
      if place < 30 {
        // Three shares for a threshold of three: nothing contradicts, and the sum is noise.
        #expect(try outcome.get().values != [3, 6, 9])
      } else {
        #expect(throws: SecureAggregationError.self) { try outcome.get() }
      }
    }
  }

  @Test func `no bytes make a client or a server trap`() throws {
    var clients = try (0..<4).map { try client($0) }
    var server = server()
    let keys = try answers(&clients, [:]) { client, _ in try client.advertise() }
    let rosters = try server.roster(keys)
    let waiting = (clients: clients, server: server)
    let sealed = try answers(&clients, rosters) { try $0.share($1) }
    let deliveries = try server.deliveries(sealed)
    let ready = (clients: clients, server: server)
    let masked = try answers(&clients, deliveries) { try $0.mask([1, 2, 3], with: $1) }
    let survivors = try server.survivors(masked)
    let last = (clients: clients, server: server)
    let revealed = try answers(&clients, survivors) { try $0.reveal($1) }
    var stream = RandomStream(seed: 8)
    func damaged(_ message: [UInt8]?) -> [UInt8] {
      var bytes = message ?? []
      switch stream.integer(below: 4) {
      case 0: bytes.removeLast(stream.integer(below: bytes.count + 1))
      case 1: bytes += (0...stream.integer(below: 9)).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      case 2: for _ in 0...stream.integer(below: 3) { bytes[stream.integer(below: bytes.count)] ^= 255 }
      default: bytes = (0..<stream.integer(below: 200)).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      }
      return bytes
    }
    var failures = 0
    func attempt(_ body: () throws -> Void) { do { try body() } catch { failures += 1 } }
    for _ in 0..<2000 {
      attempt {
        var server = self.server(); _ = try server.roster(keys.mapValues { damaged($0) })
      }
      attempt {
        var server = waiting.server; _ = try server.deliveries(sealed.mapValues { damaged($0) })
      }
      attempt {
        var server = ready.server; _ = try server.survivors(masked.mapValues { damaged($0) })
      }
      attempt {
        var server = last.server; _ = try server.sum(revealed.mapValues { damaged($0) })
      }
      attempt {
        var client = waiting.clients[1]; _ = try client.share(damaged(rosters[1]))
      }
      attempt {
        var client = ready.clients[1]; _ = try client.mask([1, 2, 3], with: damaged(deliveries[1]))
      }
      attempt {
        var client = last.clients[1]; _ = try client.reveal(damaged(survivors[1]))
      }
    }
    #expect(failures > 10_000)
  }
}

import Agents
import Federation
import Randomness
import ReinforcementLearning

/// A round's updates brought together by secure aggregation: the server learns their sum and nothing else.
extension FederatedRun {
  /// Runs the four exchanges of every edge's secure sum at once.
  ///
  /// A client whose update the plan loses vanishes with its numbers, after it has shared its keys; a liar whose numbers
  /// do not fit the fixed point likewise, while those of an honest client end the run. Where too few stay, the edge's
  /// model stays as it is.
  mutating func sumInSecret(_ plan: RoundPlan, _ settings: SecureAggregation) throws(Failure) {
    let parts = Dictionary(uniqueKeysWithValues: plan.parts.map { ($0.client, $0) })
    let (edges, count) = (federation.edges, sites.first?.mergedCount(federation.shared) ?? 0)
    let members = Dictionary(grouping: parts.keys.sorted()) { edges[$0] }.filter {
      settings.unsupported(participants: $0.value.count) == nil
    }
    let taking = Set(members.values.joined())
    var sums = SecureSums(settings, members: exchange.isServer ? members : [:], count: count, round: round)
    let (round, federation, seed, workers) = (round, federation, seed, workers)
    let failures = FirstFailure()
    for step in SecureRound.Exchange.allCases {
      let inbox = Dictionary(
        uniqueKeysWithValues: step == .keys ? [] : try exchange.distribute(sums.outgoing).map { ($0.client, $0.bytes) })
      let sent = SentBytes()
      forEach(of: &sites, workers: workers) { _, site in
        guard let part = parts[site.client], taking.contains(site.client) else { return }
        if step == .numbers, part.isLost { return }
        guard step == .keys || inbox[site.client] != nil else { return }
        let peers = members[edges[site.client]]?.count ?? 0
        let weight = federation.weighsSamples ? Double(part.steps) / Double(federation.localSteps) : 1
        do throws(SecureAggregationError) {
          let bytes = try site.answer(
            step, inbox[site.client] ?? [], settings, peers: peers, weight: weight, round: round, seed: seed)
          sent.add(site.client, bytes)
        } catch {
          // An honest client with numbers too great needs other settings; a liar vanishes.
          if error.kind == .range, site.link.attack == nil { failures.note("\(site.name): \(error)") }
        }
      }
      if let sentence = failures.sentence { throw Failure(.fault, sentence) }
      let all = try exchange.collect(sent.sorted)
      if exchange.isServer { try sums.take(all, of: step) }
    }
    for index in sites.indices { sites[index].forgetSecret() }
    guard var server else { return }
    self.server = nil
    for edge in 0..<edges.count {
      let bytes = sums.bytes[edge] ?? (0, 0)
      let clients = parts.keys.count { edges[$0] == edge }
      server.receive(sums.results[edge], of: edge, participants: clients, bytes: bytes)
    }
    server.endRound(round)
    self.server = server
  }
}

/// The server's side of the secure sums of all edges.
private struct SecureSums {
  private(set) var results: [Int: SecureSum] = [:]
  /// Bytes by edge.
  private(set) var bytes: [Int: (up: Int, down: Int)] = [:]
  /// What the clients are to be told next.
  private(set) var outgoing: [(client: Int, bytes: [UInt8])] = []
  private var servers: [Int: SecureAggregationServer] = [:]
  private let edge: [Int: Int]

  init(_ settings: SecureAggregation, members: [Int: [Int]], count: Int, round: Int) {
    var edge: [Int: Int] = [:]
    for (index, clients) in members {
      servers[index] = SecureAggregationServer(settings, participants: clients, count: count, round: UInt64(round))
      for client in clients { edge[client] = index }
    }
    self.edge = edge
  }

  /// Takes the messages of an exchange; an edge where too few are left is given up.
  mutating func take(_ messages: [(client: Int, bytes: [UInt8])], of step: SecureRound.Exchange) throws(Failure) {
    var byEdge: [Int: [Int: [UInt8]]] = [:]
    for message in messages {
      guard let index = edge[message.client] else { continue }
      byEdge[index, default: [:]][message.client] = message.bytes
      bytes[index, default: (0, 0)].up += message.bytes.count
    }
    outgoing = []
    for index in servers.keys.sorted() {
      guard var server = servers[index] else { continue }
      do throws(SecureAggregationError) {
        let own = byEdge[index] ?? [:]
        let answers: [Int: [UInt8]]
        switch step {
        case .keys: answers = try server.roster(own)
        case .shares: answers = try server.deliveries(own)
        case .numbers: answers = try server.survivors(own)
        case .reveal:
          results[index] = try server.sum(own)
          answers = [:]
        }
        servers[index] = server
        for client in answers.keys.sorted() {
          guard let answer = answers[client] else { continue }
          outgoing.append((client, answer))
          bytes[index, default: (0, 0)].down += answer.count
        }
      } catch {
        guard error.kind == .tooFew else { throw Failure(.fault, "secure aggregation: \(error)") }
        servers[index] = nil
      }
    }
    outgoing.sort { $0.client < $1.client }
  }
}

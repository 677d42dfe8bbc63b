import Configuration
import Federation
import Randomness
import Snapshots
import Testing

@Suite struct FederationServerTests {
  private let start: [Float] = [1, 2, 3, 4]

  private func server(
    clients: Int = 3, merged: Int = 4, edges: EdgeGroups? = nil, staleness: Staleness? = nil,
    rule named: (any AggregationRule)? = nil
  ) throws -> FederationServer {
    let document = try ConfigurationDocument(text: "x: 1", name: "x.yaml", directory: "/")
    var mapping = document.root()
    let rule: any AggregationRule = try named ?? FederatedAveraging(from: &mapping)
    return FederationServer(
      model: start, mergedCount: merged, edges: edges ?? EdgeGroups(clients: clients), makeRule: { rule },
      staleness: staleness, stream: RandomStream(seed: 1))
  }

  private func update(
    _ client: Int, _ values: [Float], samples: Double = 1, form: UpdateMessage.Form = .parameters, version: Int = 0,
    moments: [Float] = []
  ) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(values)
    return UpdateMessage(
      client: client, round: 0, version: version, samples: samples, form: form, content: writer.bytes,
      moments: moments
    ).bytes
  }

  private func receive(_ server: inout FederationServer, _ updates: [[UInt8]], round: Int = 0) {
    server.receive(updates, round: round, weighsSamples: true, judge: nil)
  }

  /// Trap T17: exact weights; a dropped client re-weights the rest.
  @Test func `samples weigh, and those who do not arrive do not count`() throws {
    var server = try server()
    receive(&server, [update(0, [0, 0, 0, 0], samples: 1), update(1, [4, 8, -4, 1], samples: 3)])
    #expect(server.models == [[3, 6, -3, 0.75]])
    #expect(server.merged == 2 && server.versions == [1])
    receive(&server, [update(2, [7, 7, 7, 7], samples: 9)])
    #expect(server.models == [[7, 7, 7, 7]])
    receive(&server, [])
    #expect(server.models == [[7, 7, 7, 7]] && server.versions == [2])
  }

  /// Trap T17: refused, counted, and the round goes on.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `an update that is not finite is refused and counted`(value: Float) throws {
    var server = try server()
    receive(&server, [update(0, [0, value, 0, 0]), update(1, [5, 5, 5, 5])])
    #expect(server.models == [[5, 5, 5, 5]])
    #expect(server.refused == 1 && server.merged == 1)
    receive(&server, [update(0, [value, 0, 0, 0])])
    #expect(server.models == [[5, 5, 5, 5]] && server.refused == 2)
  }

  @Test func `a finite difference that leads beyond 32 bits is refused too`() throws {
    var server = try server(rule: CoordinateMedian())
    let far = Float.greatestFiniteMagnitude
    receive(&server, [update(0, [far, far, 0, 0], form: .parameters), update(1, [1, 1, 1, 1], form: .difference)])
    receive(&server, [update(2, [far, 0, 0, 0], form: .difference)])
    #expect(server.refused == 1 && server.merged == 2)
    #expect(server.models[0].allSatisfy { $0.isFinite })
  }

  @Test func `where too few arrive for the rule the model waits`() throws {
    let rules: [any AggregationRule] = [Krum(liars: 1), MultiKrum(liars: 1), Bulyan(liars: 1), TrimmedMean(trim: 0.3)]
    for rule in rules {
      var server = try server(clients: 8, rule: rule)
      receive(&server, [update(0, [9, 9, 9, 9]), update(1, [9, 9, 9, 9])])
      #expect(server.models == [start] && server.leftOut == 2 && server.versions == [0])
      receive(&server, (0..<8).map { update($0, [9, 9, 9, 9]) })
      #expect(server.models == [[9, 9, 9, 9]] && server.versions == [1])
    }
  }

  @Test func `bytes that are no update are refused, whatever they are`() throws {
    var server = try server()
    let whole = update(0, [1, 1, 1, 1])
    var stream = RandomStream(seed: 5)
    var count = 0
    for length in 0..<whole.count {
      receive(&server, [Array(whole[..<length])])
      count += 1
    }
    for _ in 0..<2000 {
      var bytes = whole
      // Lengths and the form: what may not be believed.
      bytes[24 + stream.integer(below: 9)] = UInt8(truncatingIfNeeded: stream.next())
      receive(&server, [bytes])
      count += 1
    }
    receive(&server, [update(9, [1, 1, 1, 1]), update(0, [1, 1, 1]), update(0, [1, 1, 1, 1], moments: [1])])
    #expect(server.refused >= whole.count + 3 && server.refused + server.merged == count + 3)
  }

  @Test func `traffic is the bytes of the messages`() throws {
    var server = try server()
    let down = server.send(to: 1)
    #expect(server.traffic.down == down.bytes.count && down.bytes.count == 16 + 29)
    let up = update(1, start)
    #expect(up.count == 16 + 41)
    receive(&server, [up, up])
    #expect(server.traffic.up == 2 * up.count && server.traffic.cloud == 0)
    let read = try ModelMessage(bytes: down.bytes)
    #expect(read == down && read.version == 0)
  }

  @Test func `moments are averaged beside what the rule merges`() throws {
    var server = try server(merged: 3)
    receive(
      &server,
      [update(0, [0, 0, 0], samples: 1, moments: [8]), update(1, [4, 4, 4], samples: 3, moments: [4])])
    #expect(server.models == [[3, 3, 3, 5]])
  }

  @Test func `a late update counts less, a too late one not at all`() throws {
    var server = try server(staleness: Staleness(mixing: 0.5, exponent: 1, maximum: 2))
    receive(&server, [update(0, [2, 0, 0, 0], form: .difference)])
    #expect(server.models == [[2, 2, 3, 4]])
    // Began at version 0, one change ago: 0.5 / 2.
    receive(&server, [update(1, [4, 0, 0, 0], form: .difference)])
    #expect(server.models == [[3, 2, 3, 4]] && server.versions == [2])
    receive(&server, [update(2, [0, 4, 0, 0], form: .difference, version: 2)])
    receive(&server, [update(0, [0, 0, 0, 100], form: .difference, version: 0)])
    #expect(server.models == [[3, 4, 3, 4]] && server.leftOut == 1 && server.merged == 3)
  }

  @Test func `edges merge their own clients, and the cloud their models`() throws {
    var server = try server(edges: EdgeGroups(edges: [[0, 1], [2]], every: 2))
    receive(
      &server, [update(0, [0, 0, 0, 0]), update(1, [2, 2, 2, 2]), update(2, [7, 7, 7, 7], samples: 1)], round: 0)
    #expect(server.models == [[1, 1, 1, 1], [7, 7, 7, 7]])
    #expect(server.model(for: 1).values == [1, 1, 1, 1] && server.model(for: 2).values == [7, 7, 7, 7])
    receive(&server, [update(0, [1, 1, 1, 1], samples: 2)], round: 1)
    // Four samples stand behind the first edge's model, one behind the other's.
    let mean: [Float] = [2.2, 2.2, 2.2, 2.2]
    #expect(server.models == [mean, mean])
    #expect(server.traffic.cloud == 4 * 4 * 4)
  }

  @Test func `a restored server goes on as the first does`() throws {
    var server = try server(merged: 3, edges: EdgeGroups(edges: [[0, 1], [2]], every: 3))
    receive(&server, [update(0, [0, 1, 0], moments: [8]), update(1, [4, 4, 4], samples: 3, moments: [4])])
    _ = server.send(to: 0)
    var copy = try self.server(merged: 3, edges: EdgeGroups(edges: [[0, 1], [2]], every: 3))
    try copy.restore(from: server.snapshot())
    for round in 1..<4 {
      let updates = [update(2, [1, Float(round), 0], moments: [1]), update(0, [0, 0, 5], moments: [2])]
      receive(&server, updates, round: round)
      receive(&copy, updates, round: round)
    }
    #expect(server.snapshot() == copy.snapshot() && server.models == copy.models)
  }
}

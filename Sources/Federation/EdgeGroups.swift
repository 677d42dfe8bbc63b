/// Which edge each client belongs to, and how often the cloud has its turn.
public struct EdgeGroups: Sendable, Equatable {
  /// The number of edges.
  public let count: Int
  private let edge: [Int]
  private let every: Int

  /// Clients without edges: one model for all.
  public init(clients: Int) { self.init(edges: [Array(0..<clients)], every: 0) }

  /// Clients by their edges; `every` so many rounds the cloud merges, 0 for never.
  /// - Precondition: every client from 0 on stands in one edge exactly.
  public init(edges: [[Int]], every: Int) {
    let all = edges.joined().sorted()
    precondition(all == Array(0..<all.count), "the edges \(edges) do not share out the clients")
    count = edges.count
    var edge = [Int](repeating: 0, count: all.count)
    for (index, members) in edges.enumerated() {
      for client in members { edge[client] = index }
    }
    self.edge = edge
    self.every = every
  }

  /// The number of clients.
  public var clients: Int { edge.count }

  /// The edge of a client.
  public subscript(client: Int) -> Int { edge[client] }

  /// The clients of an edge, in their order.
  public func members(of index: Int) -> [Int] { edge.indices.filter { edge[$0] == index } }

  /// Whether the cloud merges after a round, the first being 0.
  public func isCloudsTurn(after round: Int) -> Bool { count > 1 && every > 0 && (round + 1).isMultiple(of: every) }
}

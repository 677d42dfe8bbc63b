/// How far each client is from those nearest to it: Krum's score.
///
/// The score of a client is the sum of the squared distances to the n − f − 2 others nearest to it, of n clients of
/// whom f may lie; at least one other.
///
/// Source: P. Blanchard et al., "Machine learning with adversaries: Byzantine tolerant gradient descent", NeurIPS 2017,
/// section 4.
struct KrumScores {
  private let distances: ClientDistances
  private let neighbours: [[Int]]
  /// Which clients are still there.
  private var isThere: [Bool]
  /// How many may lie.
  private let liars: Int

  /// The scores of all clients.
  init(_ vectors: [[Float]], liars: Int) {
    distances = ClientDistances(vectors)
    neighbours = vectors.indices.map { [distances] in distances.neighbours(of: $0) }
    isThere = Array(repeating: true, count: vectors.count)
    self.liars = liars
  }

  /// The clients that are still there with their scores, the least first; of equal ones the first client.
  func ranked() -> [Int] {
    let closest = max(1, isThere.count { $0 } - liars - 2)
    let scores = isThere.indices.map { isThere[$0] ? score(of: $0, closest) : .infinity }
    return isThere.indices.filter { isThere[$0] }.sorted { (scores[$0], $0) < (scores[$1], $1) }
  }

  /// Takes a client away; the scores of the others are then those without it.
  mutating func remove(_ client: Int) { isThere[client] = false }

  private func score(of client: Int, _ closest: Int) -> Double {
    var (sum, left) = (0.0, closest)
    for other in neighbours[client] where isThere[other] {
      if left == 0 { break }
      sum += distances[client, other]
      left -= 1
    }
    return sum
  }
}

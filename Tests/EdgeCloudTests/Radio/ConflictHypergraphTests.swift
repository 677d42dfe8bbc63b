import EdgeCloud
import Randomness
import Testing

@Suite struct ConflictHypergraphTests {
  /// Random links in a square and what arrives where, d⁻³ each.
  private func powers(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed)
    let senders = (0..<count).map { _ in (stream.uniform() * 100, stream.uniform() * 100) }
    let receivers = senders.map { ($0.0 + stream.uniform() * 12, $0.1 + stream.uniform() * 12) }
    var received = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        let (dx, dy) = (receivers[i].0 - senders[j].0, receivers[i].1 - senders[j].1)
        let d = (dx * dx + dy * dy).squareRoot()
        received[i * count + j] = 1 / (d * d * d)
      }
    }
    return received
  }

  /// Whether every link of a set reaches θ: plain SINR, nothing of affectance.
  private func isServed(_ set: [Int], _ received: [Double], count: Int, noise: Double, threshold: Double) -> Bool {
    set.allSatisfy { i in
      let interference = set.reduce(0) { $0 + ($1 == i ? 0 : received[i * count + $1]) }
      return received[i * count + i] / (interference + noise) >= threshold
    }
  }

  private func sets(of count: Int, upTo largest: Int) -> [[Int]] {
    (1..<1 << count).map { mask in (0..<count).filter { mask >> $0 & 1 == 1 } }.filter { $0.count <= largest }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `edges are exactly the minimal sets in conflict, against all subsets`(seed: UInt64) {
    let (count, noise, threshold) = (11, 2e-4, 3.0)
    let received = powers(count, seed: seed)
    let graph = ConflictHypergraph(
      affectance: ConflictHypergraph.affectance(
        received_W: received, count: count, noise_W: noise, threshold: threshold), count: count, largest: 4)
    var failing: Set<[Int]> = []
    var minimal: Set<[Int]> = []
    for set in sets(of: count, upTo: 4).sorted(by: { $0.count < $1.count }) {
      if isServed(set, received, count: count, noise: noise, threshold: threshold) { continue }
      failing.insert(set)
      let parts = set.indices.map { index in set.enumerated().filter { $0.offset != index }.map(\.element) }
      if !parts.contains(where: { failing.contains($0) }) { minimal.insert(set) }
    }
    let found = graph.hopeless.map { [$0] } + graph.pairs + graph.hyperedges
    #expect(Set(found) == minimal)
    #expect(found.count == minimal.count)
    for set in sets(of: count, upTo: 4) { #expect(graph.isFree(Set(set)) == !failing.contains(set)) }
    for link in 0..<count {
      #expect(graph.degrees[link] == graph.pairs.count { $0.contains(link) })
      #expect(graph.hyperdegrees[link] == graph.hyperedges.count { $0.contains(link) })
      #expect((0..<count).allSatisfy { graph.areInConflict(link, $0) == graph.pairs.contains([link, $0].sorted()) })
    }
  }

  @Test func `three links that only fail together are one hyperedge`() {
    // Each takes 0.6 of another's allowance: two are fine, three are not.
    let graph = ConflictHypergraph(affectance: [Double](repeating: 0.6, count: 9), count: 3)
    #expect(graph.pairs.isEmpty && graph.hyperedges == [[0, 1, 2]] && graph.hyperdegrees == [1, 1, 1])
  }

  @Test func `a size below the conflict finds nothing`() {
    let affectance = [Double](repeating: 0.4, count: 16)
    #expect(ConflictHypergraph(affectance: affectance, count: 4, largest: 3).hyperedges.isEmpty)
    #expect(ConflictHypergraph(affectance: affectance, count: 4, largest: 4).hyperedges == [[0, 1, 2, 3]])
  }
}

@Suite struct SaturationColouringTests {
  private func colours(_ count: Int, _ edges: [(Int, Int)], limit: Int = Int.max) -> [Int] {
    SaturationColouring.colour(count: count, colours: limit) { i, j in
      edges.contains { ($0.0 == i && $0.1 == j) || ($0.0 == j && $0.1 == i) }
    }
  }

  @Test func `bipartite graphs take two colours, odd cycles three, complete graphs all`() {
    var stream = RandomStream(seed: 2)
    for _ in 0..<50 {
      var edges: [(Int, Int)] = []
      for a in 0..<6 { for b in 6..<12 where stream.uniform() < 0.4 { edges.append((a, b)) } }
      let colour = colours(12, edges)
      #expect(colour.allSatisfy { $0 <= 1 } && edges.allSatisfy { colour[$0.0] != colour[$0.1] })
    }
    #expect(colours(7, (0..<7).map { ($0, ($0 + 1) % 7) }).max() == 2)
    let complete = (0..<5).flatMap { a in (a + 1..<5).map { (a, $0) } }
    #expect(Set(colours(5, complete)).count == 5)
    #expect(colours(5, complete, limit: 3).count { $0 < 0 } == 2)
  }

  @Test func `Petersen's graph takes three`() {
    var edges: [(Int, Int)] = []
    for k in 0..<5 { edges += [(k, (k + 1) % 5), (k, k + 5), (k + 5, (k + 2) % 5 + 5)] }
    let colour = colours(10, edges)
    #expect(colour.max() == 2 && edges.allSatisfy { colour[$0.0] != colour[$0.1] })
  }
}

/// Which sets of links cannot share a channel: pairs that disturb one another too much, and larger sets whose
/// interference adds up to too much although no part of them does.
///
/// Link i is served while S/(I + N) ≥ θ, that is while the interference stays within its allowance Bᵢ = Sᵢ/θ − N. The
/// affectance of j on i is aᵢⱼ = (power of j at i's receiver)/Bᵢ (M. M. Halldórsson, R. Wattenhofer, ICALP 2009), so
/// that a set S is free of conflict when Σ over j in S∖{i} of aᵢⱼ ≤ 1 for every i in S. More interferers never help, so
/// the sets in conflict are those that contain a minimal one; the minimal ones are the edges of the hypergraph (the
/// conflict graph is the edges of two; after Q. Li, R. Negi, IEEE TVT 61 (2012) 297). All minimal sets up to a size are found.
public struct ConflictHypergraph: Sendable, Equatable {
  /// The number of links.
  public let count: Int
  /// Links that fail even alone.
  public let hopeless: [Int]
  /// Pairs in conflict, each with the lower link first, in order.
  public let pairs: [[Int]]
  /// Minimal sets in conflict of three links and more, by size, each in rising order.
  public let hyperedges: [[Int]]
  /// The size up to which minimal sets were looked for.
  public let largest: Int
  /// For each link, the pairs it is in.
  public let degrees: [Int]
  /// For each link, the hyperedges it is in.
  public let hyperdegrees: [Int]

  private let adjacency: [Bool]

  /// The hypergraph of affectances, row-major [victim × source]; the diagonal is infinite for a link that fails alone.
  ///
  /// With n links of which at most d have an affectance above 1/(largest − 1)! of another's allowance, sets of three cost
  /// O(n d²) and each further size a factor d; ``largest`` is 2 to 4.
  public init(affectance: [Double], count: Int, largest: Int = 3) {
    precondition(
      affectance.count == count * count && (2...4).contains(largest) && count <= 1 << 15,
      "\(affectance.count) affectances of \(count) links, sets up to \(largest): wanted count², 2 ... 4 and at most 32768"
    )
    self.count = count
    self.largest = largest
    let victims = 0..<count
    hopeless = victims.filter { affectance[$0 * count + $0] == .infinity }
    let isHopeless = Set(hopeless)
    var adjacency = [Bool](repeating: false, count: count * count)
    var pairs: [[Int]] = []
    var degrees = [Int](repeating: 0, count: count)
    for i in victims where !isHopeless.contains(i) {
      for j in i + 1..<max(count, i + 1) where !isHopeless.contains(j) {
        guard affectance[i * count + j] > 1 || affectance[j * count + i] > 1 else { continue }
        pairs.append([i, j])
        adjacency[i * count + j] = true
        adjacency[j * count + i] = true
        degrees[i] += 1
        degrees[j] += 1
      }
    }
    var search = MinimalSets(affectance: affectance, adjacency: adjacency, count: count)
    for size in 3..<max(largest + 1, 3) {
      for victim in victims where !isHopeless.contains(victim) {
        search.find(size: size, victim: victim, except: isHopeless)
      }
      search.settle()
    }
    hyperedges = search.edges
    var hyperdegrees = [Int](repeating: 0, count: count)
    for edge in hyperedges { for link in edge { hyperdegrees[link] += 1 } }
    self.adjacency = adjacency
    self.pairs = pairs
    self.degrees = degrees
    self.hyperdegrees = hyperdegrees
  }

  /// Whether two links are a pair in conflict.
  public func areInConflict(_ i: Int, _ j: Int) -> Bool { adjacency[i * count + j] }

  /// Whether a set contains no edge of the hypergraph and no hopeless link.
  public func isFree(_ links: Set<Int>) -> Bool {
    !hopeless.contains { links.contains($0) }
      && !pairs.contains { links.contains($0[0]) && links.contains($0[1]) }
      && !hyperedges.contains { $0.allSatisfy { links.contains($0) } }
  }

  /// The affectances of links on one channel.
  ///
  /// - Parameters:
  ///   - received_W: row-major [receiver × transmitter], what arrives at receiver i from transmitter j.
  ///   - noise_W: the noise at each receiver.
  ///   - threshold: the least SINR θ, a plain ratio.
  public static func affectance(received_W: [Double], count: Int, noise_W: Double, threshold: Double) -> [Double] {
    var result = received_W
    for victim in 0..<count {
      let allowance = received_W[victim * count + victim] / threshold - noise_W
      for source in 0..<count {
        let index = victim * count + source
        result[index] = allowance < 0 ? .infinity : source == victim ? 0 : received_W[index] / allowance
      }
    }
    return result
  }
}

/// The search for minimal sets of one size that contain none of a smaller size.
private struct MinimalSets {
  let affectance: [Double]
  let adjacency: [Bool]
  let count: Int
  private(set) var edges: [[Int]] = []
  private var known: Set<UInt64> = []
  private var found: Set<UInt64> = []
  private var fresh: [[Int]] = []
  private var candidates: [(link: Int, value: Double)] = []
  private var chosen: [Int] = []

  init(affectance: [Double], adjacency: [Bool], count: Int) {
    self.affectance = affectance
    self.adjacency = adjacency
    self.count = count
  }

  /// Collects the sets of a size in which a victim fails.
  mutating func find(size: Int, victim: Int, except hopeless: Set<Int>) {
    candidates.removeAll(keepingCapacity: true)
    for link in 0..<count where link != victim && !hopeless.contains(link) && !adjacency[victim * count + link] {
      let value = affectance[victim * count + link]
      if value > 0 { candidates.append((link, value)) }
    }
    candidates.sort { $0.value > $1.value || ($0.value == $1.value && $0.link < $1.link) }
    chosen.removeAll(keepingCapacity: true)
    extend(from: 0, remaining: size - 1, sum: 0, victim: victim)
  }

  /// Chooses further interferers in falling order, as long as they can still be too much together.
  private mutating func extend(from start: Int, remaining: Int, sum: Double, victim: Int) {
    if remaining == 0 {
      if sum > 1 { note(victim: victim) }
      return
    }
    for index in start..<max(candidates.count, start) {
      let (link, value) = candidates[index]
      if sum + Double(remaining) * value <= 1 { return }
      if chosen.contains(where: { adjacency[$0 * count + link] }) { continue }
      chosen.append(link)
      extend(from: index + 1, remaining: remaining - 1, sum: sum + value, victim: victim)
      chosen.removeLast()
    }
  }

  private mutating func note(victim: Int) {
    let set = (chosen + [victim]).sorted()
    if set.count == 4 {
      for leftOut in 0..<4 {
        var part = set
        part.remove(at: leftOut)
        if known.contains(Self.key(part)) { return }
      }
    }
    if found.insert(Self.key(set)).inserted { fresh.append(set) }
  }

  /// Keeps what was found of a size, in order.
  mutating func settle() {
    fresh.sort { $0.lexicographicallyPrecedes($1) }
    edges += fresh
    known.formUnion(found)
    fresh.removeAll()
    found.removeAll()
  }

  private static func key(_ set: [Int]) -> UInt64 { set.reduce(0) { $0 << 16 | UInt64($1 + 1) } }
}

import Glibc

/// Entropic optimal transport between sources and sinks, by Sinkhorn's iteration in the log domain.
///
/// Sources i have masses aᵢ, sinks j capacities bⱼ, and an edge e from i to j costs C_e for a unit of mass; there may be
/// no edge, one or several between the two. The plan P minimises
///
///     Σ P C + ε Σ P (log P − 1) + Σ over bounded sinks of ρⱼ max(0, P₊ⱼ − bⱼ),   P₊ⱼ the mass that arrives at j,
///
/// such that all of aᵢ leaves i, and that exactly bⱼ arrives at a sink of ``Sink/exactly(_:)``. A sink of
/// ``Sink/atMost(_:price:)`` takes more than bⱼ only at the price ρⱼ for each unit beyond; an infinite one forbids it.
/// The solution is P_e = exp((fᵢ + gⱼ − C_e)/ε). With L the logarithm of a sum of exponentials over the edges of one end,
/// the iteration repeats
///
///     gⱼ ← ε (log bⱼ − L((fᵢ − C_e)/ε)), brought into −ρⱼ ... 0 at a bounded sink,
///     fᵢ ← ε (log aᵢ − L((gⱼ − C_e)/ε)),
///
/// which is stable for any ε > 0. It ends after the second line, so that rows always sum to their masses. −gⱼ is then what
/// a unit of the sink's capacity is worth. Where ε is small beside the costs it begins with a greater one, lowered in steps
/// while potentials are kept. As ε → 0 the plan becomes one of the linear program. Edges may take the time of links too
/// (`TransportLinks.swift`).
///
/// The sums of exact sinks and of masses must agree where all sinks are exact. A source none of whose edges can take
/// anything sends nothing. O(edges) for an iteration; nothing is allocated once a problem of the size has been solved.
///
/// Sources: M. Cuturi, "Sinkhorn distances: lightspeed computation of optimal transport", NeurIPS 2013; G. Peyré,
/// M. Cuturi, "Computational optimal transport", FTML 11 (2019), section 4.4 for the log domain; L. Chizat, G. Peyré,
/// B. Schmitzer, F.-X. Vialard, "Scaling algorithms for unbalanced optimal transport problems", Mathematics of
/// Computation 87 (2018), for bounded sinks.
public struct EntropicTransport: Sendable {
  /// How much a sink takes.
  public struct Sink: Sendable, Equatable {
    /// bⱼ.
    public let capacity: Double
    /// Where its potential may lie.
    let potentials: ClosedRange<Double>

    /// Neither more nor less.
    public static func exactly(_ mass: Double) -> Sink {
      Sink(capacity: mass, potentials: -Double.infinity...Double.infinity)
    }

    /// No more, or more at a price for each unit beyond.
    public static func atMost(_ capacity: Double, price: Double = .infinity) -> Sink {
      precondition(price >= 0, "a price of \(price) would reward what a sink cannot hold")
      return Sink(capacity: capacity, potentials: -price...0)
    }
  }

  /// ε, in the unit of costs.
  public let regularization: Double
  /// The mass that flows along each edge, in the order in which edges were added.
  public private(set) var plan: [Double] = []
  /// gⱼ of each sink.
  public private(set) var sinkPotentials: [Double] = []
  /// fᵢ of each source.
  public private(set) var sourcePotentials: [Double] = []
  /// Iterations that the last solution took.
  public private(set) var iterations = 0

  private var sinks: [Sink] = []
  private var masses: [Double] = []
  /// Where each source's edges begin.
  var starts: [Int] = []
  var targets: [Int32] = []
  var costs: [Double] = []
  /// The capacity of each link.
  var linkCapacities: [Double] = []
  /// The link of each edge, −1 for none, and what a unit of mass takes of it.
  var links: [Int32] = []
  var uses: [Double] = []
  /// hₗ of each link.
  public internal(set) var linkPotentials: [Double] = []
  /// C_e − r_e hₗ of each edge.
  var effective: [Double] = []
  /// For each link, Σ r P and Σ r² P.
  var linkLoads: [Double] = []
  var linkSquares: [Double] = []
  /// For each sink, the greatest exponent and the sum of exponentials.
  private var greatest: [Double] = []
  private var sums: [Double] = []

  /// A problem without sources and sinks.
  public init(regularization: Double) {
    precondition(regularization > 0, "entropy needs a positive weight, not \(regularization)")
    self.regularization = regularization
  }

  /// Makes room for problems up to a size, so that solving them allocates nothing.
  public mutating func reserve(sources: Int, sinks: Int, links: Int = 0, edges: Int) {
    linkCapacities.reserveCapacity(links)
    linkPotentials.reserveCapacity(links)
    linkLoads.reserveCapacity(links)
    linkSquares.reserveCapacity(links)
    self.links.reserveCapacity(edges)
    uses.reserveCapacity(edges)
    effective.reserveCapacity(edges)
    self.sinks.reserveCapacity(sinks)
    sinkPotentials.reserveCapacity(sinks)
    greatest.reserveCapacity(sinks)
    sums.reserveCapacity(sinks)
    masses.reserveCapacity(sources)
    sourcePotentials.reserveCapacity(sources)
    starts.reserveCapacity(sources)
    targets.reserveCapacity(edges)
    costs.reserveCapacity(edges)
    plan.reserveCapacity(edges)
  }

  /// Forgets the problem.
  public mutating func clear() {
    sinks.removeAll(keepingCapacity: true)
    masses.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    costs.removeAll(keepingCapacity: true)
    linkCapacities.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    uses.removeAll(keepingCapacity: true)
  }

  /// Adds a sink; they are numbered from 0.
  public mutating func add(_ sink: Sink) {
    precondition(sink.capacity >= 0, "a sink cannot hold \(sink.capacity)")
    sinks.append(sink)
  }

  /// Adds a source; the edges that follow are its own.
  public mutating func addSource(mass: Double) {
    precondition(mass >= 0 && mass.isFinite, "a source cannot send \(mass)")
    masses.append(mass)
    starts.append(costs.count)
  }

  /// Adds a link; they are numbered from 0.
  public mutating func addLink(capacity: Double) {
    precondition(capacity > 0, "a link cannot carry \(capacity)")
    linkCapacities.append(capacity)
  }

  /// Adds an edge from the last source to a sink.
  ///
  /// - Parameters:
  ///   - link: what it goes over; nil for nothing.
  ///   - use: what a unit of mass takes of the link.
  public mutating func addEdge(to sink: Int, cost: Double, over link: Int? = nil, use: Double = 0) {
    precondition(
      link == nil || linkCapacities.indices.contains(link ?? -1) && use >= 0 && use.isFinite,
      "an edge over \(link ?? -1) of \(linkCapacities.count) links that takes \(use)")
    precondition(!masses.isEmpty && sinks.indices.contains(sink), "an edge to \(sink) of \(sinks.count) sinks")
    precondition(cost.isFinite, "an edge cannot cost \(cost); leave it out")
    targets.append(Int32(sink))
    costs.append(cost)
    links.append(Int32(link ?? -1))
    uses.append(use)
  }

  /// Finds ``plan`` and potentials.
  ///
  /// - Parameters:
  ///   - tolerance: the greatest relative change of a scaling exp(gⱼ/ε) at which the iteration ends; at an exact sink,
  ///     and at a bounded one that is full, it is the relative error of what arrives.
  ///   - limit: the greatest number of iterations.
  /// - Returns: whether the tolerance was met.
  @discardableResult
  public mutating func solve(tolerance: Double, iterations limit: Int) -> Bool {
    plan.removeAll(keepingCapacity: true)
    sinkPotentials.removeAll(keepingCapacity: true)
    sourcePotentials.removeAll(keepingCapacity: true)
    greatest.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
    effective.removeAll(keepingCapacity: true)
    for edge in 0..<costs.count {
      plan.append(0)
      effective.append(costs[edge])
    }
    clearLinks()
    for _ in 0..<masses.count { sourcePotentials.append(0) }
    for _ in 0..<sinks.count {
      sinkPotentials.append(0)
      greatest.append(0)
      sums.append(0)
    }
    iterations = 0
    var weight = max(regularization, reach / 16)
    moveSources(weight)
    var change = Double.infinity
    while iterations < limit, change > tolerance || weight > regularization {
      change = moveSinks(weight)
      if !linkCapacities.isEmpty {
        moveSources(weight)
        change = max(change, moveLinks(weight))
      }
      iterations += 1
      if weight > regularization, change < 0.1 {
        weight = max(regularization, weight / 4)
        change = .infinity
      }
      moveSources(weight)
    }
    if weight > regularization { moveSources(regularization) }
    writePlan()
    return change <= tolerance
  }

  /// How far potentials may have to go: as far as the costs of a source's edges lie apart, and the greatest price.
  private var reach: Double {
    var (spread, price) = (0.0, 0.0)
    for source in 0..<starts.count {
      var (least, greatest) = (Double.infinity, -Double.infinity)
      for edge in starts[source]..<(source + 1 < starts.count ? starts[source + 1] : costs.count) {
        least = min(least, costs[edge])
        greatest = max(greatest, costs[edge])
      }
      spread = max(spread, greatest - least)
    }
    for sink in sinks where sink.potentials.lowerBound > -.infinity { price = max(price, -sink.potentials.lowerBound) }
    return spread + price
  }

  /// fᵢ ← ε (log aᵢ − L((gⱼ − C_e)/ε)).
  private mutating func moveSources(_ epsilon: Double) {
    let (starts, targets, costs, masses) = (starts, targets, effective, masses)
    let potentials = sinkPotentials
    let scale = 1 / epsilon
    var moved = sourcePotentials.mutableSpan
    for source in 0..<masses.count {
      let edges = starts[source]..<(source + 1 < starts.count ? starts[source + 1] : costs.count)
      var greatest = -Double.infinity
      for edge in edges { greatest = max(greatest, (potentials[Int(targets[edge])] - costs[edge]) * scale) }
      var sum = 0.0
      if greatest > -.infinity {
        for edge in edges { sum += exp((potentials[Int(targets[edge])] - costs[edge]) * scale - greatest) }
      }
      moved[source] = sum > 0 ? epsilon * (log(masses[source]) - greatest - log(sum)) : -.infinity
    }
  }

  /// gⱼ ← ε (log bⱼ − L((fᵢ − C_e)/ε)) within its range.
  ///
  /// - Returns: the greatest change of gⱼ/ε.
  private mutating func moveSinks(_ epsilon: Double) -> Double {
    let (starts, targets, costs, sinks) = (starts, targets, effective, sinks)
    let potentials = sourcePotentials
    let scale = 1 / epsilon
    var (greatest, sums, moved): ([Double], [Double], [Double]) = ([], [], [])
    swap(&greatest, &self.greatest)
    swap(&sums, &self.sums)
    swap(&moved, &sinkPotentials)
    defer {
      swap(&greatest, &self.greatest)
      swap(&sums, &self.sums)
      swap(&moved, &sinkPotentials)
    }
    for sink in 0..<sinks.count {
      greatest[sink] = -.infinity
      sums[sink] = 0
    }
    for source in 0..<potentials.count {
      let potential = potentials[source]
      for edge in starts[source]..<(source + 1 < starts.count ? starts[source + 1] : costs.count) {
        let sink = Int(targets[edge])
        greatest[sink] = max(greatest[sink], (potential - costs[edge]) * scale)
      }
    }
    for source in 0..<potentials.count where potentials[source] > -.infinity {
      let potential = potentials[source]
      for edge in starts[source]..<(source + 1 < starts.count ? starts[source + 1] : costs.count) {
        let sink = Int(targets[edge])
        sums[sink] += exp((potential - costs[edge]) * scale - greatest[sink])
      }
    }
    var change = 0.0
    for sink in 0..<sinks.count {
      let range = sinks[sink].potentials
      // Nothing can arrive where no source reaches: the scaling does not matter.
      let free = sums[sink] > 0 ? epsilon * (log(sinks[sink].capacity) - greatest[sink] - log(sums[sink])) : 0
      let next = min(max(free, range.lowerBound), range.upperBound)
      if next != moved[sink] { change = max(change, abs(next - moved[sink]) * scale) }
      moved[sink] = next
    }
    return change
  }

  /// P_e = exp((fᵢ + gⱼ − C_e)/ε).
  private mutating func writePlan() {
    let (starts, targets, costs) = (starts, targets, effective)
    let (sourcePotentials, sinkPotentials) = (sourcePotentials, sinkPotentials)
    let scale = 1 / regularization
    var written = plan.mutableSpan
    for source in 0..<sourcePotentials.count {
      let potential = sourcePotentials[source]
      for edge in starts[source]..<(source + 1 < starts.count ? starts[source + 1] : costs.count) {
        written[edge] =
          potential > -.infinity ? exp((potential + sinkPotentials[Int(targets[edge])] - costs[edge]) * scale) : 0
      }
    }
  }
}

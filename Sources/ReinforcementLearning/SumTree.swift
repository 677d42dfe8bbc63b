/// Weights of numbered leaves with their sum, their least, and the leaf under a given point of the sum.
///
/// A complete binary tree over a power of two of leaves: each node holds the sum, and the least, of its two
/// children, computed from these alone. So the tree is a function of its leaves, whatever the order of writing, and
/// no error gathers. Writing and finding take O(log n); no allocation.
public struct SumTree: Sendable {
  /// The number of leaves.
  public let count: Int
  /// The first leaf's node; node 1 is the root, 2i and 2i + 1 are the children of i.
  private let base: Int
  private var sums: [Double]
  /// The least positive weight below each node, infinite where there is none.
  private var minima: [Double]

  /// A tree of `count` leaves without weight.
  public init(count: Int) {
    precondition(count > 0, "a tree of \(count) leaves")
    self.count = count
    var base = 1
    while base < count { base *= 2 }
    self.base = base
    sums = [Double](repeating: 0, count: 2 * base)
    minima = [Double](repeating: .infinity, count: 2 * base)
  }

  /// The memory that a tree takes.
  public static func bytes(count: Int) -> Double {
    var base = 1.0
    while base < Double(count) { base *= 2 }
    return 32 * base
  }

  /// The sum of all weights.
  public var total: Double { sums[1] }

  /// The least positive weight; infinite when there is none.
  public var minimum: Double { minima[1] }

  /// A leaf's weight; setting one that is negative or not finite is refused.
  public subscript(leaf: Int) -> Double {
    get {
      precondition((0..<count).contains(leaf), "leaf \(leaf) of \(count)")
      return sums[base + leaf]
    }
    set {
      set(leaf, newValue)
      var node = (base + leaf) / 2
      while node > 0 {
        join(node)
        node /= 2
      }
    }
  }

  /// Sets the first leaves, the others to nothing.
  public mutating func assign(_ weights: Span<Double>) {
    precondition(weights.count <= count, "\(weights.count) weights for \(count) leaves")
    for leaf in 0..<count { set(leaf, leaf < weights.count ? weights[leaf] : 0) }
    for node in stride(from: base - 1, to: 0, by: -1) { join(node) }
  }

  private mutating func set(_ leaf: Int, _ weight: Double) {
    precondition((0..<count).contains(leaf) && weight >= 0 && weight.isFinite, "weight \(weight) of leaf \(leaf)")
    sums[base + leaf] = weight
    minima[base + leaf] = weight > 0 ? weight : .infinity
  }

  private mutating func join(_ node: Int) {
    sums[node] = sums[2 * node] + sums[2 * node + 1]
    minima[node] = min(minima[2 * node], minima[2 * node + 1])
  }

  /// The leaf in whose part of the line 0 ..< total a point lies; never one without weight.
  /// - Precondition: the total is positive.
  public func leaf(at point: Double) -> Int {
    precondition(total > 0, "no leaf has a weight")
    let sums = sums.span
    var rest = point
    var node = 1
    while node < base {
      node *= 2
      // Rounding may leave a rest beyond the last weight; a subtree without weight is never entered.
      if rest >= sums[node], sums[node + 1] > 0 {
        rest -= sums[node]
        node += 1
      }
    }
    return node - base
  }
}

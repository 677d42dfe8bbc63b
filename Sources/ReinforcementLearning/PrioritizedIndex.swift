import Glibc
public import Randomness
public import Snapshots

/// Which rows of a ring to learn from: each with probability P(i) = pᵢ^α / Σ pⱼ^α, where p = |δ| + ε.
///
/// A new row gets the greatest priority seen so far, 1 at the start, so that it is drawn soon. A batch of k is drawn
/// in k equal parts of the sum. Importance weights (N · P(i))^−β are divided by the greatest of all stored rows,
/// which is that of the least priority: wᵢ = (min p^α / pᵢ^α)^β ≤ 1. How β rises is the caller's affair
/// (``Schedule/linear(from:to:over:)``).
///
/// Source: T. Schaul, J. Quan, I. Antonoglou, D. Silver, "Prioritized experience replay", ICLR 2016, the
/// proportional variant.
public struct PrioritizedIndex: Sendable, Restorable {
  /// α: 0 draws uniformly, 1 in proportion to p.
  public let exponent: Double
  /// ε: what every row's priority is at least.
  public let floor: Double
  /// The greatest |δ| + ε seen so far; 1 at the start.
  public private(set) var greatest = 1.0
  /// One more than the greatest row ever inserted.
  public private(set) var extent = 0
  private var tree: SumTree

  /// An index of no rows yet, for a ring of `capacity` rows.
  public init(capacity: Int, exponent: Double, floor: Double) {
    precondition(
      capacity > 0 && exponent >= 0 && exponent.isFinite && floor > 0 && floor.isFinite,
      "an index of \(capacity) rows, exponent \(exponent), floor \(floor)")
    self.exponent = exponent
    self.floor = floor
    tree = SumTree(count: capacity)
  }

  /// The memory that an index takes.
  public static func bytes(capacity: Int) -> Double { SumTree.bytes(count: capacity) }

  /// The greatest number of rows.
  public var capacity: Int { tree.count }

  /// The sum of all p^α.
  public var total: Double { tree.total }

  /// p^α of a row; 0 where none was inserted.
  public func weight(ofRow row: Int) -> Double { tree[row] }

  /// Gives a row that was just written the greatest priority seen so far.
  public mutating func insert(row: Int) {
    tree[row] = pow(greatest, exponent)
    extent = max(extent, row + 1)
  }

  /// Gives rows the priorities of their errors δ. Of a row that stands twice the later error counts.
  public mutating func update(rows: Span<Int>, errors: Span<Float>) {
    precondition(rows.count == errors.count, "\(rows.count) rows with \(errors.count) errors")
    for index in 0..<rows.count {
      let row = rows[index]
      precondition(tree[row] > 0, "row \(row) has an error but was never inserted")
      let priority = Double(abs(errors[index])) + floor
      precondition(priority.isFinite, "row \(row) has an error of \(errors[index])")
      tree[row] = pow(priority, exponent)
      greatest = max(greatest, priority)
    }
  }

  /// Draws `count` rows and their importance weights.
  public func sample(
    count: Int, beta: Double, using stream: inout RandomStream, rows: inout MutableSpan<Int>,
    weights: inout MutableSpan<Float>
  ) {
    precondition(
      count <= rows.count && count <= weights.count,
      "\(count) rows into \(rows.count), with \(weights.count) weights")
    precondition(tree.total > 0, "no row to draw from")
    let part = tree.total / Double(count)
    let least = tree.minimum
    for index in 0..<count {
      let row = tree.leaf(at: (Double(index) + stream.uniform()) * part)
      rows[index] = row
      weights[index] = Float(pow(least / tree[row], beta))
    }
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("exponent", real: exponent)
    snapshot.set("greatest", real: greatest)
    snapshot.set("weights", (0..<extent).map { tree[$0] })
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let exponent = try snapshot.real("exponent")
    guard exponent == self.exponent else {
      throw snapshot.mismatch("exponent", expected: "\(self.exponent)", found: "\(exponent)")
    }
    let greatest = try snapshot.real("greatest")
    guard greatest >= 1, greatest.isFinite else {
      throw snapshot.mismatch("greatest", expected: "a priority of at least 1", found: "\(greatest)")
    }
    let weights = try snapshot.doubles("weights")
    guard weights.count <= capacity, weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw snapshot.mismatch(
        "weights", expected: "at most \(capacity) numbers that are not negative",
        found: "\(weights.count) numbers from \(weights.min() ?? 0) to \(weights.max() ?? 0)")
    }
    self.greatest = greatest
    extent = weights.count
    tree.assign(weights.span)
  }
}

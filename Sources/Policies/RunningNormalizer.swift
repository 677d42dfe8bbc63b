public import ReinforcementLearning
public import Snapshots

/// What keeps a ``Normalizer`` at the mean and the standard deviation of what has been observed, field by field.
///
/// Fields whose range lies within [−1, 1] (flags, one-hot codes, cosines, shares) pass unchanged. A field that has not
/// varied is only shifted by its mean and scaled by half its range, or by 1 where that is infinite; before anything
/// has been seen, every field goes by its range (``Normalizer/ranges(of:)``).
///
/// Only training counts observations. What acts elsewhere holds a copy of the normaliser, which nothing moves.
public struct RunningNormalizer: Sendable, Restorable {
  /// The mean and variance of every field.
  public private(set) var moments: RunningMoments
  /// The map as what was seen has made it.
  public private(set) var normalizer: Normalizer
  private let follows: [Bool]
  private let ranges: Normalizer

  /// How many observations an adopted normaliser counts for.
  public static let adoptedCount = 10_000

  /// The normaliser of observations of a space, before any is seen.
  public init(of space: ObservationSpace) {
    moments = RunningMoments(columns: space.count)
    follows = space.fields.map { $0.range.lowerBound < -1 || $0.range.upperBound > 1 }
    var ranges = Normalizer.ranges(of: space)
    for column in follows.indices where !follows[column] { ranges.set(column, offset: 0, scale: 1) }
    self.ranges = ranges
    normalizer = ranges
  }

  /// Whether each field is scaled; the others pass unchanged.
  public var isScaled: [Bool] { follows }

  /// Counts the active rows of a group's observations before a step, each once, and moves the normaliser.
  public mutating func count(_ part: borrowing VectorFrame.Group) {
    let width = moments.columns
    let before = moments.count
    let observations = part.observations.span
    for row in 0..<part.rows where part.active[row] {
      moments.add(observations.extracting(row * width..<(row + 1) * width))
    }
    if moments.count > before { follow() }
  }

  /// Begins from a normaliser by which a policy was trained, as from ``adoptedCount`` observations.
  ///
  /// - Returns: whether it could: not where it scales a field that passes unchanged here.
  public mutating func adopt(_ other: Normalizer) -> Bool {
    let fits = follows.indices.allSatisfy { follows[$0] || other.offset[$0] == 0 && other.scale[$0] == 1 }
    guard fits else { return false }
    moments.begin(
      count: Self.adoptedCount, means: other.offset.map { Double($0) }, deviations: other.scale.map { Double($0) })
    normalizer = other
    return true
  }

  /// Writes the moments into the normaliser, in its place.
  private mutating func follow() {
    for column in follows.indices where follows[column] {
      let deviation = moments.deviation(column).map { Float($0) } ?? ranges.scale[column]
      normalizer.set(column, offset: Float(moments.mean(column)), scale: deviation)
    }
  }

  public func snapshot() -> Snapshot {
    var snapshot = moments.snapshot()
    snapshot.set("offset", normalizer.offset)
    snapshot.set("scale", normalizer.scale)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let normalizer = try Normalizer(from: snapshot, count: moments.columns)
    try moments.restore(from: snapshot)
    self.normalizer = normalizer
  }
}

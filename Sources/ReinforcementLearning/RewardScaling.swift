public import Snapshots

/// What rewards are divided by: the running standard deviation of the discounted return, slot by slot.
///
/// Each slot's return R ← γ · R + r goes back to 0 where its trajectory ends. No mean is taken off, so that every
/// reward keeps its sign and an episode's length its worth. Returns that have not varied leave rewards as they are.
///
/// The rewards themselves are stored and logged as they came; whoever learns multiplies by ``factor`` as it is then.
///
/// Source: L. Engstrom et al., "Implementation matters in deep policy gradients", ICLR 2020, section 2.
public struct RewardScaling: Sendable, Restorable {
  private let discount: Double
  private var returns: [Double]
  private var moments = RunningMoments(columns: 1)
  /// What a reward is multiplied by: 1 / σ of the returns, finite and positive.
  public private(set) var factor: Double = 1

  /// The scaling of `slots` slots at the discount γ.
  public init(discount: Double, slots: Int) {
    precondition(slots >= 1 && (0...1).contains(discount), "\(slots) slots at a discount of \(discount)")
    self.discount = discount
    returns = [Double](repeating: 0, count: slots)
  }

  /// Takes in the reward of one step of a slot; `ends` where its trajectory ends with it, for good or cut short.
  public mutating func add(_ reward: Double, slot: Int, ends: Bool) {
    let value = discount * returns[slot] + reward
    returns[slot] = ends ? 0 : value
    let row: InlineArray<1, Float> = [Float(value)]
    moments.add(row.span)
    factor = Self.factor(moments)
  }

  private static func factor(_ moments: RunningMoments) -> Double { moments.deviation(0).map { 1 / $0 } ?? 1 }

  public func snapshot() -> Snapshot {
    var snapshot = moments.snapshot()
    snapshot.set("returns", returns)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var moments = moments
    try moments.restore(from: snapshot)
    returns = try snapshot.doubles("returns", count: returns.count)
    self.moments = moments
    factor = Self.factor(moments)
  }
}

/// Sums over the updates since they were last asked for.
struct PPOFigures: Sendable, Equatable {
  /// Surrogate loss, entropy, share of clipped samples, divergence, value loss, updates; where there is a prior, the
  /// divergence from it.
  private(set) var sums: [Double]

  init(hasPrior: Bool) { sums = [Double](repeating: 0, count: hasPrior ? 7 : 6) }

  /// Figures by their sums; nil where the sixth is no number of updates.
  init?(sums: [Double]) {
    guard sums.count == 6 || sums.count == 7, let count = Int(exactly: sums[5]), count >= 0 else { return nil }
    self.sums = sums
  }

  mutating func add(_ surrogate: SurrogateFigures, valueLoss: Double) {
    sums[0] += surrogate.loss
    sums[1] += surrogate.entropy
    sums[2] += surrogate.clipped
    sums[3] += surrogate.divergence
    sums[4] += valueLoss
    sums[5] += 1
    if sums.count == 7 { sums[6] += surrogate.prior }
  }

  /// Adds what another set of parameters gathered.
  mutating func merge(_ other: PPOFigures) {
    for index in sums.indices { sums[index] += other.sums[index] }
  }

  /// The means by their names; not a number without updates.
  var named: [(name: String, value: Double)] {
    let count = sums[5]
    func mean(_ index: Int) -> Double { count == 0 ? .nan : sums[index] / count }
    let figures = [
      ("policy_loss", mean(0)), ("value_loss", mean(4)), ("entropy", mean(1)), ("clip_fraction", mean(2)),
      ("approximate_kl", mean(3)),
    ]
    return sums.count == 7 ? figures + [("prior_kl", mean(6))] : figures
  }

  /// Whether a loss was infinite or not a number.
  var haveDiverged: Bool { sums.contains { !$0.isFinite } }
}

internal import Snapshots

/// The state of an adaptive step: both moments of every parameter and the number of rounds so far.
struct AdaptiveMoments: Sendable, Restorable {
  /// m; empty before the first round.
  var means: [Double] = []
  /// v; as many.
  var squares: [Double] = []
  /// How many steps were taken.
  var rounds = 0

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("means", means)
    snapshot.set("squares", squares)
    snapshot.set("rounds", integer: rounds)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let means = try snapshot.doubles("means")
    let squares = try snapshot.doubles("squares", count: means.count)
    let rounds = try snapshot.integer("rounds")
    guard rounds >= 0 else {
      throw snapshot.mismatch("rounds", expected: "a number of rounds", found: "\(rounds)")
    }
    (self.means, self.squares, self.rounds) = (means, squares, rounds)
  }
}

/// Moments as long as the model: those there are, or zeros where there are none yet or where the model has another
/// size than before.
func startingMoments(_ moments: [Double], for model: [Float]) -> [Double] {
  moments.count == model.count ? moments : Array(repeating: 0, count: model.count)
}

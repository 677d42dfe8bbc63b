import NeuralNetworks
import Snapshots

/// What holds parameters near those that a client received: the gradient of μ/2 · ‖θ − θ₀‖², which is μ · (θ − θ₀).
///
/// Source: T. Li et al., "Federated optimization in heterogeneous networks", MLSys 2020, equation 2.
struct ProximalHold: Sendable, Equatable {
  /// What is held, in ascending order; all else is free.
  let ranges: [Range<Int>]
  /// θ₀: the elements of all ranges, one range after another.
  let anchor: [Float]
  /// μ.
  let strength: Float

  /// A hold to parameters as they are.
  init(of parameters: borrowing ParameterVector, ranges: [Range<Int>], strength: Float) {
    precondition(strength.isFinite && strength >= 0, "a hold of strength \(strength)")
    self.ranges = ranges
    self.strength = strength
    var anchor: [Float] = []
    anchor.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
    for range in ranges { anchor += parameters.values[range] }
    self.anchor = anchor
  }

  /// Adds μ · (θ − θ₀) to a gradient. Allocates nothing.
  func pull(_ parameters: borrowing ParameterVector, into gradient: inout ParameterVector) {
    let (online, anchor) = (parameters.values.span, anchor.span)
    edit(&gradient.values) { slopes in
      var place = 0
      for range in ranges {
        let values = online.extracting(range)
        let held = anchor.extracting(place..<place + range.count)
        var own = slopes._mutatingExtracting(range)
        for index in 0..<own.count { own[index] += strength * (values[index] - held[index]) }
        place += range.count
      }
    }
  }
}

extension ProximalHold {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("anchor", anchor)
    snapshot.set("ranges", ranges.flatMap { [$0.lowerBound, $0.upperBound] })
    snapshot.set("strength", [strength])
    return snapshot
  }

  /// The hold `hold` of a snapshot of `count` parameters; nil where there is none.
  init?(in snapshot: Snapshot, count: Int) throws(SnapshotError) {
    guard snapshot.contains("hold") else { return nil }
    let hold = try snapshot.group("hold")
    let bounds = try hold.integers("ranges")
    let isAscending = zip(bounds, bounds.dropFirst()).allSatisfy { $0 <= $1 }
    guard bounds.count.isMultiple(of: 2), isAscending, bounds.allSatisfy({ (0...count).contains($0) }) else {
      throw hold.mismatch("ranges", expected: "ascending ranges of \(count) parameters", found: "others")
    }
    ranges = stride(from: 0, to: bounds.count, by: 2).map { bounds[$0]..<bounds[$0 + 1] }
    anchor = try hold.floats("anchor", count: ranges.reduce(0) { $0 + $1.count })
    strength = try hold.floats("strength", count: 1)[0]
    guard strength.isFinite, strength >= 0 else {
      throw hold.mismatch("strength", expected: "a finite number of at least 0", found: "\(strength)")
    }
  }
}

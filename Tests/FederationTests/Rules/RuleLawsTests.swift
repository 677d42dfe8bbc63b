import Federation
import Randomness
import Snapshots
import Testing

/// What every rule promises, whatever its formula.
struct RuleLawsTests {
  /// Every rule with keys that suit nine clients.
  static let all: [(name: String, keys: [String])] = [
    ("fedavg", []), ("fedprox", ["proximal: 0.1"]), ("fedavgm", ["momentum: 0.7"]), ("fedadam", []), ("fedyogi", []),
    ("omega-merge", ["omega: 0.5"]), ("independent", []), ("median", []), ("trimmed-mean", ["trim: 0.25"]),
    ("krum", ["liars: 1"]), ("multi-krum", ["liars: 1", "keep: 4"]), ("bulyan", ["liars: 1"]), ("fedpg-br", []),
    ("fedpg-br", ["sigma: 2.5", "batch: 4", "delta: 0.5", "alpha: 0.2"]),
    ("parameter-evaluation", ["temperature: 2"]),
  ]
  /// Those with a memory, whose first result differs from the mean.
  static let remembering = ["fedavgm", "fedadam", "fedyogi"]
  /// Those that a liar cannot move far, with keys against two of eleven.
  static let robust: [(name: String, keys: [String])] = [
    ("median", []), ("trimmed-mean", ["trim: 0.2"]), ("krum", ["liars: 2"]), ("multi-krum", ["liars: 2"]),
    ("bulyan", ["liars: 2"]), ("fedpg-br", []), ("fedpg-br", ["sigma: 3", "batch: 100", "alpha: 0.2"]),
    ("parameter-evaluation", ["temperature: 2"]),
  ]

  /// A judge who likes parameters near zero.
  @Sendable static func judge(_ parameters: [Float]) -> Double {
    -parameters.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  static func round(_ clients: Int, size: Int = 37, seed: UInt64) -> [ClientUpdate] {
    var stream = RandomStream(seed: seed)
    return clientUpdates(
      (0..<clients).map { _ in (0..<size).map { _ in Float(0.1 * stream.normal()) } },
      weights: (0..<clients).map { _ in Double(1 + stream.integer(below: 100)) })
  }

  @Test func `every rule is registered once, under its own name and with a line`() {
    #expect(Set(AggregationRules.all.map { $0.name }) == Set(Self.all.map(\.name)))
    #expect(AggregationRules.all.count == 14)
    #expect(AggregationRules.all.allSatisfy { !$0.summary.isEmpty && $0.summary.count < 90 })
    let seeing = AggregationRules.all.filter { $0.seesSingleUpdates }.map { $0.name }
    #expect(Set(seeing) == Set(Self.robust.map(\.name)))
    #expect(AggregationRules.all.filter { $0.needsJudge }.map { $0.name } == ["parameter-evaluation"])
    #expect(
      AggregationRules.all.allSatisfy { $0.seesSingleUpdates || $0 is any MeanRule.Type || $0.name == "independent" })
  }

  @Test(arguments: all) func `the order of the clients changes no more than a rounding`(
    _ name: String, _ keys: [String]
  ) throws {
    // Bulyan's last choices are between two clients that are each other's nearest: the first is chosen.
    guard name != "bulyan" else { return }
    let updates = Self.round(9, seed: 1)
    var stream = RandomStream(seed: 2)
    let rule = try rule(name, keys: keys)
    let (model, leftOut) = rule.merged(updates, judge: Self.judge)
    for _ in 0..<5 {
      var shuffled = updates
      for place in stride(from: 8, to: 0, by: -1) { shuffled.swapAt(place, stream.integer(below: place + 1)) }
      let other = rule.merged(shuffled, judge: Self.judge)
      #expect(agree(other.model, model.map(Double.init), tolerance: 2e-7), "\(name)")
      #expect(Set(other.leftOut) == Set(leftOut))
    }
  }

  @Test(arguments: all) func `equal updates give themselves`(_ name: String, _ keys: [String]) throws {
    let one = Self.round(1, seed: 3)[0].parameters
    let updates = clientUpdates(Array(repeating: one, count: 9), weights: [1, 5, 7, 2, 9, 3, 3, 1, 8])
    let (model, leftOut) = try rule(name, keys: keys).merged(updates, from: one, judge: Self.judge)
    // Every rule but those that step towards the mean is exact, and those have nowhere to go.
    let isEqual = model == one
    #expect(isEqual, "\(name)")
    let single = name == "krum" ? Array(1..<9) : name == "multi-krum" ? Array(4..<9) : name == "bulyan" ? [7, 8] : []
    #expect(leftOut == single)
  }

  @Test(arguments: all) func `a client alone gives its parameters to the bit`(_ name: String, _ keys: [String]) throws {
    guard !Self.remembering.contains(name), name != "independent", name != "bulyan" else { return }
    let updates = Self.round(1, seed: 4)
    let (model, _) = try rule(name, keys: keys).merged(updates, judge: Self.judge)
    let isEqual = model == updates[0].parameters
    #expect(isEqual, "\(name)")
  }

  @Test(arguments: robust, [1e3, 1e15, 1e30, 3e38])
  func `two of eleven clients may send anything`(_ one: (name: String, keys: [String]), size: Float) throws {
    var updates = Self.round(11, seed: 5)
    let honest = updates.indices.filter { $0 != 3 && $0 != 7 }
    let lies: [(Float, Float)] = [(size, -size), (size, size), (-size, size * 0.5), (size, 0)]
    for (first, second) in lies {
      updates[3].parameters = updates[3].parameters.indices.map { $0 % 2 == 0 ? first : -first }
      updates[7].parameters = updates[7].parameters.indices.map { $0 % 3 == 0 ? second : -second }
      let (model, leftOut) = try rule(one.name, keys: one.keys).merged(updates, judge: Self.judge)
      for place in model.indices {
        let values = honest.map { updates[$0].parameters[place] }
        guard let least = values.min(), let greatest = values.max() else { return }
        let isWithin = model[place] >= least && model[place] <= greatest
        #expect(isWithin, "\(one.name): \(model[place]) is not between \(least) and \(greatest)")
        if !isWithin { return }
      }
      let isCoordinatewise = one.name == "median" || one.name == "trimmed-mean"
      if !isCoordinatewise && second != 0 { #expect(Set(leftOut).isSuperset(of: [3, 7]), "\(one.name)") }
    }
  }

  @Test func `the plain mean follows a liar`() {
    var updates = Self.round(11, seed: 5)
    updates[3].parameters = updates[3].parameters.map { _ in 1e6 }
    #expect(FederatedAveraging().merged(updates).model.allSatisfy { $0 > 100 })
  }

  @Test(arguments: all) func `a restored rule goes on as the one that was saved`(_ name: String, _ keys: [String])
    throws
  {
    var rule = try rule(name, keys: keys)
    var model = Self.round(1, seed: 6)[0].parameters
    for seed in 7..<10 as Range<UInt64> { rule.merge(Self.round(9, seed: seed), into: &model, judge: Self.judge) }
    var restored = try FederationTests.rule(name, keys: keys)
    try restored.restore(from: rule.snapshot())
    #expect(restored.snapshot() == rule.snapshot())
    var other = model
    for seed in 10..<13 as Range<UInt64> {
      rule.merge(Self.round(9, seed: seed), into: &model, judge: Self.judge)
      restored.merge(Self.round(9, seed: seed), into: &other, judge: Self.judge)
    }
    let isEqual = model == other
    #expect(isEqual)
    let remembers = Self.remembering.contains(name)
    #expect((rule.snapshot() == Snapshot()) == !remembers)
    if remembers {
      var forgetful = try FederationTests.rule(name, keys: keys)
      var third = model
      forgetful.merge(Self.round(9, seed: 13), into: &third, judge: nil)
      rule.merge(Self.round(9, seed: 13), into: &model, judge: nil)
      let isForgotten = third != model
      #expect(isForgotten, "\(name) has a memory that matters")
    }
  }

  @Test func `a snapshot whose moments do not fit together is refused`() throws {
    var rule = FederatedAdam()
    var model = Self.round(1, seed: 1)[0].parameters
    rule.merge(Self.round(3, seed: 2), into: &model, judge: nil)
    var snapshot = rule.snapshot()
    snapshot.set("squares", [1.0, 2])
    #expect(throws: SnapshotError.self) { try rule.restore(from: snapshot) }
    snapshot = rule.snapshot()
    snapshot.set("rounds", integer: -1)
    #expect(throws: SnapshotError.self) { try rule.restore(from: snapshot) }
    #expect(throws: SnapshotError.self) { try rule.restore(from: Snapshot()) }
  }
}

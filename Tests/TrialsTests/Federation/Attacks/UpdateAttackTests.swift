import Configuration
import Randomness
import ReinforcementLearning
import Snapshots
import Testing
import Trials

/// Attacks on what is sent, against their definitions.
struct UpdateAttackTests {
  private let honest: [Float] = {
    var stream = RandomStream(seed: 4)
    return (0..<40_001).map { _ in 0.3 + Float(stream.normal()) }
  }()

  /// Mean, mean square and product with the honest update, each over the number of elements.
  private func moments(_ values: [Float]) -> (mean: Double, square: Double, product: Double) {
    var sums = (0.0, 0.0, 0.0)
    for (value, own) in zip(values, honest) {
      sums.0 += Double(value)
      sums.1 += Double(value) * Double(value)
      sums.2 += Double(value) * Double(own)
    }
    let count = Double(honest.count)
    return (sums.0 / count, sums.1 / count, sums.2 / count)
  }

  @Test(arguments: [1.0, 3]) func `noise in place of the update has its length and not its direction`(scale: Double)
    throws
  {
    var attack = try AttackCases.attack(RandomNoise.self, "scale: \(scale)")
    var difference = honest
    attack.corrupt(&difference)
    let (own, found) = (moments(honest), moments(difference))
    let count = Double(honest.count)
    let deviation = scale * own.square.squareRoot()
    #expect(abs(found.mean) < 5 * deviation / count.squareRoot())
    #expect(abs(found.square - deviation * deviation) < 5 * deviation * deviation * (2 / count).squareRoot())
    #expect(abs(found.product) < 5 * deviation * own.square.squareRoot() / count.squareRoot())
    // Normal: 4.55 % lie beyond two deviations.
    let far = Double(difference.count { abs(Double($0)) > 2 * deviation }) / count
    #expect(abs(far - 0.0455) < 5 * (0.0455 * 0.9545 / count).squareRoot())
  }

  @Test func `noise on top of the update leaves it there`() throws {
    var attack = try AttackCases.attack(RandomNoise.self, "{scale: 0.5, mode: add}")
    var difference = honest
    attack.corrupt(&difference)
    let own = moments(honest)
    let noise = moments(zip(difference, honest).map { $0 - $1 })
    let (count, deviation) = (Double(honest.count), 0.5 * own.square.squareRoot())
    #expect(abs(noise.mean) < 5 * deviation / count.squareRoot())
    #expect(abs(noise.square - deviation * deviation) < 5 * deviation * deviation * (2 / count).squareRoot())
    #expect(abs(noise.product) < 5 * deviation * own.square.squareRoot() / count.squareRoot())
  }

  @Test func `noise is decided by its seed and goes on after a restore`() throws {
    var attack = try AttackCases.attack(RandomNoise.self, "{}", seed: 7)
    var twin = try AttackCases.attack(RandomNoise.self, "{}", seed: 7)
    var other = try AttackCases.attack(RandomNoise.self, "{}", seed: 8)
    func next(_ attack: inout RandomNoise) -> [Float] {
      var difference = Array(honest[..<99])
      attack.corrupt(&difference)
      return difference
    }
    let first = next(&attack)
    #expect(first == next(&twin) && first != next(&other))
    try other.restore(from: attack.snapshot())
    let second = next(&attack)
    #expect(second == next(&other) && second != first)
    #expect(throws: SnapshotError.self) { try other.restore(from: Snapshot()) }
  }

  @Test func `nothing learned gives no noise`() throws {
    var attack = try AttackCases.attack(RandomNoise.self, "scale: 100")
    var difference = [Float](repeating: 0, count: 5)
    attack.corrupt(&difference)
    #expect(difference == [0, 0, 0, 0, 0])
    var nothing: [Float] = []
    attack.corrupt(&nothing)
    #expect(nothing.isEmpty)
  }

  @Test func `updates are turned about and made longer by their scale`() throws {
    var flip = try AttackCases.attack(SignFlip.self, "{}")
    var difference: [Float] = [1, -2, 0, 0.25]
    flip.corrupt(&difference)
    #expect(difference == [-2.5, 5, 0, -0.625])
    var gentle = try AttackCases.attack(SignFlip.self, "scale: 0.5")
    gentle.corrupt(&difference)
    #expect(difference == [1.25, -2.5, 0, 0.3125])
    var longer = try AttackCases.attack(ScaledUpdate.self, "scale: 16")
    longer.corrupt(&difference)
    #expect(difference == [20, -40, 0, 5])
    var standard = try AttackCases.attack(ScaledUpdate.self, "{}")
    standard.corrupt(&difference)
    #expect(difference == [200, -400, 0, 50])
  }

  @Test func `attacks on updates leave the frame alone`() throws {
    let frame = AttackCases.frame(environments: 2)
    var attacks: [any Attack] = [
      try AttackCases.attack(RandomNoise.self, "{}"), try AttackCases.attack(SignFlip.self, "{}"),
      try AttackCases.attack(ScaledUpdate.self, "{}"),
    ]
    for index in attacks.indices {
      var touched = frame
      attacks[index].corrupt(actions: &touched)
      attacks[index].corrupt(outcomes: &touched)
      for group in 0..<2 {
        #expect(touched.groups[group].actions == frame.groups[group].actions)
        #expect(touched.groups[group].rewards == frame.groups[group].rewards)
      }
    }
  }

  @Test(arguments: ["scale: 0", "scale: -1", "scale: 1e7", "scale: .nan"])
  func `wrong scales get a sentence`(keys: String) throws {
    for make in [
      { _ = try AttackCases.attack(RandomNoise.self, keys) }, { _ = try AttackCases.attack(SignFlip.self, keys) },
      { _ = try AttackCases.attack(ScaledUpdate.self, keys) },
    ] as [() throws -> Void] {
      let error = #expect(throws: ConfigurationError.self) { try make() }
      #expect(error.map { "\($0)".contains("scale") } == true)
    }
  }
}

import Configuration
import Randomness
import ReinforcementLearning
import Snapshots
import Testing
import Trials

struct RewardPoisoningTests {
  /// A frame with rewards 0, 1, 2, … times 10, to which `offset` is added.
  private func frame(environments: Int, offset: Double = 0) -> VectorFrame {
    var frame = AttackCases.frame(environments: environments)
    for group in 0..<2 {
      for row in 0..<frame.groups[group].rows {
        frame.groups[group].rewards[row] = offset + Double(1000 * group + 10 * row)
      }
    }
    return frame
  }

  @Test func `rewards are turned about, but nobody's who is not there`() throws {
    var attack = try AttackCases.attack(RewardPoisoning.self, "{mode: negate, scale: 0.5}")
    var frame = frame(environments: 2)
    attack.corrupt(outcomes: &frame)
    #expect(frame.groups[0].rewards == [0, 10, -10, -15])
    #expect(frame.groups[1].rewards == [-500, 1010])
    var plain = try AttackCases.attack(RewardPoisoning.self, "mode: negate")
    plain.corrupt(outcomes: &frame)
    #expect(frame.groups[0].rewards == [0, 10, 10, 15])
  }

  @Test func `told rewards are the group's own past ones, in their proportions, and say nothing of the present`() throws
  {
    var attack = try AttackCases.attack(RewardPoisoning.self, "{mode: shuffle, memory: 50}")
    var stream = RandomStream(seed: 3)
    var (told, given) = ([Double](), [Double]())
    var isForeign = false
    for _ in 0..<20_000 {
      var frame = AttackCases.frame(environments: 1)
      let reward = Double(stream.integer(below: 4))
      frame.groups[0].rewards = [reward, 77]
      frame.groups[1].rewards = [100 + reward]
      attack.corrupt(outcomes: &frame)
      given.append(reward)
      told.append(frame.groups[0].rewards[0])
      isForeign = isForeign || frame.groups[0].rewards[1] != 77 || frame.groups[1].rewards[0] < 100
    }
    #expect(!isForeign)
    for value in 0..<4 {
      let count = told.count { $0 == Double(value) }
      #expect(abs(Double(count) - 5000) < 5 * (20_000 * 0.25 * 0.75).squareRoot())
    }
    var product = 0.0
    for (a, b) in zip(told, given) { product += (a - 1.5) * (b - 1.5) }
    // Variance 1.25 each; the first 50 may tell themselves.
    #expect(abs(product) < 5 * 1.25 * 20_000.0.squareRoot() + 50)
  }

  @Test func `every reward leaves the memory once, as long as it is full`() throws {
    var attack = try AttackCases.attack(RewardPoisoning.self, "{mode: shuffle, memory: 10}")
    var told = Set<Double>()
    for step in 0..<1000 {
      var frame = AttackCases.frame(environments: 1)
      frame.groups[0].rewards[0] = Double(step)
      attack.corrupt(outcomes: &frame)
      let reward = frame.groups[0].rewards[0]
      #expect(reward <= Double(step))
      if step >= 10 { #expect(told.insert(reward).inserted && reward < Double(step)) }
    }
  }

  @Test func `a restored attack goes on as the saved one`() throws {
    var attack = try AttackCases.attack(RewardPoisoning.self, "{mode: shuffle, memory: 7}", seed: 5)
    var other = try AttackCases.attack(RewardPoisoning.self, "{mode: shuffle, memory: 7}", seed: 6)
    for step in 0..<20 {
      var (mine, its) = (frame(environments: 3, offset: Double(step)), frame(environments: 3, offset: Double(step)))
      attack.corrupt(outcomes: &mine)
      if step < 4 || step == 12 {
        try other.restore(from: attack.snapshot())
      } else {
        other.corrupt(outcomes: &its)
        #expect(mine.groups[0].rewards == its.groups[0].rewards && mine.groups[1].rewards == its.groups[1].rewards)
      }
    }
    var large = try AttackCases.attack(RewardPoisoning.self, "{mode: shuffle, memory: 3}", seed: 5)
    #expect(throws: SnapshotError.self) { try large.restore(from: attack.snapshot()) }
    #expect(throws: SnapshotError.self) { try large.restore(from: Snapshot()) }
  }

  @Test(arguments: [
    ("{}", "'shuffle'"), ("mode: invert", "'negate'"), ("{mode: negate, memory: 5}", "unknown key 'memory'"),
    ("{mode: shuffle, scale: 5}", "unknown key 'scale'"), ("{mode: shuffle, memory: 1}", "from 2 to 1000000"),
    ("{mode: negate, scale: 0}", "greater than 0"),
  ])
  func `wrong keys get a sentence`(keys: String, sentence: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try AttackCases.attack(RewardPoisoning.self, keys) }
    #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}

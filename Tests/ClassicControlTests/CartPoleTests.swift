import ClassicControl
import Foundation
import ReinforcementLearning
import Snapshots
import Testing

struct CartPoleTests {
  /// 10,000 single steps of Gymnasium's CartPole-v1 from injected states.
  @Test func `equals Gymnasium step by step`() throws {
    var bytes = try FixtureBytes("cartpole-10000.bin")
    var world = CartPole()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 1)
    var endings = 0
    var worst = 0.0
    for _ in 0..<10_000 {
      world.physicalState = bytes.state()
      let next = bytes.state()
      action.discrete[0] = Int32(bytes.byte())
      let reward = Double(bytes.byte())
      let terminated = bytes.byte() == 1
      world.step(action, outcome: &outcome)
      worst = max(worst, world.physicalState.distance(to: next))
      #expect(
        outcome.rewards == [reward] && outcome.terminated == [terminated] && outcome.truncated == [false])
      if terminated { endings += 1 }
    }
    #expect(bytes.isAtEnd)
    #expect(worst <= 1e-12)
    #expect(endings > 1000 && endings < 9000)
  }

  /// Whole episodes of CartPole-v1; an unstable pole multiplies a rounding error by about 2,000 in 100 steps,
  /// after which the recorded state is taken over.
  @Test func `follows Gymnasium through whole episodes and ends them as it does`() throws {
    var bytes = try FixtureBytes("cartpole-episodes.bin")
    var lengths: [Int] = []
    for _ in 0..<16 {
      let length = Int(bytes.integer(bytes: 4))
      var start = CartPole()
      start.physicalState = bytes.state()
      var world = start.timeLimited(to: 500)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: 1)
      for step in 1...length {
        action.discrete[0] = Int32(bytes.byte())
        let terminated = bytes.byte() == 1
        let truncated = bytes.byte() == 1
        let next = bytes.state()
        world.step(action, outcome: &outcome)
        #expect(world.world.physicalState.distance(to: next) <= 1e-9)
        #expect(outcome.terminated == [terminated] && outcome.truncated == [truncated])
        #expect(outcome.episodeOver == (step == length))
        if step % 100 == 0 {
          start.physicalState = next
          var snapshot = world.snapshot()
          snapshot.set("world", start.snapshot())
          try world.restore(from: snapshot)
        }
      }
      lengths.append(length)
    }
    #expect(bytes.isAtEnd)
    #expect(lengths.filter { $0 == 500 }.count == 4 && lengths.contains { $0 < 60 })
  }

  @Test func `ends where position or angle pass their limits, and only there`() {
    let limit = 12 * Double.pi / 180
    let cases: [(position: Double, angle: Double, falls: Bool)] = [
      (2.4, 0, false), (2.4.nextUp, 0, true), (-2.4, 0, false), ((-2.4).nextDown, 0, true),
      (0, limit * (1 - 1e-12), false), (0, limit * (1 + 1e-12), true),
      (0, -limit * (1 - 1e-12), false), (0, -limit * (1 + 1e-12), true),
    ]
    for (position, angle, falls) in cases {
      var world = CartPole()
      world.physicalState = CartPole.State(position: position, velocity: 0, angle: angle, angularVelocity: 0)
      var outcome = StepOutcome(agents: 1)
      world.step(JointAction(for: world.groups), outcome: &outcome)
      #expect(
        outcome.terminated == [falls] && outcome.episodeOver == falls, "position \(position), angle \(angle)")
      #expect(outcome.rewards == [1])
    }
  }

  @Test func `truncates at the time limit and does not terminate`() {
    var world = CartPole().timeLimited(to: 500)
    world.reset(seed: 1)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 1)
    var observation = [Float](repeating: 0, count: 4)
    var steps = 0
    while !outcome.episodeOver, steps < 501 {
      var span = observation.mutableSpan
      world.observe(group: 0, into: &span)
      let lean = observation[2] + 0.3 * observation[3] + 0.03 * observation[0] + 0.08 * observation[1]
      action.discrete[0] = lean > 0 ? 1 : 0
      world.step(action, outcome: &outcome)
      steps += 1
    }
    #expect(steps == 500)
    #expect(outcome.truncated == [true] && outcome.terminated == [false] && outcome.rewards == [1])
  }

  @Test func `starts within 0.05 of rest, and the seed alone decides where`() {
    var starts: [CartPole.State] = []
    for seed in 0..<200 as Range<UInt64> {
      var world = CartPole()
      world.reset(seed: seed)
      starts.append(world.physicalState)
      var used = CartPole()
      var outcome = StepOutcome(agents: 1)
      used.reset(seed: seed &+ 1)
      used.step(JointAction(for: used.groups), outcome: &outcome)
      used.reset(seed: seed)
      #expect(used.physicalState == world.physicalState)
    }
    for value in starts.flatMap(\.values) { #expect(value >= -0.05 && value < 0.05) }
    for index in 0..<4 {
      let mean = starts.reduce(0) { $0 + $1.values[index] } / 200
      // Five standard errors of the mean of 200 uniform values of width 0.1.
      #expect(abs(mean) < 5 * 0.1 / (12.0 * 200).squareRoot())
      #expect(Set(starts.map { $0.values[index] }).count == 200)
    }
  }

  @Test func `keeps every promise of an environment`() {
    #expect(checkEnvironment(CartPole().timeLimited(to: 500)) == [])
    #expect(checkEnvironment(CartPole().timeLimited(to: 7)) == [])
  }
}

extension CartPole.State {
  var values: [Double] { [position, velocity, angle, angularVelocity] }

  func distance(to other: CartPole.State) -> Double {
    zip(values, other.values).map { abs($0 - $1) }.max() ?? 0
  }
}

/// A fixture read from front to back; all numbers are little-endian.
struct FixtureBytes {
  private let bytes: [UInt8]
  private var position = 0

  init(_ name: String, beside file: String = #filePath) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: "Fixtures")
    bytes = Array(try Data(contentsOf: folder.appending(path: name)))
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func integer(bytes count: Int) -> UInt64 {
    defer { position += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
  }

  mutating func byte() -> Int { Int(integer(bytes: 1)) }

  mutating func double() -> Double { Double(bitPattern: integer(bytes: 8)) }

  mutating func state() -> CartPole.State {
    let values = (0..<4).map { _ in double() }
    return CartPole.State(
      position: values[0], velocity: values[1], angle: values[2], angularVelocity: values[3])
  }
}

import ClassicControl
import Foundation
import ReinforcementLearning
import Testing

/// Acrobot, MountainCar and Pendulum against Gymnasium, 10,000 single steps each from injected states.
@Suite struct YardstickTests {
  @Test func `Acrobot equals Gymnasium step by step`() throws {
    try expectEqual("acrobot-10000.bin", Acrobot(), states: 4, endings: 1000...3000, tolerance: 1e-11) { world, state in
      world.physicalState = state
    } read: {
      $0.physicalState
    }
  }

  @Test func `MountainCar equals Gymnasium step by step`() throws {
    try expectEqual("mountain-car-10000.bin", MountainCar(), states: 2, endings: 100...1000, tolerance: 1e-12) {
      world, state in
      world.position = state[0]
      world.velocity = state[1]
    } read: {
      [$0.position, $0.velocity]
    }
  }

  /// Gymnasium computes with the torque in single precision; the difference is a rounding of that.
  @Test func `Pendulum equals Gymnasium step by step, the reward included`() throws {
    try expectEqual("pendulum-10000.bin", Pendulum(), states: 2, endings: 0...0, tolerance: 1e-7) { world, state in
      world.angle = state[0]
      world.angularVelocity = state[1]
    } read: {
      [$0.angle, $0.angularVelocity]
    }
  }

  private func expectEqual<World: Environment>(
    _ fixture: String, _ start: World, states: Int, endings: ClosedRange<Int>, tolerance: Double,
    inject: (inout World, [Double]) -> Void, read: (World) -> [Double]
  ) throws {
    var bytes = try FixtureBytes(fixture)
    var world = start
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 1)
    var ended = 0
    var worst = 0.0
    for _ in 0..<10_000 {
      inject(&world, (0..<states).map { _ in bytes.double() })
      let chosen = bytes.double()
      if action.discrete.isEmpty { action.continuous[0] = Float(chosen) } else { action.discrete[0] = Int32(chosen) }
      let next = (0..<states).map { _ in bytes.double() }
      let reward = bytes.double()
      let terminated = bytes.byte() == 1
      world.step(action, outcome: &outcome)
      for (ours, theirs) in zip(read(world), next) { worst = max(worst, abs(ours - theirs)) }
      worst = max(worst, abs(outcome.rewards[0] - reward))
      #expect(outcome.terminated == [terminated] && outcome.truncated == [false])
      if terminated { ended += 1 }
    }
    #expect(bytes.isAtEnd)
    #expect(worst <= tolerance, "largest difference \(worst)")
    #expect(endings.contains(ended))
  }

  @Test func `all keep every promise of an environment`() {
    #expect(checkEnvironment(Acrobot().timeLimited(to: 500)) == [])
    #expect(checkEnvironment(MountainCar().timeLimited(to: 200)) == [])
    #expect(checkEnvironment(Pendulum().timeLimited(to: 200)) == [])
  }

  @Test func `start where their cards say`() {
    for seed in 0..<200 as Range<UInt64> {
      var acrobot = Acrobot()
      acrobot.reset(seed: seed)
      #expect(acrobot.physicalState.allSatisfy { $0 >= -0.1 && $0 < 0.1 })
      var car = MountainCar()
      car.reset(seed: seed)
      #expect(car.position >= -0.6 && car.position < -0.4 && car.velocity == 0)
      var pendulum = Pendulum()
      pendulum.reset(seed: seed)
      #expect(abs(pendulum.angle) <= .pi && abs(pendulum.angularVelocity) <= 1)
    }
  }

  /// Known from the literature: swinging with the velocity reaches the goal in some 100 to 120 steps.
  @Test func `a mountain car that pushes along its velocity reaches the top before the limit`() {
    for seed in 0..<10 as Range<UInt64> {
      var world = MountainCar().timeLimited(to: 200)
      world.reset(seed: seed)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: 1)
      var steps = 0
      while !outcome.episodeOver {
        action.discrete[0] = world.world.velocity < 0 ? 0 : 2
        world.step(action, outcome: &outcome)
        steps += 1
      }
      #expect(outcome.terminated == [true] && (80...160).contains(steps), "\(steps) steps")
    }
  }
}

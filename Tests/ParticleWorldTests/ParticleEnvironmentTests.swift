import ParticleWorld
import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// What every particle world promises.
@Suite struct ParticleEnvironmentTests {
  @Test(arguments: ParticleCase.all)
  func `keeps every promise of an environment`(kind: ParticleCase) {
    expectPromises(kind.world)
  }

  private func expectPromises<World: ParticleEnvironment>(_ world: World) {
    #expect(checkEnvironment(world, steps: 60) == [])
    #expect(checkEnvironment(world.timeLimited(to: 25)) == [])
  }

  @Test(arguments: ParticleCase.all)
  func `observations lie in their space through 100,000 steps`(kind: ParticleCase) {
    expectRanges(kind.world)
  }

  private func expectRanges<World: ParticleEnvironment>(_ start: World) {
    var vector = VectorEnvironment(start.timeLimited(to: 250), count: 100, seeds: EpisodeSeeds(.training, seed: 6))
    var stream = RandomStream(seed: 5)
    var violations = 0
    var fastest: Float = 0
    for step in 0..<1_000 {
      for group in vector.frame.groups.indices {
        // Pushed the same way for long, so that terminal speeds are reached.
        for row in vector.frame.groups[group].actions.indices where step % 40 == 0 {
          vector.frame.groups[group].actions[row] = Int32(
            stream.integer(below: vector.frame.groups[group].group.action.maskCount))
        }
        for row in vector.frame.groups[group].continuousActions.indices {
          vector.frame.groups[group].continuousActions[row] = step % 80 < 40 ? Float(row % 2) : Float(stream.uniform())
        }
      }
      vector.step()
      for group in vector.frame.groups {
        let width = group.group.observation.count
        for row in 0..<group.rows {
          let values = group.nextObservations.span.extracting(row * width..<(row + 1) * width)
          if group.group.observation.firstViolation(values) != nil { violations += 1 }
          if group.group.observation.fields[0].name == "velocity_x" { fastest = max(fastest, abs(values[0])) }
        }
      }
      vector.advance()
    }
    #expect(violations == 0)
    #expect(start is SimpleAdversary || fastest > 0.9)
  }

  @Test func `has PettingZoo's agents and observations`() {
    #expect(sizes(SimpleSpread()) == [18] && sizes(SimpleSpread(agents: 5)) == [30] && SimpleSpread().agentCount == 3)
    #expect(sizes(SimpleSpeakerListener()) == [3, 11])
    #expect(sizes(SimpleTag()) == [16, 14] && SimpleTag().groups.map(\.count) == [3, 1])
    #expect(sizes(SimpleAdversary()) == [8, 10] && SimpleAdversary().groups.map(\.count) == [1, 2])
    #expect(SimpleSpread().stateCount == 54 && SimpleTag().stateCount == 62 && SimpleAdversary().stateCount == 28)
    #expect(SimpleSpread().groups[0].action.maskCount == 5)
    #expect(SimpleSpeakerListener(isContinuous: true).groups.map(\.action.continuousCount) == [3, 5])
  }

  private func sizes(_ world: some ParticleEnvironment) -> [Int] { world.groups.map(\.observation.count) }

  @Test(arguments: ParticleCase.defaults)
  func `starts where PettingZoo's may start, and the seed alone decides where`(kind: ParticleCase) {
    expectStarts(kind.world)
  }

  private func expectStarts<World: ParticleEnvironment>(_ start: World) {
    var world = start
    var states: [ParticleState] = []
    for seed in 0..<400 as Range<UInt64> {
      world.reset(seed: seed)
      states.append(world.physicalState)
      var used = start
      var outcome = StepOutcome(agents: used.agentCount)
      used.reset(seed: seed &+ 1)
      used.step(JointAction(for: used.groups), outcome: &outcome)
      used.reset(seed: seed)
      #expect(used.physicalState == states.last)
    }
    let edge = start is SimpleTag ? 0.9 : 1
    expectUniform(states.flatMap(\.positions).flatMap { [$0.x, $0.y] }, within: 1)
    expectUniform(states.flatMap(\.landmarks).flatMap { [$0.x, $0.y] }, within: edge)
    #expect(states.allSatisfy { $0.velocities.allSatisfy { $0 == .zero } && $0.words.allSatisfy { $0 == 0 } })
    let goals = Dictionary(grouping: states, by: \.goal).mapValues(\.count)
    #expect(goals.count == (start.hasGoal ? states[0].landmarks.count : 1))
    // Five standard deviations of a share of 400.
    for count in goals.values where start.hasGoal { #expect(abs(count - 400 / goals.count) < 50) }
  }

  private func expectUniform(_ values: [Double], within bound: Double) {
    let count = Double(values.count)
    #expect(values.allSatisfy { $0 >= -bound && $0 < bound })
    #expect((values.max() ?? 0) > 0.99 * bound && (values.min() ?? 0) < -0.99 * bound)
    // Five standard errors of the mean and of the mean square of uniform values.
    #expect(abs(values.reduce(0, +) / count) < 5 * bound / (3 * count).squareRoot())
    let square = values.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(square - bound * bound / 3) < 5 * bound * bound * (4 / (45 * count)).squareRoot())
  }

  @Test func `a snapshot with a goal that is not there is refused`() throws {
    var world = SimpleAdversary()
    var snapshot = world.snapshot()
    snapshot.set("goal", integer: 2)
    #expect(throws: SnapshotError.self) { try world.restore(from: snapshot) }
    snapshot.set("goal", integer: 1)
    try world.restore(from: snapshot)
    #expect(world.physicalState.goal == 1)
    let other = SimpleAdversary(agents: 3).snapshot()
    #expect(throws: SnapshotError.self) { try world.restore(from: other) }
  }

  @Test func `an idle agent is left to the others' pushes`() {
    let world = SimpleTag(isContinuous: true)
    #expect(world.idleAction(for: 3) == AgentAction(continuous: [0, 0, 0, 0, 0]))
    #expect(SimpleSpread().idleAction(for: 1) == AgentAction(discrete: [0]))
    #expect(SimpleSpeakerListener(isContinuous: true).idleAction(for: 0) == AgentAction(continuous: [0, 0, 0]))
    #expect(SimpleSpeakerListener(isContinuous: true).idleAction(for: 1).continuous.count == 5)
  }

  @Test func `an episode's figures are those of its last state`() {
    var world = SimpleSpread()
    world.physicalState = ParticleState(
      positions: [SIMD2(0, 0), SIMD2(0.2, 0), SIMD2(1, 1)], landmarks: [SIMD2(0, 0.05), SIMD2(1, 2), SIMD2(1, 1)])
    #expect(
      world.metrics().map(\.name)
        == ["final_landmark_distance_m", "final_landmarks_covered", "final_touching_pairs"])
    #expect(world.metrics().compactMap(\.value).map { ($0 * 1e9).rounded() / 1e9 } == [0.35, 0.666666667, 1])
  }
}

import Randomness
import ReinforcementLearning
import Snapshots
import Testing

struct PartlyObservedTests {
  static let shown = ["step", "seed_low"]

  @Test func `shows the named fields in the world's order and hides all others`() {
    let world = TaggedWorld(ends: true).observing(only: Self.shown)
    for group in world.groups { #expect(group.observation.fields.map(\.name) == ["seed_low", "step"]) }
    var whole = TaggedWorld(ends: true)
    whole.reset(seed: 77)
    var partly = world
    partly.reset(seed: 77)
    for (group, slots) in [3, 1].enumerated() {
      let width = whole.groups[group].observation.count
      var all = [Float](repeating: 0, count: slots * width)
      var span = all.mutableSpan
      whole.observe(group: group, into: &span)
      var seen = [Float](repeating: .nan, count: slots * 2)
      var part = seen.mutableSpan
      partly.observe(group: group, into: &part)
      for slot in 0..<slots {
        #expect(Array(seen[2 * slot..<2 * slot + 2]) == [all[slot * width], all[slot * width + 3]])
      }
    }
    #expect(partly.stateCount == whole.stateCount && partly.snapshot() == whole.snapshot())
  }

  @Test func `keeps every promise of an environment`() {
    let world = TaggedWorld(ends: true).timeLimited(to: 6)
    #expect(checkEnvironment(world.observing(only: Self.shown), seeds: Array(0..<20)) == [])
    #expect(checkEnvironment(world.observing(only: nil), seeds: Array(0..<20)) == [])
    #expect(checkEnvironment(TaggedWorld(ends: false).observing(only: ["tenant", "step"]).timeLimited(to: 9)) == [])
  }

  @Test func `a batch plays the world's episodes and copies what is seen`() throws {
    let world = TaggedWorld(ends: true).timeLimited(to: 6)
    let seeds = EpisodeSeeds(.training, seed: 5)
    var whole = VectorEnvironment(world, count: 3, seeds: seeds)
    var partly = VectorEnvironment(world.observing(only: Self.shown), count: 3, seeds: seeds)
    var same = VectorEnvironment(world.observing(only: nil), count: 3, seeds: seeds)
    var stream = RandomStream(seed: 8)
    for step in 0..<100 {
      VectorEnvironmentTests.choose(&whole.frame, &stream)
      for group in 0..<2 {
        for frame in [\VectorFrame.groups[group]] {
          partly.frame[keyPath: frame].actions = whole.frame.groups[group].actions
          partly.frame[keyPath: frame].continuousActions = whole.frame.groups[group].continuousActions
          same.frame[keyPath: frame].actions = whole.frame.groups[group].actions
          same.frame[keyPath: frame].continuousActions = whole.frame.groups[group].continuousActions
        }
      }
      whole.step()
      partly.step()
      same.step()
      #expect(whole.finishedReturns == partly.finishedReturns && whole.finishedReturns == same.finishedReturns)
      #expect(whole.frame.episodeOver == partly.frame.episodeOver)
      for group in 0..<2 {
        let (a, b, c) = (whole.frame.groups[group], partly.frame.groups[group], same.frame.groups[group])
        #expect(a.rewards == b.rewards && a.terminated == b.terminated && a.truncated == b.truncated)
        #expect(a.active == b.active && a.masks == b.masks && a.nextMasks == b.nextMasks)
        #expect(
          Self.seen(a.observations, a) == b.observations && Self.seen(a.nextObservations, a) == b.nextObservations)
        #expect(a.observations == c.observations && a.nextObservations == c.nextObservations)
        #expect(a.rewards == c.rewards && a.truncated == c.truncated && a.active == c.active && a.masks == c.masks)
      }
      whole.advance()
      partly.advance()
      same.advance()
      if step == 40 {
        var restored = VectorEnvironment(world.observing(only: Self.shown), count: 3, seeds: seeds)
        try restored.restore(from: whole.snapshot())
        #expect(restored.snapshot() == partly.snapshot())
        for group in 0..<2 {
          #expect(restored.frame.groups[group].observations == partly.frame.groups[group].observations)
        }
        partly = restored
      }
    }
    #expect(whole.episodes == partly.episodes && whole.episodes.allSatisfy { $0 > 10 })
  }

  /// The fields `seed_low` and `step` of every row.
  private static func seen(_ values: [Float], _ part: VectorFrame.Group) -> [Float] {
    let width = part.group.observation.count
    return (0..<part.rows).flatMap { [values[$0 * width], values[$0 * width + 3]] }
  }
}

import Agents
import ReinforcementLearning
import Snapshots
import Testing

/// Whole updates against PyTorch: what is drawn, both critics' steps, the actors' and the targets'.
@Suite struct MADDPGPeerTests {
  @Test func `the fixture holds what a critic can get wrong`() throws {
    let fixture = try MADDPGFixture.load()
    #expect(Set(fixture.cases.map(\.critic)) == ["joint", "own", "pooled"])
    #expect(fixture.cases.contains { $0.layerNorm } && fixture.cases.contains { $0.smoothing?[0] == 0.5 })
    let parts = fixture.frames.flatMap(\.groups)
    #expect(parts.contains { $0.active.contains(false) } && parts.contains { $0.ended.contains(true) })
    #expect(parts.contains { $0.masks.joined().contains(false) })
    #expect(fixture.frames.contains { $0.over && $0.groups.allSatisfy { !$0.ended.contains(true) } })
    #expect(fixture.cases.contains { $0.capacity < fixture.frames.count }, "a ring that has wrapped")
  }

  @Test(arguments: 0..<9)
  func `updates move every parameter and every target as PyTorch's do`(index: Int) throws {
    let fixture = try MADDPGFixture.load()
    #expect(fixture.cases.count == 9)
    let example = fixture.cases[index]
    var learner = try fixture.learner(example)
    learner.update(step: 1, advanced: 1)
    let places = fixture.places(example.recipe)
    #expect(places.count == example.after.count)
    for (place, (before, after)) in zip(places, zip(example.before, example.after)) {
      let parts =
        [("actor", before.actor, after.actor)]
        + after.critics.indices.map { ("critic-\($0)", before.critics[$0], after.critics[$0]) }
      for (part, old, new) in parts {
        for (moment, name) in ["online", "target"].enumerated() {
          let found = try learner.parameters(part, name, group: place.group, member: place.member)
          #expect(found.count == new[moment].count)
          let error = zip(found, new[moment]).map { abs($0 - $1) }.max() ?? .infinity
          let moved = zip(old[moment], new[moment]).map { abs($0 - $1) }.max() ?? 0
          #expect(error < 1e-5, "\(place), \(part), \(name): off by \(error)")
          #expect(moved > 1e-3, "\(place), \(part), \(name) moved")
        }
      }
    }
    let figures = Dictionary(uniqueKeysWithValues: learner.progress(step: 1).figures.map { ($0.name, $0.value) })
    let critic = example.losses.map { $0[0] }
    let actor = example.losses.filter { $0.count > 1 }.map { $0[1] }
    #expect(abs((figures["critic_loss"] ?? 0) - critic.reduce(0, +) / Double(critic.count)) < 1e-5)
    #expect(abs((figures["actor_loss"] ?? 0) - actor.reduce(0, +) / Double(actor.count)) < 1e-5)
  }
}

import ReinforcementLearning
import Testing

struct KnownAnswerUnitsTests {
  @Test func `other units change what is seen and what it is worth, and nothing of what is best`() {
    let world = KnownAnswerWorld.maskedLater(agents: 2)
    let other = world.inUnits(seenTimes: 300, plus: 2000, worth: 50)
    #expect(checkEnvironment(other) == [])
    let pairs = zip(world.answers(discount: 0.9), other.answers(discount: 0.9))
    for (plain, changed) in pairs {
      #expect(changed.observations == plain.observations.map { $0.map { 300 * $0 + 2000 } })
      #expect(changed.best == plain.best && changed.mask == plain.mask)
      #expect(abs(changed.value - 50 * plain.value) < 1e-9)
    }
    #expect(other.groups[0].observation.fields[0].range == 1700...2300)
    let best = world.bestReturn(seed: 3, discount: 0.9)
    #expect(abs(other.bestReturn(seed: 3, discount: 0.9) - 50 * best) < 1e-9)
  }
}

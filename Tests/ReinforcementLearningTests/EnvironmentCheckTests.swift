import ReinforcementLearning
import Testing

struct EnvironmentCheckTests {
  @Test func `a good environment has no defect`() {
    #expect(checkEnvironment(FlawedWorld(.none), seeds: Array(0..<10)) == [])
    #expect(checkEnvironment(TaggedWorld(ends: true), seeds: Array(0..<10)) == [])
  }

  /// What is broken, and the promise that must be named; the second list may be named too, as what follows from it.
  static let promises: [(FlawedWorld.Flaw, String, [String])] = [
    (.seedIgnored, "a seed decides the episode, whatever was played before", [repeats]),
    (.levelLeaks, "a seed decides the episode, whatever was played before", [repeats]),
    (.pastLeaksLate, repeats, []),
    (.observationOutOfRange, "observations lie in their space", []),
    (.observationUnwritten, "observations lie in their space", []),
    (.emptyMask, "a mask leaves an active agent a choice", []),
    (.inactiveRewarded, "inactive slots are neither rewarded nor ended", []),
    (.inactiveEnded, "inactive slots are neither rewarded nor ended", []),
    (.sharedMemory, "a copy is a snapshot", []),
    (.wrongAssign, "assign makes an equal environment", []),
    (.wrongRestore, "restore-then-step equals step", ["a restored environment gives the same snapshot"]),
    (.wrongRestore, "a restored environment gives the same snapshot", ["restore-then-step equals step"]),
    (.partialSnapshot, "restore-then-step equals step", []),
    (.throwingRestore, "a snapshot can be restored", []),
    (.bothFlags, "a trajectory ends in one way", []),
    (.silentEnd, "an episode's end ends every trajectory", []),
    (.rewardNotANumber, "rewards are finite", []),
    (.brokenInvariant, "the declared invariants hold", []),
    (.staleOutcome, "a copy steps as the original does", sameStep + ["inactive slots are neither rewarded nor ended"]),
    (.idleShape, "an idle action has the action's shape", []),
    (.sameGroupNames, "group names are unique", []),
    (.sameFieldNames, "field names are unique", []),
    (.noFields, "an observation has at least one field", []),
    (.emptyGroup, "a group has at least one slot", []),
    (.noGroups, "there is at least one group", []),
  ]

  static let repeats = "the same seed and actions give the same episode, bit for bit"

  static let sameStep = [repeats, "assign makes an equal environment", "restore-then-step equals step"]

  @Test(arguments: promises)
  func `a broken promise is found and named`(flaw: FlawedWorld.Flaw, promise: String, consequences: [String]) {
    let found = checkEnvironment(FlawedWorld(flaw)).map(\.promise)
    #expect(found.contains(promise))
    // Memory that copies share breaks whatever compares two copies.
    if flaw != .sharedMemory { #expect(Set(found).subtracting(consequences) == [promise]) }
  }

  @Test func `every flaw that the world knows is tried`() {
    #expect(Set(Self.promises.map(\.0)) == Set(FlawedWorld.Flaw.allCases).subtracting([.none]))
  }

  @Test func `a finding says where and what`() {
    #expect(
      checkEnvironment(FlawedWorld(.brokenInvariant), seeds: [7]).map(\.description) == [
        "the declared invariants hold: seed 7, step 3: the water in and out differ by 2 litres"
      ])
    let range = checkEnvironment(FlawedWorld(.observationOutOfRange), seeds: [7])
    #expect(range.map(\.finding) == ["seed 7, step 5: walker 0 shows level = 10.5, outside -10.0...10.0"])
  }

  @Test func `the caller's environment is not changed`() {
    let world = FlawedWorld(.none)
    let before = world.snapshot()
    _ = checkEnvironment(world)
    #expect(world.snapshot() == before)
  }
}

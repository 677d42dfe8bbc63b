import Agents
import AllocationCounting
import ClassicControl
import ReinforcementLearning
import Snapshots
import Testing

/// What a run of the family costs and on what it depends.
@Suite struct MADDPGRunTests {
  /// Members whose updates differ in what is drawn, read and shared.
  static let members: [MADDPGFamilyTests.Member] =
    MADDPGFamilyTests.several + [
      .init(name: "running, Ornstein-Uhlenbeck, layer norm, mean reward") {
        $0.normalization = .running
        $0.noise = .init(kind: .ornsteinUhlenbeck(theta: 0.15, dt: 1), deviation: .constant(0.2))
        $0.layerNorm = true
        $0.reward = .mean
        $0.actorDescent.gradientClip = 0.5
      }
    ]

  @Test(arguments: members)
  func `any number of workers gives the same bits`(member: MADDPGFamilyTests.Member) {
    for indices in MADDPGConfiguration.Indices.allCases {
      var snapshots: [Snapshot] = []
      for workers in [1, 2, 3, 8] {
        var bench = MADDPGBench(member.change)
        bench.recipe.indices = indices
        var (vector, learner) = bench.start(KnownAnswerWorld.hybridAiming(agents: 5), seed: 4, environments: 3)
        learner.use(workers: workers)
        bench.train(&vector, &learner, to: 400)
        snapshots.append(learner.snapshot())
        #expect(learner.progress(step: 400).updates >= 300)
      }
      #expect(snapshots.allSatisfy { $0 == snapshots[0] }, "\(indices) indices")
    }
  }

  /// What sets of parameters hold when they are made must not be shared: two threads that meet at the first write would
  /// else decide by chance who copies.
  @Test func `the first updates on two threads are the same in a thousand learners`() {
    for indices in MADDPGConfiguration.Indices.allCases {
      let bench = MADDPGBench {
        $0.indices = indices
        $0.batchSize = 16
        $0.replayCapacity = 100
        $0.warmupSteps = 8
        $0.randomSteps = 8
        $0.criticHidden = [8]
        $0.actorHidden = [8]
      }
      var first: Snapshot?
      var different = 0
      for _ in 0..<1000 {
        var (vector, learner) = bench.start(KnownAnswerWorld.hybridAiming(agents: 2), seed: 4)
        learner.use(workers: 2)
        bench.train(&vector, &learner, to: 12)
        let snapshot = learner.snapshot()
        if let first, first != snapshot { different += 1 }
        if first == nil { first = snapshot }
      }
      #expect(different == 0, "\(indices) indices")
    }
  }

  @Test(arguments: members)
  func `a thousand steps with an update each ask for no memory`(member: MADDPGFamilyTests.Member) {
    var bench = MADDPGBench(member.change)
    bench.recipe.replayCapacity = 500
    bench.recipe.batchSize = 8
    for world in [KnownAnswerWorld.hybridAiming(agents: 2), .maskedLater(agents: 3), .branches(agents: 2)] {
      var (vector, learner) = bench.start(world, seed: 1, environments: 2)
      // The replay is full and every path was taken.
      bench.train(&vector, &learner, to: 1200)
      let before = edgewise_allocations()
      bench.train(&vector, &learner, from: 1200, to: 3200)
      #expect(edgewise_allocations() - before == 0, "\(world.name)")
      #expect(learner.progress(step: 3200).updates > 1000)
    }
  }

  @Test(arguments: members)
  func `a learner restored in the middle goes on as the saved one`(member: MADDPGFamilyTests.Member) throws {
    for indices in MADDPGConfiguration.Indices.allCases {
      var bench = MADDPGBench(member.change)
      bench.recipe.indices = indices
      let world = KnownAnswerWorld.hybridAiming(agents: 2)
      var (vector, learner) = bench.start(world, seed: 1, environments: 2)
      bench.train(&vector, &learner, to: 301)
      var other = bench.start(world, seed: 7, environments: 2).learner
      try other.restore(from: learner.snapshot())
      var twin = vector
      bench.train(&vector, &learner, from: 302, to: 500)
      bench.train(&twin, &other, from: 302, to: 500)
      #expect(other.snapshot() == learner.snapshot())
      #expect(other.progress(step: 500) == learner.progress(step: 500))
    }
  }

  @Test func `a snapshot of another learner is refused and changes nothing`() throws {
    let bench = MADDPGBench { $0.indices = .shared }
    let world = KnownAnswerWorld.hybridAiming(agents: 2)
    var (vector, learner) = bench.start(world, seed: 1)
    bench.train(&vector, &learner, to: 150)
    let good = learner.snapshot()
    let others = [
      MADDPGBench { $0.sharing = .shared }.start(world, seed: 1).learner,
      MADDPGBench { $0.indices = .individual }.start(world, seed: 1).learner,
      MADDPGBench { $0.critic = .joint }.start(world, seed: 1).learner,
      MADDPGBench { $0.twinCritics = true }.start(world, seed: 1).learner,
      MADDPGBench { $0.normalization = .running }.start(world, seed: 1).learner,
      MADDPGBench { $0.actorHidden = [9] }.start(world, seed: 1).learner,
    ]
    for var other in others {
      let before = other.snapshot()
      #expect(throws: SnapshotError.self) { try other.restore(from: good) }
      #expect(other.snapshot() == before)
    }
    for path in [
      ["learner", "walker", "member-1", "actor"], ["learner", "walker", "member-0", "critic-0"], ["random"], ["replay"],
    ] {
      var damaged = good
      try damaged.change(Array(path.dropLast())) { $0[path[path.count - 1]] = nil }
      #expect(throws: SnapshotError.self, "\(path)") { try learner.restore(from: damaged) }
      #expect(learner.snapshot() == good)
    }
    var damaged = good
    try damaged.change(["random"]) { $0.set("sampling", [1, 2, 3, 9, 0, 0, 0, 0] as [UInt64]) }
    #expect(throws: SnapshotError.self) { try learner.restore(from: damaged) }
    try damaged.change(["learner", "walker", "member-0"]) { $0.set("figures", [0, 0, 0, 0.5, 1] as [Double]) }
    #expect(throws: SnapshotError.self) { try learner.restore(from: damaged) }
  }

  @Test func `a run that diverges says so`() {
    let bench = MADDPGBench { $0.criticDescent.learningRate = 1 }
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 1)
    bench.train(&vector, &learner, to: 200)
    #expect(!learner.progress(step: 200).hasDiverged)
    vector.frame.groups[0].rewards[0] = .infinity
    vector.frame.groups[0].active[0] = true
    for _ in 0..<50 { learner.record(vector.frame) }
    for step in 201..<220 { learner.update(step: step, advanced: 1) }
    #expect(learner.progress(step: 220).hasDiverged)
  }
}

import Agents
import AllocationCounting
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// FedProx's term: what it adds to a gradient, to what, and that it is part of the state.
@Suite struct ProximalHoldTests {
  private func isMeant(_ state: TrainedState, by part: SharedParameters.Part) -> Bool {
    part == .both || state.path.contains(part == .actors ? "/actor" : "/critic-")
      || state.path.hasSuffix("/critic")
        && part == .critics
  }

  /// Which elements a choice shares: those that other values change.
  private func held(_ run: SharingRun, _ shared: SharedParameters) throws -> [[Bool]] {
    var shared = shared
    (shared.targets, shared.moments) = (.keep, .keep)
    var other = run
    other.learner.adopt(run.learner.values(of: shared).map { $0 + 1 }, of: shared)
    return try zip(run.trained, other.trained).map { zip($0.online, $1.online).map { $0 != $1 } }
  }

  /// With plain descent, θ ← θ − α (g + μ (θ − θ₀)): the learner that is held differs by −α μ (θ − θ₀) from its twin
  /// after the second step, and not at all after the first, which begins at θ₀.
  @Test(arguments: SharingCase.all)
  func `adds its gradient to what is shared and to nothing else`(sharing: SharingCase) throws {
    // An actor learns from critics: each is held by itself.
    for part in sharing.parts where sharing.parts.count == 1 || part != .both {
      for layers in 0...1 {
        try compare(sharing, SharedParameters(part: part, personalLayers: layers))
      }
    }
  }

  private func compare(_ sharing: SharingCase, _ shared: SharedParameters) throws {
    let (rate, strength) = (1e-3, 400.0)
    var free = sharing.start(SharingCase.Descending(optimizer: .sgd(), rate: Float(rate), clip: 1e9))
    free.train(to: 70)
    var pulled = free
    pulled.learner.holdNear(shared, by: Float(strength))
    let (start, held) = (try free.trained, try held(free, shared))
    var before = start
    var (compared, far, own) = (0, 0, 0)
    for _ in 0..<40 where compared == 0 {
      free.train(to: free.step + 1)
      pulled.train(to: pulled.step + 1)
      let (plain, other) = (try free.trained, try pulled.trained)
      for index in start.indices where isMeant(start[index], by: shared.part) {
        let updates = plain[index].updates - start[index].updates
        guard updates > before[index].updates - start[index].updates else { continue }
        if updates == 1 {
          let isEqual = plain[index].online == other[index].online
          #expect(isEqual, "\(start[index].path) after the first step")
        }
        guard updates == 2 else { continue }
        compared += 1
        var (worst, strayed) = (0.0, 0)
        for element in held[index].indices {
          let difference = Double(other[index].online[element]) - Double(plain[index].online[element])
          let distance = Double(before[index].online[element]) - Double(start[index].online[element])
          let pull = -rate * strength * distance
          if held[index][element] {
            worst = max(worst, abs(difference - pull))
            if abs(pull) > 3e-6 { far += 1 }
          } else {
            own += 1
            if difference != 0 { strayed += 1 }
          }
        }
        #expect(worst < 5e-7 && strayed == 0, "\(shared), \(start[index].path): \(worst), \(strayed)")
      }
      before = plain
    }
    #expect(compared > 0 && far > 0, "\(shared): \(compared), \(far)")
    #expect((own > 0) == (shared.personalLayers > 0))
  }

  @Test func `is added before gradients are clipped`() throws {
    let clip: Float = 1e-3
    for strength in [0, 1e6] as [Float] {
      var run = SharingCase.values[0].start(SharingCase.Descending(optimizer: .sgd(), rate: 0.1, clip: clip))
      run.train(to: 70)
      run.learner.holdNear(SharedParameters(), by: strength)
      for _ in 0..<5 {
        let before = try run.trained[0].online
        run.train(to: run.step + 1)
        let squares = zip(before, try run.trained[0].online).map { ($0 - $1) * ($0 - $1) }
        let length = squares.reduce(0, +).squareRoot()
        #expect(length > 0 && length < 0.1 * clip * 1.02, "held by \(strength): \(length)")
      }
    }
  }

  @Test(arguments: SharingCase.all)
  func `keeps a learner nearer to where it began`(sharing: SharingCase) throws {
    let distances = try ([0, 10, 1000] as [Float]).map { strength in
      var run = sharing.start(SharingCase.Descending(optimizer: .sgd(), rate: 1e-3, clip: 1e9))
      run.train(to: 70)
      run.learner.holdNear(SharedParameters(), by: strength)
      let start = try run.trained
      run.train(to: 270)
      return try zip(start, run.trained).reduce(0.0) { sum, pair in
        sum + zip(pair.0.online, pair.1.online).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      }
    }
    #expect(distances[0] > distances[1] && distances[1] > distances[2] && distances[2] > 0, "\(distances)")
  }

  @Test(arguments: SharingCase.all)
  func `belongs to the state and ends with a strength of zero`(sharing: SharingCase) throws {
    for part in sharing.parts {
      let shared = SharedParameters(part: part, personalLayers: 1)
      var run = sharing.start()
      run.train(to: 70)
      let free = run.learner.snapshot()
      run.learner.holdNear(shared, by: 0.5)
      run.train(to: 90)
      let snapshot = run.learner.snapshot()
      var restored = run
      restored.learner = sharing.start(seed: 9).learner
      try restored.learner.restore(from: snapshot)
      run.train(to: 150)
      restored.train(to: 150)
      let goesOn = run.learner.snapshot() == restored.learner.snapshot()
      #expect(goesOn)
      // A state without a hold, such as earlier versions wrote, takes it away; so does a strength of 0.
      try restored.learner.restore(from: free)
      let isFree = restored.learner.snapshot() == free
      #expect(isFree)
      restored.learner.holdNear(shared, by: 0.5)
      let isHeld = restored.learner.snapshot() != free
      restored.learner.holdNear(shared, by: 0)
      let isFreeAgain = restored.learner.snapshot() == free
      #expect(isHeld && isFreeAgain)
    }
  }

  @Test func `a state that holds what is not there is refused`() throws {
    var run = SharingCase.values[0].start()
    run.learner.holdNear(SharedParameters(), by: 0.5)
    let whole = run.learner.snapshot()
    let path = ["learner", "walker", "member-0", "hold"]
    let count = try run.trained[0].online.count
    let harms: [(String, (inout Snapshot) -> Void)] = [
      ("ranges", { $0.set("ranges", [0, count + 1]) }), ("ranges", { $0.set("ranges", [-1, count - 1]) }),
      ("ranges", { $0.set("ranges", [0]) }), ("ranges", { $0.set("ranges", [4, 2]) }),
      ("anchor", { $0.set("anchor", [Float(1)]) }), ("strength", { $0.set("strength", [-Float.infinity]) }),
      ("strength", { $0.set("strength", [Float]()) }),
    ]
    for (name, harm) in harms {
      var snapshot = whole
      try snapshot.change(path, harm)
      let before = run.learner.snapshot()
      let error = #expect(throws: SnapshotError.self) { try run.learner.restore(from: snapshot) }
      #expect(error?.path.hasSuffix("hold/\(name)") == true)
      let isUntouched = run.learner.snapshot() == before
      #expect(isUntouched)
    }
  }

  @Test(arguments: SharingCase.all)
  func `asks for no memory in an update`(sharing: SharingCase) throws {
    let world = sharing.world(2)
    func allocations(of learner: some SharingLearner, holding strength: Float) -> UInt {
      var learner = learner
      var vector = VectorEnvironment(world, count: 1, seeds: EpisodeSeeds(.training, seed: 1))
      vector.train(&learner, from: 0, to: 300)
      learner.holdNear(SharedParameters(personalLayers: 1), by: strength)
      let before = edgewise_allocations()
      vector.train(&learner, from: 300, to: 700)
      return edgewise_allocations() - before
    }
    let learner = sharing.start().learner
    let (free, held) = (allocations(of: learner, holding: 0), allocations(of: learner, holding: 0.5))
    #expect(held == free, "\(held) allocations, \(free) without")
  }
}

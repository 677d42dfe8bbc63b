import Agents
import NeuralNetworks
import Policies
import Testing

/// What becomes of an optimizer's moments, against steps of Adam made by hand in 64 bits.
@Suite struct SharedMomentTests {
  private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)

  /// Trains until every set of parameters has made one step, and compares each with Adam's step from what its moments
  /// were: the gradient g is what must have been added to m, and v and θ must follow from it.
  private func expectAdam(
    _ run: inout SharingRun, from states: [TrainedState], rate: Double, _ comment: String
  ) throws {
    var isOpen = [Bool](repeating: true, count: states.count)
    for _ in 0..<40 where isOpen.contains(true) {
      run.train(to: run.step + 1)
      for (index, after) in try run.trained.enumerated() where isOpen[index] && after.updates > states[index].updates {
        #expect(after.updates == states[index].updates + 1)
        isOpen[index] = false
        let before = states[index]
        let steps = try #require(after.steps)
        #expect(steps == (before.steps ?? -1) + 1, "\(comment), \(before.path)")
        let (root, bias) = (1 - power(Self.beta2, steps), 1 - power(Self.beta1, steps))
        var (worstSquare, worstStep, moved) = (0.0, 0.0, 0)
        for element in before.online.indices {
          let (mean, square) = (Double(before.moments[0][element]), Double(before.moments[1][element]))
          let (newMean, newSquare) = (Double(after.moments[0][element]), Double(after.moments[1][element]))
          let gradient = (newMean - Self.beta1 * mean) / (1 - Self.beta1)
          let wanted = Self.beta2 * square + (1 - Self.beta2) * gradient * gradient
          // 1.2e-6 |m| is what rounding of m leaves of g; of v it is a millionth.
          let slack = 1e-6 * square + 1e-4 * (1 - Self.beta2) * (gradient * gradient + mean * mean) + 1e-30
          worstSquare = max(worstSquare, abs(newSquare - wanted) / slack)
          let length = rate * newMean / bias / ((newSquare / root).squareRoot() + Self.epsilon)
          let end = Double(before.online[element]) - length
          worstStep = max(worstStep, abs(Double(after.online[element]) - end))
          if abs(length) > rate / 100 { moved += 1 }
        }
        #expect(worstSquare < 1 && worstStep < 1e-6 && moved > 0, "\(comment), \(before.path)")
      }
    }
    #expect(!isOpen.contains(true), "\(comment)")
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  @Test(arguments: SharingCase.all)
  func `moments that are kept go on`(sharing: SharingCase) throws {
    var run = sharing.start()
    run.train(to: 70)
    let before = try run.trained
    let shared = SharedParameters(targets: .copy, moments: .keep)
    run.learner.adopt(run.learner.values(of: shared).map { 1.25 * $0 }, of: shared)
    let after = try run.trained
    for (before, after) in zip(before, after) {
      #expect(before.steps == after.steps && before.moments == after.moments && before.online != after.online)
      #expect((before.steps ?? 0) > 0)
    }
    try expectAdam(&run, from: after, rate: 1e-2, "kept")
  }

  @Test(arguments: SharingCase.all)
  func `moments that begin anew are zero, with the number of steps`(sharing: SharingCase) throws {
    for layers in 0...1 {
      var run = sharing.start()
      run.train(to: 70)
      let before = try run.trained
      let shared = SharedParameters(personalLayers: layers, moments: .reset)
      run.learner.adopt(run.learner.values(of: shared), of: shared)
      let after = try run.trained
      for (before, after) in zip(before, after) {
        #expect(after.steps == 0 && after.moments.joined().allSatisfy { $0 == 0 })
        #expect(before.moments.joined().contains { $0 != 0 } && before.updates == after.updates)
      }
      try expectAdam(&run, from: after, rate: 1e-2, "begun anew")
    }
  }

  @Test(arguments: SharingCase.all)
  func `merged moments are the mean and steps are counted on`(sharing: SharingCase) throws {
    var runs = [sharing.start(seed: 1), sharing.start(seed: 2)]
    runs[0].train(to: 70)
    runs[1].train(to: 150)
    let shared = SharedParameters.whole
    let given = try runs.map { try $0.trained }
    let values = runs.map { $0.learner.values(of: shared) }
    let mean = zip(values[0], values[1]).map { ($0 + $1) / 2 }
    runs[0].learner.adopt(mean, of: shared)
    let after = try runs[0].trained
    for (index, part) in after.enumerated() {
      for kind in part.moments.indices {
        let wanted = zip(given[0][index].moments[kind], given[1][index].moments[kind]).map { ($0 + $1) / 2 }
        let isMean = part.moments[kind] == wanted
        #expect(isMean, "\(part.path)")
      }
      #expect(part.steps == given[0][index].steps && part.steps != given[1][index].steps)
    }
    try expectAdam(&runs[0], from: after, rate: 1e-2, "merged")
  }

  @Test func `what is not shared keeps its moments`() throws {
    for sharing in SharingCase.actorCritics {
      for (part, own) in [(.actors, "critic"), (.critics, "actor")] as [(SharedParameters.Part, String)] {
        var run = sharing.start()
        run.train(to: 70)
        let before = try run.trained
        run.learner.adopt(run.learner.values(of: SharedParameters(part: part)), of: SharedParameters(part: part))
        for (before, after) in zip(before, try run.trained) {
          let isOwn = before.path.contains(own)
          #expect((after.steps == before.steps && after.moments == before.moments) == isOwn)
        }
      }
    }
  }

  /// Other optimizers' moments, of which some kinds are kept only when asked for.
  @Test func `moments of every optimizer travel`() throws {
    for (optimizer, kinds) in [
      (.sgd(), []), (.sgd(momentum: 0.9), [0]), (.rmsProp(), [0]),
      (.rmsProp(momentum: 0.5, centered: true), [0, 1, 2]),
      (.adamW(), [0, 1]),
    ] as [(Optimizer.Kind, [Int])] {
      var run = SharingCase.values[0].start(SharingCase.Descending(optimizer: optimizer, rate: 1e-3))
      var twin = SharingCase.values[0].start(seed: 2, SharingCase.Descending(optimizer: optimizer, rate: 1e-3))
      run.train(to: 70)
      twin.train(to: 70)
      let names = run.learner.layout(of: .whole).layout.slots.map(\.name).filter { $0.hasPrefix("moments-") }
      #expect(Set(names.map { String($0.prefix(9)) }) == Set(kinds.map { "moments-\($0)" }), "\(optimizer)")
      twin.learner.adopt(run.learner.values(of: .whole), of: .whole)
      let (a, b) = (try run.trained[0], try twin.trained[0])
      #expect(a.online == b.online && a.target == b.target && a.moments == b.moments, "\(optimizer)")
      run.learner.adopt(run.learner.values(of: SharedParameters()), of: SharedParameters())
      #expect(try run.trained[0].moments.joined().allSatisfy { $0 == 0 }, "\(optimizer)")
    }
  }

  @Test func `a mean of squares that rounding brought below zero counts as zero`() throws {
    var run = SharingCase.values[0].start()
    run.train(to: 70)
    var values = run.learner.values(of: .whole)
    let layout = run.learner.layout(of: .whole)
    for slot in layout.layout.slots where slot.name.hasPrefix("moments-1.") {
      for element in slot.range { values[element] = -1e-9 }
    }
    run.learner.adopt(values, of: .whole)
    #expect(try run.trained[0].moments[1].allSatisfy { $0 == 0 })
    run.train(to: 140)
    #expect(try run.trained[0].online.allSatisfy(\.isFinite))
  }
}

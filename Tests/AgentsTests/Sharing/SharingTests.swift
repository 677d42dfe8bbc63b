import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T17 at the learner: what travels, what is taken over and what stays.
@Suite struct SharingTests {
  private func isSame(_ a: [Float], _ b: [Float]) -> Bool { a.map(\.bitPattern) == b.map(\.bitPattern) }

  /// Numbers that no learner has by chance, all positive, so that they can stand for squares too.
  private func marked(_ count: Int) -> [Float] { (0..<count).map { 0.5 + Float($0) / 65_536 } }

  @Test(arguments: SharingCase.all)
  func `a learner that takes over its own values goes on as if nothing had happened`(sharing: SharingCase) throws {
    for part in sharing.parts {
      for layers in 0...1 {
        for (targets, moments) in [(.keep, .keep), (.merge, .merge)]
          as [(SharedParameters.Targets, SharedParameters.Moments)]
        {
          let shared = SharedParameters(part: part, personalLayers: layers, targets: targets, moments: moments)
          var run = sharing.start()
          run.train(to: 70)
          var undisturbed = run
          run.learner.adopt(run.learner.values(of: shared), of: shared)
          let isUnchanged = run.learner.snapshot() == undisturbed.learner.snapshot()
          #expect(isUnchanged, "\(shared)")
          run.train(to: 140)
          undisturbed.train(to: 140)
          let goesOn = run.learner.snapshot() == undisturbed.learner.snapshot()
          #expect(goesOn, "\(shared)")
        }
      }
    }
  }

  @Test(arguments: SharingCase.all)
  func `what is taken over is what is read, and all that is not shared stays`(sharing: SharingCase) throws {
    for part in sharing.parts {
      for layers in 0...1 {
        var run = sharing.start()
        run.train(to: 70)
        let before = run.learner.snapshot()
        var shared = SharedParameters.whole
        (shared.part, shared.personalLayers) = (part, layers)
        let layout = run.learner.layout(of: shared)
        let values = marked(layout.layout.count)
        run.learner.adopt(values, of: shared)
        let isTaken = isSame(run.learner.values(of: shared), values)
        #expect(isTaken)
        let after = run.learner.snapshot()
        let isRestSame = TrainedState.rest(of: after) == TrainedState.rest(of: before)
        #expect(isRestSame)
        // As many elements changed as travelled, and these are the numbers that travelled.
        let (old, new) = (try TrainedState.all(in: before), try TrainedState.all(in: after))
        var found: [Float] = []
        for (old, new) in zip(old, new) {
          #expect(old.updates == new.updates && old.steps == new.steps)
          let hasTargets = sharing.hasTargets
          #expect(hasTargets || isSame(old.target, new.target))
          for (old, new) in zip([old.online, old.target] + old.moments, [new.online, new.target] + new.moments) {
            found += zip(old, new).filter { $0.bitPattern != $1.bitPattern }.map(\.1)
          }
        }
        let isExact = isSame(found.sorted(), values)
        #expect(isExact, "\(found.count) elements changed of \(values.count)")
      }
    }
  }

  @Test(arguments: SharingCase.all)
  func `parameters stand under their names`(sharing: SharingCase) throws {
    var run = sharing.start()
    let layout = run.learner.layout(of: .untouched)
    let values = marked(layout.layout.count)
    #expect(layout.mergedCount == layout.layout.count)
    run.learner.adopt(values, of: .untouched)
    let group = run.learner.policies.groups[0]
    let kind = sharing.parts.count == 1 ? "value" : "actor"
    for (member, parameters) in group.parameters.enumerated() {
      for slot in parameters.layout.slots {
        let place = try #require(layout.layout["\(group.group.name).member-\(member).\(kind).\(slot.name)"])
        #expect(place.shape == slot.shape)
        let isSame = isSame(Array(values[place.range]), Array(parameters.values[slot.range]))
        #expect(isSame, "\(place.name)")
      }
    }
  }

  @Test(arguments: SharingCase.all)
  func `targets follow the rule and the moments are kept`(sharing: SharingCase) throws {
    for targets in SharedParameters.Targets.allCases {
      var run = sharing.start()
      run.train(to: 70)
      let before = try run.trained
      let shared = SharedParameters(targets: targets, moments: .keep)
      let count = try #require(before.isEmpty ? nil : before.reduce(0) { $0 + $1.online.count })
      let layout = run.learner.layout(of: shared)
      let travels = targets == .merge && sharing.hasTargets
      #expect(layout.layout.count == (travels ? 2 : 1) * count && layout.mergedCount == layout.layout.count)
      #expect(layout.layout.slots.contains { $0.name.hasPrefix("targets.") } == travels)
      let values = marked(layout.layout.count)
      run.learner.adopt(values, of: shared)
      let after = try run.trained
      let online = isSame(after.flatMap(\.online), Array(values[..<count]))
      #expect(online)
      let wanted: [Float] =
        switch targets {
        case _ where !sharing.hasTargets: before.flatMap(\.target)
        case .merge: Array(values[count...])
        case .copy: Array(values[..<count])
        case .keep: before.flatMap(\.target)
        }
      let target = isSame(after.flatMap(\.target), wanted)
      #expect(target, "\(targets)")
      let moments = isSame(after.flatMap { $0.moments.joined() }, before.flatMap { $0.moments.joined() })
      #expect(moments && after.map(\.steps) == before.map(\.steps))
    }
  }

  @Test(arguments: SharingCase.all)
  func `what travels is parameters, targets and moments, no experience and no statistics`(sharing: SharingCase) throws {
    var run = sharing.start()
    run.train(to: 70)
    let layout = run.learner.layout(of: .whole)
    let name =
      #/(targets\.|moments-[012]\.)?(walker\.member-\d\.(actor|critic-[01]|value)|mixing\.hypernetwork-[0-3])\./#
    let parameter =
      #/(embedding-\d\.)?(layers\.\d\.(value_|advantage_)?(hidden_)?(weight|bias)\w*|noise\.log_deviation)/#
    for slot in layout.layout.slots {
      let prefix = try #require(slot.name.prefixMatch(of: name), "\(slot.name)")
      let rest = String(slot.name[prefix.range.upperBound...])
      let isParameter = rest.wholeMatch(of: parameter) != nil
      #expect(isParameter, "\(rest)")
    }
    let count = try run.trained.reduce(0) { $0 + $1.online.count }
    #expect(layout.mergedCount == (sharing.hasTargets ? 2 : 1) * count)
    #expect(layout.layout.count == layout.mergedCount + 2 * count)
    #expect(run.learner.values(of: .whole).count == layout.layout.count)
  }

  @Test(arguments: SharingCase.all)
  func `equal learners share alike whatever they have seen`(sharing: SharingCase) {
    let first = sharing.start(seed: 1)
    var second = sharing.start(seed: 2)
    second.train(to: 70)
    for part in sharing.parts {
      for layers in 0...1 {
        let shared = SharedParameters(part: part, personalLayers: layers, targets: .merge, moments: .merge)
        let isEqual = first.learner.layout(of: shared) == second.learner.layout(of: shared)
        #expect(isEqual)
      }
    }
  }

  @Test(arguments: SharingCase.all)
  func `a copy made before is not changed, and both go on by themselves`(sharing: SharingCase) throws {
    for shared in [SharedParameters.whole, SharedParameters()] {
      var run = sharing.start()
      run.train(to: 70)
      var copy = run
      var alone = sharing.start()
      alone.train(to: 70)
      run.learner.holdNear(shared, by: 0.1)
      for round in 0..<3 {
        let values = marked(run.learner.layout(of: shared).layout.count)
        run.learner.adopt(values, of: shared)
        let isTaken = isSame(run.learner.values(of: shared), values)
        #expect(isTaken)
        run.train(to: 90 + 20 * round)
        copy.train(to: 90 + 20 * round)
        alone.train(to: 90 + 20 * round)
        let isUntouched = copy.learner.snapshot() == alone.learner.snapshot()
        #expect(isUntouched, "after round \(round)")
        let differs = run.learner.snapshot() != copy.learner.snapshot()
        #expect(differs)
      }
    }
  }
}

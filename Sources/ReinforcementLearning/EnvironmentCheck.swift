import Snapshots

/// What an environment promises and does not keep, found by playing it.
public struct EnvironmentDefect: Sendable, Equatable, CustomStringConvertible {
  /// The promise, in a few words: `a seed decides the episode`.
  public let promise: String
  /// What was seen instead.
  public let finding: String

  public var description: String { "\(promise): \(finding)" }
}

/// Plays an environment and returns every promise of ``Environment`` that it breaks; none when it conforms.
///
/// Checked: a seed decides the episode bit for bit; what was done before a reset leaves no trace; observations
/// lie in their space; masks leave each active agent a choice; inactive slots earn nothing; a copy is a
/// snapshot; `assign` makes an equal; restore-then-step equals step; flags are consistent; rewards are
/// the weighted sums of their terms; declared invariants hold. Uses no test framework, so that a user's own
/// environment can be tried anywhere.
///
/// - Parameters:
///   - world: the environment; the caller's value is not changed.
///   - seeds: the seeds that are played.
///   - steps: the greatest number of steps for each seed.
public func checkEnvironment<World: Environment>(
  _ world: World, seeds: [UInt64] = [0, 1, 2], steps: Int = 300
) -> [EnvironmentDefect] {
  var check = EnvironmentCheck(world: world)
  check.checkGroups()
  for seed in seeds { check.play(seed: seed, steps: steps) }
  return check.defects
}

private struct EnvironmentCheck<World: Environment> {
  let world: World
  var defects: [EnvironmentDefect] = []

  init(world: World) { self.world = world }

  mutating func note(_ promise: String, _ finding: String) {
    if !defects.contains(where: { $0.promise == promise }) {
      defects.append(EnvironmentDefect(promise: promise, finding: finding))
    }
  }

  mutating func checkGroups() {
    if world.groups.isEmpty { note("there is at least one group", "groups is empty") }
    if Set(world.groups.map(\.name)).count != world.groups.count {
      note("group names are unique", "\(world.groups.map(\.name))")
    }
    for group in world.groups {
      if group.count < 1 { note("a group has at least one slot", "\(group.name) has \(group.count)") }
      let names = group.observation.fields.map(\.name)
      if Set(names).count != names.count { note("field names are unique", "\(group.name): \(names)") }
      if names.isEmpty { note("an observation has at least one field", group.name) }
    }
    for agent in 0..<world.agentCount {
      let idle = world.idleAction(for: agent)
      guard let group = world.groups.indices.last(where: { world.firstAgent(ofGroup: $0) <= agent }) else { continue }
      let space = world.groups[group].action
      if idle.discrete.count != space.discreteCount || idle.continuous.count != space.continuousCount {
        note("an idle action has the action's shape", "agent \(agent): \(idle)")
      }
    }
  }

  /// All that can be seen of an environment.
  struct View: Equatable {
    var observations: [Float] = []
    var masks: [Bool] = []
    var active: [Bool] = []
    var state: [Float] = []

    static func == (a: View, b: View) -> Bool {
      a.observations.map(\.bitPattern) == b.observations.map(\.bitPattern) && a.masks == b.masks
        && a.active == b.active && a.state.map(\.bitPattern) == b.state.map(\.bitPattern)
    }
  }

  func view(_ world: World) -> View {
    var view = View()
    for (index, group) in world.groups.enumerated() {
      var observations = [Float](repeating: .nan, count: group.count * group.observation.count)
      var span = observations.mutableSpan
      world.observe(group: index, into: &span)
      var mask = [Bool](repeating: false, count: group.count * group.action.maskCount)
      var maskSpan = mask.mutableSpan
      world.writeActionMask(group: index, into: &maskSpan)
      var active = [Bool](repeating: false, count: group.count)
      var activeSpan = active.mutableSpan
      world.writeActive(group: index, into: &activeSpan)
      view.observations += observations
      view.masks += mask
      view.active += active
    }
    view.state = [Float](repeating: .nan, count: world.stateCount)
    var state = view.state.mutableSpan
    world.state(into: &state)
    return view
  }

  mutating func play(seed: UInt64, steps: Int) {
    var main = world
    main.reset(seed: seed)
    var twin = world
    twin.reset(seed: seed &+ 1)
    var chooser = RandomController(for: world)
    chooser.begin(seed: seed)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var twinOutcome = outcome
    for _ in 0..<3 where !outcome.episodeOver {
      chooser.act(in: twin, &action)
      twin.step(action, outcome: &outcome)
    }
    twin.reset(seed: seed)
    if view(main) != view(twin) {
      note("a seed decides the episode, whatever was played before", "seed \(seed): the first observations differ")
    }
    for step in 0..<steps {
      let before = view(main)
      inspect(before, seed: seed, step: step)
      chooser.act(in: main, &action)
      let copy = main
      let saved = main.snapshot()
      main.step(action, outcome: &outcome)
      twin.step(action, outcome: &twinOutcome)
      let place = "seed \(seed), step \(step)"
      if !Self.same(outcome, twinOutcome) || view(main) != view(twin) {
        note("the same seed and actions give the same episode, bit for bit", place)
      }
      if view(copy) != before { note("a copy is a snapshot", "\(place): stepping the original changed its copy") }
      inspect(outcome, active: before.active, place: place)
      inspectTerms(of: main, outcome, place: place)
      replay(copy, saved, action, outcome, after: view(main), place: place)
      for sentence in main.brokenInvariants() { note("the declared invariants hold", "\(place): \(sentence)") }
      if outcome.episodeOver { return }
    }
  }

  /// Whether two outcomes agree bit for bit; so a reward that is not a number equals itself.
  static func same(_ a: StepOutcome, _ b: StepOutcome) -> Bool {
    a.rewards.map(\.bitPattern) == b.rewards.map(\.bitPattern) && a.terminated == b.terminated
      && a.truncated == b.truncated && a.episodeOver == b.episodeOver
  }

  mutating func replay(
    _ copy: World, _ saved: Snapshot, _ action: JointAction, _ outcome: StepOutcome, after: View,
    place: String
  ) {
    var again = copy
    var second = StepOutcome(agents: outcome.rewards.count)
    again.step(action, outcome: &second)
    if !Self.same(second, outcome) || view(again) != after { note("a copy steps as the original does", place) }
    var assigned = world
    assigned.assign(from: copy)
    assigned.step(action, outcome: &second)
    if !Self.same(second, outcome) || view(assigned) != after { note("assign makes an equal environment", place) }
    var restored = world
    do {
      try restored.restore(from: saved)
      if restored.snapshot() != saved { note("a restored environment gives the same snapshot", place) }
      restored.step(action, outcome: &second)
      if !Self.same(second, outcome) || view(restored) != after { note("restore-then-step equals step", place) }
    } catch {
      note("a snapshot can be restored", "\(place): \(error)")
    }
  }

  mutating func inspect(_ view: View, seed: UInt64, step: Int) {
    var value = 0
    var option = 0
    var agent = 0
    for group in world.groups {
      for slot in 0..<group.count {
        let width = group.observation.count
        if view.active[agent],
          let index = group.observation.firstViolation(view.observations.span.extracting(value..<value + width))
        {
          let field = group.observation.fields[index]
          note(
            "observations lie in their space",
            "seed \(seed), step \(step): \(group.name) \(slot) shows \(field.name) = "
              + "\(view.observations[value + index]), outside \(field.range)")
        }
        inspectMask(of: group, slot: slot, from: option, active: view.active[agent], view, seed: seed, step: step)
        value += width
        option += group.action.maskCount
        agent += 1
      }
    }
  }

  private mutating func inspectMask(
    of group: AgentGroup, slot: Int, from first: Int, active: Bool, _ view: View, seed: UInt64, step: Int
  ) {
    let choices: [Int] =
      switch group.action {
      case .discrete(let labels), .hybrid(let labels, _): [labels.count]
      case .multiDiscrete(let options): options
      case .box: []
      }
    var start = first
    for count in choices {
      if active, !view.masks[start..<start + count].contains(true) {
        note("a mask leaves an active agent a choice", "seed \(seed), step \(step): \(group.name) \(slot)")
      }
      start += count
    }
  }

  /// Where a reward has parts, it is their weighted sum.
  mutating func inspectTerms(of world: World, _ outcome: StepOutcome, place: String) {
    let terms = world.rewardTerms
    if terms.isEmpty { return }
    var values = [Double](repeating: .nan, count: world.agentCount * terms.count)
    var span = values.mutableSpan
    world.writeRewardTerms(into: &span)
    for agent in 0..<world.agentCount {
      var sum = 0.0
      var size = 1.0
      for (index, term) in terms.enumerated() {
        let part = term.weight * values[agent * terms.count + index]
        sum += part
        size += part.magnitude
      }
      if !((sum - outcome.rewards[agent]).magnitude <= 1e-9 * size) {
        note(
          "a reward is the weighted sum of its terms",
          "\(place), agent \(agent): \(outcome.rewards[agent]), its terms \(sum)")
      }
    }
  }

  mutating func inspect(_ outcome: StepOutcome, active: [Bool], place: String) {
    for agent in 0..<active.count {
      if !outcome.rewards[agent].isFinite { note("rewards are finite", "\(place), agent \(agent)") }
      if !active[agent], outcome.rewards[agent] != 0 || outcome.terminated[agent] || outcome.truncated[agent] {
        note("inactive slots are neither rewarded nor ended", "\(place), agent \(agent)")
      }
      if outcome.terminated[agent] && outcome.truncated[agent] {
        note("a trajectory ends in one way", "\(place), agent \(agent) is terminated and truncated")
      }
      if outcome.episodeOver, active[agent], !outcome.terminated[agent], !outcome.truncated[agent] {
        note("an episode's end ends every trajectory", "\(place), agent \(agent)")
      }
    }
  }
}

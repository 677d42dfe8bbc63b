/// What is known of one state of a ``KnownAnswerWorld``.
public struct KnownAnswer: Sendable, Equatable {
  /// What an agent has seen since the episode began, the present last. Without memory only the last counts.
  public let observations: [[Float]]
  /// The permitted options, all choices one after another; empty for a box.
  public let mask: [Bool]
  /// q*, the greatest expected discounted return after each action, forbidden ones left out (not a number); the
  /// actions of several choices in row-major order. Real numbers are the best ones; a box has one value.
  public let actionValues: [Double]
  /// A best action.
  public let best: AgentAction

  /// The greatest expected discounted return from here.
  public var value: Double { actionValues.filter { !$0.isNaN }.max() ?? .nan }
}

extension KnownAnswerWorld {
  /// The answers for every state that an episode can show, the states in their order.
  ///
  /// A world that runs for ever needs a discount below 1. Values are exact to 10⁻⁹: found by value iteration, which
  /// reaches the fixed point of these tables from below in finitely many steps or at the rate γ.
  public func answers(discount: Double) -> [KnownAnswer] {
    let values = values(discount: discount)
    let histories = histories()
    return states.indices.compactMap { place in
      histories[place].map { history in
        let actionValues = actionValues(at: place, values, discount: discount)
        return KnownAnswer(
          observations: history, mask: mask(at: place), actionValues: actionValues,
          best: best(at: place, actionValues))
      }
    }
  }

  /// The return of an episode when every agent acts best, Σ over steps of the mean reward over agents present.
  ///
  /// - Parameter seed: the episode's seed.
  public func bestReturn(seed: UInt64, discount: Double) -> Double {
    var world = self
    world.reset(seed: seed)
    var controller = BestController(for: self, discount: discount)
    return world.play(&controller, seed: seed)
  }

  /// The return of an episode that a controller plays.
  func play(_ controller: inout some Controller<KnownAnswerWorld>, seed: UInt64) -> Double {
    var world = self
    world.reset(seed: seed)
    controller.begin(seed: seed)
    var action = JointAction(for: groups)
    var outcome = StepOutcome(agents: agentCount)
    var active = [Bool](repeating: true, count: agentCount)
    var total = 0.0
    // No walk that ends is longer than its table, and worlds without end have a limit.
    for _ in 0..<(limit ?? 4 * states.count) where !outcome.episodeOver {
      var span = active.mutableSpan
      world.writeActive(group: 0, into: &span)
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      total += outcome.rewards.reduce(0, +) / Double(active.count { $0 })
    }
    return total
  }

  private func mask(at place: Int) -> [Bool] {
    states[place].mask.isEmpty ? [Bool](repeating: true, count: action.maskCount) : states[place].mask
  }

  /// The choices that make up a joint action.
  func choices(of joint: Int) -> [Int32] {
    var rest = joint
    return options.reversed().map { count in
      defer { rest /= count }
      return Int32(rest % count)
    }.reversed()
  }

  func actionValues(at place: Int, _ values: [Double], discount: Double) -> [Double] {
    let mask = mask(at: place)
    return states[place].moves.enumerated().map { joint, move in
      var first = 0
      for (choice, count) in zip(choices(of: joint), options) {
        if !mask[first + Int(choice)] { return .nan }
        first += count
      }
      return move.reward + (move.next.map { discount * values[$0] } ?? 0)
    }
  }

  func best(at place: Int, _ actionValues: [Double]) -> AgentAction {
    let greatest = actionValues.filter { !$0.isNaN }.max()
    return AgentAction(
      discrete: choices(of: actionValues.firstIndex { $0 == greatest } ?? 0), continuous: states[place].target)
  }

  /// v* of every state.
  func values(discount: Double) -> [Double] {
    precondition((0...1).contains(discount), "a discount of \(discount)")
    var values = [Double](repeating: 0, count: states.count)
    for _ in 0..<1_000_000 {
      let next = states.indices.map { place in
        actionValues(at: place, values, discount: discount).filter { !$0.isNaN }.max() ?? 0
      }
      let change = zip(values, next).map { abs($0 - $1) }.max() ?? 0
      values = next
      if change <= 1e-9 * (1 - discount) || change == 0 { return values }
    }
    preconditionFailure("the world \(name) has no values at a discount of \(discount)")
  }

  /// For each state the observations on a shortest way to it; nil where none leads.
  private func histories() -> [[[Float]]?] {
    var histories = [[[Float]]?](repeating: nil, count: states.count)
    var waiting = starts
    for start in starts { histories[start] = [states[start].observation] }
    while !waiting.isEmpty {
      let place = waiting.removeFirst()
      for move in states[place].moves {
        guard let next = move.next, histories[next] == nil else { continue }
        histories[next] = (histories[place] ?? []) + [states[next].observation]
        waiting.append(next)
      }
    }
    return histories
  }
}

/// Acts best in a ``KnownAnswerWorld``; it sees the state itself.
public struct BestController: Controller {
  private let best: [AgentAction]

  /// The controller for a world under a discount.
  public init(for world: KnownAnswerWorld, discount: Double) {
    let values = world.values(discount: discount)
    best = world.states.indices.map { place in
      world.best(at: place, world.actionValues(at: place, values, discount: discount))
    }
  }

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing KnownAnswerWorld, _ action: inout JointAction) {
    for agent in 0..<world.agentCount {
      let choice = best[world.place(ofAgent: agent)]
      for (index, value) in choice.discrete.enumerated() {
        action.discrete[agent * choice.discrete.count + index] = value
      }
      for (index, value) in choice.continuous.enumerated() {
        action.continuous[agent * choice.continuous.count + index] = value
      }
    }
  }
}

/// The worlds, one function each, and the lists that a check plays.
extension KnownAnswerWorld {
  /// Worlds of one discrete choice that need no memory.
  public static func discrete(agents: Int = 1) -> [KnownAnswerWorld] {
    [1, 3, 10].map { constantReward(limit: $0, agents: agents) } + [
      slowStart(limit: 2, agents: agents), seenReward(agents: agents), delayedReward(agents: agents),
      matching(agents: agents), masked(agents: agents), maskedLater(agents: agents), randomWalk(agents: agents),
    ]
  }

  /// Worlds of continuous actions.
  public static func continuous(agents: Int = 1) -> [KnownAnswerWorld] {
    [aiming(dimensions: 1, agents: agents), aiming(dimensions: 2, agents: agents)]
      + [1, 10].map { aimingForEver(limit: $0, agents: agents) }
  }

  /// All worlds.
  public static func all(agents: Int = 1) -> [KnownAnswerWorld] {
    discrete(agents: agents) + [branches(agents: agents), memory(delay: 3, agents: agents)]
      + continuous(agents: agents) + [hybridAiming(agents: agents)]
  }

  private static let pair = ActionSpace.discrete(labels: ["first", "second"])

  private static func field(_ name: String, _ meaning: String) -> ObservationField {
    ObservationField(name, unit: "1", in: -1...1, meaning)
  }

  private static let sight = [field("sight", "what tells states apart"), field("bias", "always 1")]

  /// Reward 1 for every step, truncated after `limit` steps: every value is 1 / (1 − γ), for every limit.
  public static func constantReward(limit: Int, agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "constant reward, cut after \(limit)", agents: agents,
      lesson: "a time limit is no end: the last step must bootstrap (trap T1)", observing: sight, action: pair,
      states: [State(observation: [1, 1], moves: [Move(1, to: 0), Move(1, to: 0)])], starts: [0], limit: limit)
  }

  /// The first step earns nothing, every later one 1, truncated after `limit` steps: γ / (1 − γ), then 1 / (1 − γ).
  public static func slowStart(limit: Int, agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "slow start, cut after \(limit)", agents: agents,
      lesson:
        "a truncated step must bootstrap from its own last observation, not from the next episode's first (trap T2)",
      observing: sight, action: pair,
      states: [
        State(observation: [-1, 1], moves: [Move(0, to: 1), Move(0, to: 1)]),
        State(observation: [1, 1], moves: [Move(1, to: 1), Move(1, to: 1)]),
      ], starts: [0], limit: limit)
  }

  /// One step; the reward is what is seen, −1 or 1, whatever is done.
  public static func seenReward(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "seen reward", agents: agents, lesson: "a value must follow the observation of its own row", observing: sight,
      action: pair,
      states: ([-1, 1] as [Float]).map { sight in
        State(observation: [sight, 1], moves: [Move(Double(sight)), Move(Double(sight))])
      }, starts: [0, 1])
  }

  /// Two steps; the last earns 1: γ, then 1.
  public static func delayedReward(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "delayed reward", agents: agents, lesson: "a reward one step later counts γ, and nothing follows an end",
      observing: sight, action: pair,
      states: [
        State(observation: [-1, 1], moves: [Move(0, to: 1), Move(0, to: 1)]),
        State(observation: [1, 1], moves: [Move(1), Move(1)]),
      ], starts: [0])
  }

  /// One step; the second action earns what is seen, −1 or 1, the first the opposite.
  public static func matching(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "matching", agents: agents, lesson: "the better action must be found in every state, by every agent",
      observing: sight, action: pair,
      states: ([-1, 1] as [Float]).map { sight in
        State(observation: [sight, 1], moves: [Move(-Double(sight)), Move(Double(sight))])
      }, starts: [0, 1])
  }

  /// One step; the first action would earn 5 and is forbidden, the others earn 1 and 0.
  public static func masked(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "masked", agents: agents, lesson: "a forbidden action must not be chosen, exploring or not", observing: sight,
      action: .discrete(labels: ["forbidden", "good", "bad"]),
      states: [State(observation: [1, 1], moves: [Move(5), Move(1), Move(0)], mask: [false, true, true])], starts: [0])
  }

  /// Two steps; in the second the forbidden action would earn 5, the others −1 and −2: −γ, then −1 and −2.
  public static func maskedLater(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "masked later", agents: agents,
      lesson: "the value of the next state must not be taken over forbidden actions (trap T7)", observing: sight,
      action: .discrete(labels: ["forbidden", "good", "bad"]),
      states: [
        State(observation: [-1, 1], moves: [Move(0, to: 1), Move(0, to: 1), Move(0, to: 1)]),
        State(observation: [1, 1], moves: [Move(5), Move(-1), Move(-2)], mask: [false, true, true]),
      ], starts: [0])
  }

  /// Five states in a row, a step to the left or to the right; both ends terminate, the right one earns 1. From the
  /// state n steps from the right end the best value is γⁿ⁻¹.
  ///
  /// Source: R. S. Sutton, A. G. Barto, "Reinforcement Learning", 2nd edition, 2018, example 6.2, here with a choice.
  public static func randomWalk(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "random walk", agents: agents, lesson: "values must travel back over several steps, and stop at both ends",
      observing: ["a", "b", "c", "d", "e"].map { field($0, "1 in this state") },
      action: .discrete(labels: ["left", "right"]),
      states: (0..<5).map { place in
        State(
          observation: (0..<5).map { $0 == place ? 1 : 0 },
          moves: [
            place == 0 ? Move(0) : Move(0, to: place - 1), place == 4 ? Move(1) : Move(0, to: place + 1),
          ])
      }, starts: [2])
  }

  /// One step with a choice of two and a choice of three; each earns 1 where it matches what is seen.
  public static func branches(agents: Int = 1) -> KnownAnswerWorld {
    let places = (0..<2).flatMap { first in (0..<3).map { (first, $0) } }
    return KnownAnswerWorld(
      "branches", agents: agents, lesson: "each choice of an action has its own options and its own part of the reward",
      observing: [
        field("first", "−1 or 1: what the first choice should be"),
        field("second", "−1, 0 or 1: what the second choice should be"),
      ],
      action: .multiDiscrete([2, 3]),
      states: places.map { place in
        State(
          observation: [Float(2 * place.0 - 1), Float(place.1 - 1)],
          moves: places.map { Move(($0.0 == place.0 ? 1 : 0) + ($0.1 == place.1 ? 1 : 0)) })
      }, starts: Array(places.indices))
  }

  /// A cue, −1 or 1, is seen at the first step only; `delay` steps later the action that repeats it earns 1, the
  /// other −1. Without memory nobody earns more than 0 on average; with it γᵈ at the start.
  public static func memory(delay: Int, agents: Int = 1) -> KnownAnswerWorld {
    precondition(delay >= 1, "a delay of \(delay) steps asks for no memory")
    // The table: the cue −1 at the steps 0 ... delay, then the cue 1.
    var states: [State] = []
    for cue in 0..<2 {
      for time in 0...delay {
        let seen: Float = time == 0 ? Float(2 * cue - 1) : 0
        let on = Move(0, to: states.count + 1)
        let moves = time < delay ? [on, on] : [Move(cue == 0 ? 1 : -1), Move(cue == 1 ? 1 : -1)]
        states.append(State(observation: [seen, Float(time) / Float(delay)], moves: moves))
      }
    }
    return KnownAnswerWorld(
      "memory of \(delay) steps", agents: agents,
      lesson: "what was seen at the first step must be remembered, and forgotten with the episode",
      observing: [
        field("cue", "−1 or 1 at the first step, 0 later"), field("progress", "the part of the delay gone by"),
      ],
      action: pair, states: states, starts: [0, delay + 1], needsMemory: true)
  }

  /// One step; the reward is −Σ (a − target)², the target half of what is seen, with its sign turned for every other
  /// dimension.
  public static func aiming(dimensions: Int, agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "aiming in \(dimensions)", agents: agents, lesson: "a continuous action must follow the observation",
      observing: sight, action: .box([ClosedRange<Float>](repeating: -1...1, count: dimensions)),
      states: ([-1, -0.5, 0, 0.5, 1] as [Float]).map { sight in
        State(
          observation: [sight, 1], moves: [Move(0)],
          target: (0..<dimensions).map { $0 % 2 == 0 ? sight / 2 : -sight / 2 })
      }, starts: Array(0..<5))
  }

  /// Every step earns 1 − (a − ½)², truncated after `limit` steps: the best value is 1 / (1 − γ), for every limit.
  public static func aimingForEver(limit: Int, agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "aiming for ever, cut after \(limit)", agents: agents,
      lesson: "a time limit is no end: the last step must bootstrap (trap T1)", observing: sight,
      action: .box([-1...1]), states: [State(observation: [1, 1], moves: [Move(1, to: 0)], target: [0.5])],
      starts: [0], limit: limit)
  }

  /// One step; the option that is seen earns 1, the other nothing, and the reward loses the squared distance of the
  /// number from half of what is seen.
  public static func hybridAiming(agents: Int = 1) -> KnownAnswerWorld {
    KnownAnswerWorld(
      "hybrid aiming", agents: agents, lesson: "an option and a number must be learned together, each by its own part",
      observing: [
        field("option", "−1 or 1: what the option should be"), field("aim", "twice what the number should be"),
      ],
      action: .hybrid(labels: ["first", "second"], box: [-1...1]),
      states: [0, 1].flatMap { option in
        ([-1, 0, 1] as [Float]).map { aim in
          State(
            observation: [Float(2 * option - 1), aim], moves: (0..<2).map { Move($0 == option ? 1 : 0) },
            target: [aim / 2])
        }
      }, starts: Array(0..<6))
  }
}

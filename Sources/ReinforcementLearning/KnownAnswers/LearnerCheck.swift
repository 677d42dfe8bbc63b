import Snapshots

/// Trains a learner in worlds whose answers are known and returns, as sentences, every promise that it breaks; none
/// when all hold.
///
/// In each world, for each seed, with one environment and with four, the learner is trained by the documented order
/// `act`, step, `record`, `update`, advance. Checked: permitted actions only, within their ranges; the same seed
/// gives the same run; snapshot, restore, continue equals going on; the greedy return reaches the best possible; the
/// action values are q* in every state that an episode can show. Worlds with a time limit ask for values that no
/// limit changes. Uses no test framework.
///
///     let defects = checkLearner(
///       KnownAnswerWorld.discrete(), discount: 0.9, steps: 3000,
///       make: { DQNLearner(recipe, groups: $0, environments: $1, seed: $2) },
///       greedy: { PolicyController($0.policies, for: $1) })
///
/// - Parameters:
///   - worlds: the worlds; leave out those that the learner does not claim to learn.
///   - discount: γ of the learner.
///   - steps: environment steps of training in each run, over all environments.
///   - seeds: the seeds of the runs.
///   - tolerance: how far a value, or a mean greedy return, may lie from the answer, as a part of the greatest
///     |q*| of the world, or of 1 where that is less.
///   - make: a new learner for groups, a number of environments and a seed.
///   - greedy: acts as the learner would without exploring; nil where it cannot.
///   - values: the learner's value of every action for an agent that has seen an answer's observations, in the order
///     of ``KnownAnswer/actionValues``; nil, or nil for an answer, where it has none.
public func checkLearner<L: Learner>(
  _ worlds: [KnownAnswerWorld] = KnownAnswerWorld.discrete(), discount: Double, steps: Int,
  seeds: [UInt64] = [0, 1], tolerance: Double = 0.1,
  make: @escaping (_ groups: [AgentGroup], _ environments: Int, _ seed: UInt64) -> L,
  greedy: ((_ learner: L, _ world: KnownAnswerWorld) -> any Controller<KnownAnswerWorld>)? = nil,
  values: ((_ learner: L, _ answer: KnownAnswer, _ agent: Int) -> [Float]?)? = nil
) -> [String] {
  var defects: [String] = []
  for world in worlds {
    var check = LearnerCheck(world: world, discount: discount, tolerance: tolerance, make: make)
    for seed in seeds {
      for environments in [1, 4] {
        let learner = check.train(seed: seed, environments: environments, steps: steps)
        if let values { check.compare(learner, values) }
        if let greedy { check.play(greedy(learner, world)) }
      }
    }
    defects += check.defects
  }
  return defects
}

/// What is found in one world; of each promise the first breach is told.
private struct LearnerCheck<L: Learner> {
  let world: KnownAnswerWorld
  let discount: Double
  let tolerance: Double
  let make: ([AgentGroup], Int, UInt64) -> L
  var defects: [String] = []
  private var broken: Set<String> = []
  /// The run, for sentences.
  private var place = ""

  init(
    world: KnownAnswerWorld, discount: Double, tolerance: Double, make: @escaping ([AgentGroup], Int, UInt64) -> L
  ) {
    self.world = world
    self.discount = discount
    self.tolerance = tolerance
    self.make = make
  }

  mutating func note(_ promise: String, _ finding: String) {
    if broken.insert(promise).inserted { defects.append("\(world.name): \(promise): \(finding) (\(place))") }
  }

  /// A learner with its environments.
  struct Run {
    var vector: VectorEnvironment<KnownAnswerWorld>
    var learner: L
    var step = 0

    /// One step in the documented order; `look` sees the frame after the choice.
    mutating func advance(_ look: (borrowing VectorFrame) -> Void = { _ in }) {
      learner.act(&vector.frame, step: step)
      look(vector.frame)
      vector.step()
      learner.record(vector.frame)
      step += vector.count
      learner.update(step: step, advanced: vector.count)
      vector.advance()
    }
  }

  func start(seed: UInt64, environments: Int) -> Run {
    Run(
      vector: VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: seed)),
      learner: make(world.groups, environments, seed))
  }

  /// Trains a learner; on the way a twin repeats the first half, and one restored from the middle goes on beside it.
  mutating func train(seed: UInt64, environments: Int, steps: Int) -> L {
    place = "seed \(seed), \(environments) \(environments == 1 ? "environment" : "environments")"
    var run = start(seed: seed, environments: environments)
    var twin = start(seed: seed, environments: environments)
    while run.step < steps / 2 {
      var illegal: String?
      run.advance { illegal = Self.illegalAction($0.groups[0]) }
      if let illegal { note("only permitted actions are chosen", illegal) }
      twin.advance()
    }
    if twin.learner.snapshot() != run.learner.snapshot() {
      note("a run is decided by its seed", "two runs differ after \(run.step) steps")
    }
    var resumed = restored(run, seed: seed, environments: environments)
    while run.step < steps {
      var illegal: String?
      run.advance { illegal = Self.illegalAction($0.groups[0]) }
      if let illegal { note("only permitted actions are chosen", illegal) }
      resumed?.advance()
      if let other = resumed, !Self.actsAlike(other.vector.frame.groups[0], run.vector.frame.groups[0]) {
        note("a restored learner goes on as the saved one", "it acts otherwise \(run.step - steps / 2) steps later")
        resumed = nil
      }
    }
    if let resumed, resumed.learner.snapshot() != run.learner.snapshot() {
      note("a restored learner goes on as the saved one", "the states differ \(steps - steps / 2) steps later")
    }
    return run.learner
  }

  /// The run, put together again from snapshots and a learner of another seed.
  private mutating func restored(_ run: Run, seed: UInt64, environments: Int) -> Run? {
    var other = start(seed: seed, environments: environments)
    other.learner = make(world.groups, environments, seed &+ 1)
    let saved = run.learner.snapshot()
    do {
      try other.learner.restore(from: saved)
      try other.vector.restore(from: run.vector.snapshot())
    } catch {
      note("a snapshot can be restored", "\(error)")
      return nil
    }
    if other.learner.snapshot() != saved {
      note("a restored learner gives the same snapshot", "after \(run.step) steps")
    }
    other.step = run.step
    return other
  }

  private static func actsAlike(_ a: VectorFrame.Group, _ b: VectorFrame.Group) -> Bool {
    a.actions == b.actions && a.continuousActions == b.continuousActions
  }

  /// The first action of an active row that is not permitted.
  private static func illegalAction(_ part: VectorFrame.Group) -> String? {
    let options: [Int]
    var ranges: [ClosedRange<Float>] = []
    switch part.group.action {
    case .discrete(let labels): options = [labels.count]
    case .multiDiscrete(let counts): options = counts
    case .box(let box): (options, ranges) = ([], box)
    case .hybrid(let labels, let box): (options, ranges) = ([labels.count], box)
    }
    for row in 0..<part.rows where part.active[row] {
      var first = row * part.group.action.maskCount
      for (choice, count) in options.enumerated() {
        let chosen = Int(part.actions[row * options.count + choice])
        if !(0..<count).contains(chosen) || !part.masks[first + chosen] {
          return "row \(row) chooses option \(chosen) of \(part.masks[first..<first + count].map { $0 ? 1 : 0 })"
        }
        first += count
      }
      for (index, range) in ranges.enumerated() {
        let value = part.continuousActions[row * ranges.count + index]
        if !range.contains(value) { return "row \(row) chooses \(value), outside \(range)" }
      }
    }
    return nil
  }

  /// The greatest |q*| of the world, at least 1.
  private func scale(_ answers: [KnownAnswer]) -> Double {
    answers.flatMap(\.actionValues).filter { !$0.isNaN }.map { abs($0) }.reduce(1, max)
  }

  mutating func compare(_ learner: L, _ values: (L, KnownAnswer, Int) -> [Float]?) {
    let answers = world.answers(discount: discount)
    let scale = scale(answers)
    for answer in answers {
      for agent in 0..<world.agentCount {
        guard let found = values(learner, answer, agent) else { continue }
        guard found.count == answer.actionValues.count else {
          return note("a learner values every action", "\(found.count) values for \(answer.actionValues.count) actions")
        }
        for (action, wanted) in answer.actionValues.enumerated() where !wanted.isNaN {
          if !(abs(Double(found[action]) - wanted) <= tolerance * scale) {
            return note(
              "action values are q*",
              "action \(action) of agent \(agent) after \(answer.observations) is valued \(found[action]), "
                + "not \(wanted); \(world.lesson)")
          }
        }
      }
    }
  }

  /// Compares the mean return of 20 greedy episodes with the best possible.
  mutating func play(_ controller: any Controller<KnownAnswerWorld>) {
    let seeds = EpisodeSeeds(.evaluation, seed: 0)
    var lost = 0.0
    for episode in 0..<20 {
      let seed = seeds.seed(episode: episode)
      lost += world.bestReturn(seed: seed, discount: discount) - Self.play(controller, in: world, seed: seed)
    }
    if !(lost / 20 <= tolerance) {
      note("greedy actions are best", "an episode earns \(lost / 20) less than it could; \(world.lesson)")
    }
  }

  private static func play(
    _ controller: some Controller<KnownAnswerWorld>, in world: KnownAnswerWorld, seed: UInt64
  ) -> Double {
    var controller = controller
    return world.play(&controller, seed: seed)
  }
}

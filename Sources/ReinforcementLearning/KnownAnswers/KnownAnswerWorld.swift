import Randomness
public import Snapshots

/// A small world whose action values, best actions and best return are known exactly, to try learners in.
///
/// Each agent walks through a table of states of its own: what is seen, what is permitted, what each action earns
/// and where it leads. Only the first state is drawn. An agent whose walk has ended is gone for the rest of the
/// episode, which is over when all are gone or the time limit cuts it. Returns are means over the agents that are
/// present, as everywhere.
///
///     let world = KnownAnswerWorld.maskedLater(agents: 2)
///     for answer in world.answers(discount: 0.9) { … }
public struct KnownAnswerWorld: Environment {
  /// The world's name: `masked later`.
  public let name: String
  /// What is wrong with a learner that fails here, in a phrase.
  public let lesson: String
  /// Whether the best return asks for memory of what was seen before.
  public let needsMemory: Bool
  /// The steps after which an episode is truncated, if there is a limit.
  public let limit: Int?
  public let groups: [AgentGroup]
  /// The table.
  let states: [State]
  /// The states in which a walk may begin, each as likely as another.
  let starts: [Int]
  private let count: Int
  private var places: [Int]
  private var present: [Bool]
  private var time = 0

  /// One state of the table.
  struct State: Sendable {
    /// What an agent sees here.
    var observation: [Float]
    /// What each choice of options does; a box has one entry, whatever is done.
    var moves: [Move]
    /// The options that are permitted, all choices one after another; empty where all are.
    var mask: [Bool] = []
    /// What the action's real numbers should be. The reward loses the squared distance from it.
    var target: [Float] = []
  }

  /// What an action earns and where it leads; nil for the end.
  struct Move: Sendable {
    var reward: Double
    var next: Int?

    init(_ reward: Double, to next: Int? = nil) {
      self.reward = reward
      self.next = next
    }
  }

  init(
    _ name: String, agents: Int, lesson: String, observing fields: [ObservationField], action: ActionSpace,
    states: [State], starts: [Int], limit: Int? = nil, needsMemory: Bool = false
  ) {
    precondition(agents >= 1, "a world of \(agents) agents")
    self.name = name
    self.lesson = lesson
    self.needsMemory = needsMemory
    self.limit = limit
    self.states = states
    self.starts = starts
    groups = [
      AgentGroup(name: "walker", count: agents, observation: ObservationSpace(fields), action: action)
    ]
    count = agents
    places = [Int](repeating: starts[0], count: agents)
    present = [Bool](repeating: true, count: agents)
  }

  /// Whether some option is forbidden somewhere.
  public var needsMasks: Bool { states.contains { $0.mask.contains(false) } }

  /// The action that every agent takes.
  public var action: ActionSpace { groups[0].action }

  /// The options of each choice; empty for a box.
  var options: [Int] {
    switch action {
    case .discrete(let labels), .hybrid(let labels, _): [labels.count]
    case .multiDiscrete(let options): options
    case .box: []
    }
  }

  public mutating func reset(seed: UInt64) {
    let draws = WorldDraws(seed: seed)
    time = 0
    for agent in 0..<count {
      let word = draws.block(.init(rawValue: 1), entity: UInt64(agent)).0
      places[agent] = starts[Variate.integer(word, below: starts.count)]
      present[agent] = true
    }
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    time += 1
    var remain = 0
    for agent in 0..<count where present[agent] {
      let move = move(from: places[agent], agent: agent, actions)
      outcome.rewards[agent] = move.reward
      if let next = move.next {
        places[agent] = next
        remain += 1
      } else {
        outcome.terminated[agent] = true
        present[agent] = false
      }
    }
    outcome.episodeOver = remain == 0
    guard let limit, time >= limit else { return }
    outcome.episodeOver = true
    for agent in 0..<count where present[agent] { outcome.truncated[agent] = true }
  }

  private func move(from place: Int, agent: Int, _ actions: borrowing JointAction) -> Move {
    var move = states[place].moves[choice(of: agent, actions)]
    let width = states[place].target.count
    for dimension in 0..<width {
      let miss = Double(actions.continuous[agent * width + dimension] - states[place].target[dimension])
      move.reward -= miss * miss
    }
    return move
  }

  /// The number of what an agent chooses among all combinations of options, in row-major order.
  private func choice(of agent: Int, _ actions: borrowing JointAction) -> Int {
    switch groups[0].action {
    case .discrete, .hybrid: return Int(actions.discrete[agent])
    case .box: return 0
    case .multiDiscrete(let options):
      var joint = 0
      for choice in 0..<options.count {
        joint = joint * options[choice] + Int(actions.discrete[agent * options.count + choice])
      }
      return joint
    }
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let width = groups[0].observation.count
    for agent in 0..<count {
      for index in 0..<width { values[agent * width + index] = states[places[agent]].observation[index] }
    }
  }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    let width = groups[0].action.maskCount
    for agent in 0..<count {
      let isFree = states[places[agent]].mask.isEmpty
      for index in 0..<width { mask[agent * width + index] = isFree || states[places[agent]].mask[index] }
    }
  }

  public func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    for agent in 0..<count { active[agent] = present[agent] }
  }

  public func idleAction(for agent: Int) -> AgentAction {
    AgentAction(
      discrete: [Int32](repeating: 0, count: action.discreteCount),
      continuous: [Float](repeating: 0, count: action.continuousCount))
  }

  /// The number of the state in which an agent is.
  func place(ofAgent agent: Int) -> Int { places[agent] }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("time", integer: time)
    snapshot.set("places", places)
    snapshot.set("present", present)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let time = try snapshot.integer("time")
    let places = try snapshot.integers("places", count: count)
    let present = try snapshot.bools("present", count: count)
    if let wrong = places.first(where: { !states.indices.contains($0) }) {
      throw snapshot.mismatch("places", expected: "states from 0 to \(states.count - 1)", found: "\(wrong)")
    }
    self.time = time
    self.places = places
    self.present = present
  }
}

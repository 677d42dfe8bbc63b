public import Snapshots

/// The last transitions of every slot, joined to transitions of n steps for a ``ReplayBuffer``.
///
/// A start is stored once n steps have followed it, with the reward Σ γʲ rⱼ of its k = n steps, the discount γᵏ and
/// what is observed k steps later. Where a trajectory ends, terminated or truncated, every start that still waits is
/// stored with the shorter return of the steps it had, so that nothing joins two trajectories. With n = 1 each step
/// is stored as it comes.
///
///     for row in window.push(slot: slot, …, into: &replay) { priorities.insert(row: row) }
///
/// Source: R. S. Sutton, A. G. Barto, "Reinforcement Learning", 2nd edition, 2018, equation 7.1.
public struct NStepWindow: Sendable, Restorable {
  /// The steps that a return takes in, n.
  public let steps: Int
  /// The number of slots.
  public let slots: Int
  /// γʲ for j = 0 ... n.
  private let powers: [Double]
  private let width: Int
  private let actionWidth: Int
  /// For each slot a ring of n starts: what was observed, what was done, the return so far.
  private var observations: [Float]
  private var actions: [Float]
  private var returns: [Double]
  /// The starts that wait in each slot, fewer than n, and the place of the oldest.
  private var waiting: [Int]
  private var oldest: [Int]

  /// An empty window of `steps` steps for `slots` slots, whose transitions fit the layout.
  public init(steps: Int, discount: Double, slots: Int, layout: TransitionLayout) {
    precondition(
      steps >= 1 && slots >= 1 && (0...1).contains(discount),
      "a window of \(steps) steps for \(slots) slots at a discount of \(discount)")
    self.steps = steps
    self.slots = slots
    var powers = [1.0]
    for _ in 0..<steps { powers.append(powers[powers.count - 1] * discount) }
    self.powers = powers
    width = layout.observation.count
    actionWidth = layout.actions.count
    let starts = steps == 1 ? 0 : slots * steps
    observations = [Float](repeating: 0, count: starts * width)
    actions = [Float](repeating: 0, count: starts * actionWidth)
    returns = [Double](repeating: 0, count: starts)
    waiting = [Int](repeating: 0, count: slots)
    oldest = [Int](repeating: 0, count: slots)
  }

  /// The starts of a slot that wait for further steps.
  public func waiting(slot: Int) -> Int { waiting[slot] }

  /// Takes one step of a slot's trajectory and stores the transitions that are complete by it, at most n.
  ///
  /// - Parameters:
  ///   - actions: the action's integers as numbers, then its real numbers.
  ///   - nextObservation: what follows the step, before any reset.
  /// - Returns: the rows taken, oldest start first.
  @discardableResult
  public mutating func push(
    slot: Int, observation: Span<Float>, actions: Span<Float>, reward: Double, nextObservation: Span<Float>,
    nextMask: Span<Bool>, terminated: Bool, truncated: Bool, into replay: inout ReplayBuffer
  ) -> TakenRows {
    var taken = TakenRows(first: replay.head, count: 0, capacity: replay.capacity)
    if steps == 1 {
      replay.append(
        observation: observation, actions: actions, reward: Float(reward), discount: Float(powers[1]),
        nextObservation: nextObservation, nextMask: nextMask, terminated: terminated, truncated: truncated)
      taken.count = 1
      return taken
    }
    var count = waiting[slot]
    var place = oldest[slot]
    hold(observation, actions, at: slot * steps + (place + count) % steps)
    count += 1
    add(reward, to: count, of: slot, from: place)
    let isEnd = terminated || truncated
    while count == steps || isEnd && count > 0 {
      let start = slot * steps + place
      replay.append(
        observation: observations.span.extracting(start * width..<(start + 1) * width),
        actions: self.actions.span.extracting(start * actionWidth..<(start + 1) * actionWidth),
        reward: Float(returns[start]), discount: Float(powers[count]), nextObservation: nextObservation,
        nextMask: nextMask, terminated: terminated, truncated: truncated)
      taken.count += 1
      count -= 1
      place = place + 1 == steps ? 0 : place + 1
    }
    waiting[slot] = count
    oldest[slot] = place
    return taken
  }

  /// Keeps a new start without return.
  private mutating func hold(_ observation: Span<Float>, _ actions: Span<Float>, at start: Int) {
    precondition(
      observation.count == width && actions.count == actionWidth,
      "a step of \(observation.count) and \(actions.count) values in a window for \(width) and \(actionWidth)")
    let (width, actionWidth) = (width, actionWidth)
    var allObservations = observations.mutableSpan
    var seen = allObservations._mutatingExtracting(start * width..<(start + 1) * width)
    for index in 0..<seen.count { seen[index] = observation[index] }
    var allActions = self.actions.mutableSpan
    var done = allActions._mutatingExtracting(start * actionWidth..<(start + 1) * actionWidth)
    for index in 0..<done.count { done[index] = actions[index] }
    returns[start] = 0
  }

  /// Adds a reward to the return of each of `count` starts that wait, discounted by its age.
  private mutating func add(_ reward: Double, to count: Int, of slot: Int, from oldest: Int) {
    var place = oldest
    for age in stride(from: count - 1, through: 0, by: -1) {
      returns[slot * steps + place] += powers[age] * reward
      place = place + 1 == steps ? 0 : place + 1
    }
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("waiting", waiting)
    snapshot.set("oldest", oldest)
    let starts = steps == 1 ? 0 : steps
    snapshot.set("observations", observations, shape: [slots, starts, width])
    snapshot.set("actions", actions, shape: [slots, starts, actionWidth])
    snapshot.set("returns", returns, shape: [slots, starts])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let waiting = try snapshot.integers("waiting", count: slots)
    let oldest = try snapshot.integers("oldest", count: slots)
    if let wrong = waiting.first(where: { !(0..<steps).contains($0) }) {
      throw snapshot.mismatch("waiting", expected: "numbers of starts from 0 to \(steps - 1)", found: "\(wrong)")
    }
    if let wrong = oldest.first(where: { !(0..<steps).contains($0) }) {
      throw snapshot.mismatch("oldest", expected: "places from 0 to \(steps - 1)", found: "\(wrong)")
    }
    let observations = try snapshot.floats("observations", count: observations.count)
    let actions = try snapshot.floats("actions", count: actions.count)
    returns = try snapshot.doubles("returns", count: returns.count)
    self.observations = observations
    self.actions = actions
    self.waiting = waiting
    self.oldest = oldest
  }
}

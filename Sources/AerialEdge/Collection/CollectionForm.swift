import Glibc
public import ReinforcementLearning

/// What a collector does in a slot.
struct CollectorDecision: Sendable, Equatable {
  /// The velocity in units of the greatest speed; its length is at most 1.
  var vx = 0.0
  var vy = 0.0
  /// The batch to process, counted in the order in which they came; −1 for none.
  var process = -1
  /// The batch to send; −1 for none.
  var send = -1
  /// Whether batches are served by the greatest gain in age instead.
  var isAutomatic = false
}

/// How an action's numbers become a decision, and back.
struct CollectionForm: Sendable {
  /// The nine moves: stay, then the compass from east on, counter-clockwise.
  static let moves: [(x: Double, y: Double)] = {
    let slant = 0.5.squareRoot()
    return [
      (0, 0), (1, 0), (slant, slant), (0, 1), (-slant, slant), (-1, 0), (-slant, -slant), (0, -1), (slant, -slant),
    ]
  }()

  static let labels = [
    "stay", "east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east",
  ]

  let kind: CollectionParameters.Actions
  let buffer: Int
  let space: ActionSpace

  init(_ parameters: CollectionParameters) {
    kind = parameters.actions
    buffer = parameters.collectors.buffer
    let velocity: [ClosedRange<Float>] = [-1...1, -1...1]
    let count = buffer + 1
    switch kind {
    case .discrete: space = .discrete(labels: Self.labels)
    case .multiDiscrete: space = .multiDiscrete([Self.labels.count, count, count])
    case .continuous: space = .box(velocity)
    case .hybrid:
      space = .hybrid(
        labels: (0..<count * count).map { "process \(Self.batch($0 / count)), send \(Self.batch($0 % count))" },
        box: velocity)
    }
  }

  private static func batch(_ choice: Int) -> String { choice == 0 ? "nothing" : "batch \(choice)" }

  /// A number of a box: beyond the range its nearer end, and the lower end, or 0 if that is lower, where it is none.
  static func number(_ value: Float, in range: ClosedRange<Double>) -> Double {
    value.isNaN
      ? max(range.lowerBound, min(0, range.upperBound)) : min(max(Double(value), range.lowerBound), range.upperBound)
  }

  /// What an action of a collector asks for. Integers that mean nothing ask for nothing.
  func decision(of index: Int, in actions: borrowing JointAction) -> CollectorDecision {
    var decision = CollectorDecision()
    switch kind {
    case .discrete:
      decision.isAutomatic = true
      setMove(Int(actions.discrete[index]), &decision)
    case .multiDiscrete:
      setMove(Int(actions.discrete[3 * index]), &decision)
      decision.process = batch(Int(actions.discrete[3 * index + 1]))
      decision.send = batch(Int(actions.discrete[3 * index + 2]))
    case .continuous:
      decision.isAutomatic = true
      setVelocity(actions.continuous[2 * index], actions.continuous[2 * index + 1], &decision)
    case .hybrid:
      let pair = Int(actions.discrete[index])
      if pair >= 0, pair < (buffer + 1) * (buffer + 1) {
        decision.process = pair / (buffer + 1) - 1
        decision.send = pair % (buffer + 1) - 1
      }
      setVelocity(actions.continuous[2 * index], actions.continuous[2 * index + 1], &decision)
    }
    return decision
  }

  private func batch(_ choice: Int) -> Int { choice > 0 && choice <= buffer ? choice - 1 : -1 }

  private func setMove(_ move: Int, _ decision: inout CollectorDecision) {
    guard move > 0, move < Self.moves.count else { return }
    (decision.vx, decision.vy) = Self.moves[move]
  }

  private func setVelocity(_ vx: Float, _ vy: Float, _ decision: inout CollectorDecision) {
    let x = Self.number(vx, in: -1...1)
    let y = Self.number(vy, in: -1...1)
    let length = max(1, (x * x + y * y).squareRoot())
    (decision.vx, decision.vy) = (x / length, y / length)
  }

  /// Writes a decision as an action; a velocity becomes the nearest move where there are only moves.
  func write(_ decision: CollectorDecision, of index: Int, into actions: inout JointAction) {
    switch kind {
    case .discrete:
      actions.discrete[index] = nearestMove(decision)
    case .multiDiscrete:
      actions.discrete[3 * index] = nearestMove(decision)
      actions.discrete[3 * index + 1] = Int32(decision.process + 1)
      actions.discrete[3 * index + 2] = Int32(decision.send + 1)
    case .continuous, .hybrid:
      actions.continuous[2 * index] = Float(decision.vx)
      actions.continuous[2 * index + 1] = Float(decision.vy)
      if kind == .hybrid {
        actions.discrete[index] = Int32((decision.process + 1) * (buffer + 1) + decision.send + 1)
      }
    }
  }

  /// The compass move nearest in direction; staying for velocities below half of full speed.
  private func nearestMove(_ decision: CollectorDecision) -> Int32 {
    if decision.vx * decision.vx + decision.vy * decision.vy < 0.25 { return 0 }
    var best = 1
    for move in 2..<Self.moves.count where along(move, decision) > along(best, decision) { best = move }
    return Int32(best)
  }

  private func along(_ move: Int, _ decision: CollectorDecision) -> Double {
    Self.moves[move].x * decision.vx + Self.moves[move].y * decision.vy
  }
}

extension AerialCollection {
  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    if group == 1 { return }
    let moves = CollectionForm.moves.count
    for index in 0..<collectorCount {
      let canMove = step >= freeFrom[index]
      switch form.kind {
      case .continuous: return
      case .discrete:
        for move in 0..<moves { mask[index * moves + move] = move == 0 || canMove }
      case .multiDiscrete:
        let first = index * (moves + 2 * (buffer + 1))
        for move in 0..<moves { mask[first + move] = move == 0 || canMove }
        for choice in 0...buffer {
          mask[first + moves + choice] = mayProcess(choice - 1, index)
          mask[first + moves + buffer + 1 + choice] = maySend(choice - 1, index)
        }
      case .hybrid:
        let count = buffer + 1
        for pair in 0..<count * count {
          mask[index * count * count + pair] = mayProcess(pair / count - 1, index) && maySend(pair % count - 1, index)
        }
      }
    }
  }

  /// Whether a batch can be worked on; doing nothing always can.
  func mayProcess(_ batch: Int, _ index: Int) -> Bool {
    batch < 0
      || (batch < collectedCount[index] && processedCount[index] < buffer
        && collected[index * buffer + batch].ready <= step)
  }

  /// Whether a batch can be sent; doing nothing always can. The published code goes on with what it has begun.
  func maySend(_ batch: Int, _ index: Int) -> Bool {
    if isPublished, sending[index] >= 0 { return batch == sending[index] }
    return batch < processedCount[index]
  }

  /// Staying, and neither processing nor sending; the centre shares equally.
  public func idleAction(for agent: Int) -> AgentAction {
    if agent == collectorCount { return AgentAction(continuous: [Float](repeating: 1, count: collectorCount)) }
    return AgentAction(
      discrete: [Int32](repeating: 0, count: form.space.discreteCount),
      continuous: [Float](repeating: 0, count: form.space.continuousCount))
  }
}

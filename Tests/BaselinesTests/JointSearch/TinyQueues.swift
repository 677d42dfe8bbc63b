import Randomness
import ReinforcementLearning
import Snapshots

/// Two senders, three blocks, queues of at most three packets: a world so small that its best policy can be computed.
///
/// Each step every sender has one good block of three, where it delivers two packets; elsewhere one; none if both take
/// the same block. Sending costs 0.4. Then a packet arrives with probability 0.6; beyond three it is lost, which costs
/// 3. A sender pays for its packets that wait afterwards: reward = −waiting − 0.4·[sent] − 3·[lost].
struct TinyQueues: Environment {
  static let arrivalProbability = 0.6
  static let sendingCost = 0.4
  static let lossCost = 3.0
  let length: Int
  let groups: [AgentGroup]
  private(set) var queues = [0, 0]
  private(set) var time = 0
  private var draws = WorldDraws(seed: 0)

  init(length: Int) {
    self.length = length
    groups = [
      AgentGroup(
        name: "sender", count: 2,
        observation: ObservationSpace([
          ObservationField("waiting", unit: "1", in: 0...3, "packets"),
          ObservationField("good_block", unit: "1", in: 0...2, "the block that delivers two"),
        ]), action: .discrete(labels: ["hold", "block 1", "block 2", "block 3"]))
    ]
  }

  func goodBlock(_ sender: Int) -> Int {
    Variate.integer(draws.block(.init(rawValue: 1), entity: UInt64(sender), time: UInt64(time)).0, below: 3)
  }

  mutating func reset(seed: UInt64) {
    draws = WorldDraws(seed: seed)
    queues = [0, 0]
    time = 0
    for sender in 0..<2 {
      queues[sender] = Variate.integer(draws.block(.init(rawValue: 3), entity: UInt64(sender)).0, below: 4)
    }
  }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    for sender in 0..<2 {
      let block = actions.discrete[sender]
      var reward = 0.0
      if block > 0 {
        reward -= Self.sendingCost
        if block != actions.discrete[1 - sender] {
          queues[sender] = max(0, queues[sender] - (Int(block) - 1 == goodBlock(sender) ? 2 : 1))
        }
      }
      let word = draws.block(.init(rawValue: 2), entity: UInt64(sender), time: UInt64(time)).0
      if Variate.uniform(word) < Self.arrivalProbability {
        if queues[sender] == 3 { reward -= Self.lossCost } else { queues[sender] += 1 }
      }
      outcome.rewards[sender] = reward - Double(queues[sender])
      outcome.truncated[sender] = time + 1 == length
    }
    time += 1
    outcome.episodeOver = time == length
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    for sender in 0..<2 {
      values[2 * sender] = Float(queues[sender])
      values[2 * sender + 1] = Float(goodBlock(sender))
    }
  }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: draws.seed)
    snapshot.set("time", integer: time)
    snapshot.set("queues", queues)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    draws = WorldDraws(seed: try snapshot.unsigned("seed"))
    time = try snapshot.integer("time")
    queues = try snapshot.integers("queues", count: 2)
  }
}

/// The exact values of ``TinyQueues`` by dynamic programming over queues and good blocks, from the world's description
/// and not from its code.
struct TinyQueuesSolution {
  /// For steps left, first queue, second queue: the expected return before the good blocks are known.
  private(set) var values: [[Double]] = [[Double](repeating: 0, count: 16)]
  /// For steps left, both queues and both good blocks: the best joint action.
  private(set) var best: [[(Int, Int)]] = [[]]

  init(steps: Int) {
    for left in 1...steps {
      var values = [Double](repeating: 0, count: 16)
      var best = [(Int, Int)](repeating: (0, 0), count: 144)
      for state in 0..<144 {
        let (queues, blocks) = (state / 9, state % 9)
        var greatest = -Double.infinity
        for joint in 0..<16 {
          let value = expected(queues, blocks, joint / 4, joint % 4, self.values[left - 1])
          if value > greatest {
            greatest = value
            best[state] = (joint / 4, joint % 4)
          }
        }
        values[queues] += greatest / 9
      }
      self.values.append(values)
      self.best.append(best)
    }
  }

  /// The expected mean reward of a joint action and of what follows.
  private func expected(_ queues: Int, _ blocks: Int, _ a: Int, _ b: Int, _ next: [Double]) -> Double {
    let clash = a == b && a > 0
    let afterA = after(queues / 4, action: a, good: blocks / 3, clash: clash)
    let afterB = after(queues % 4, action: b, good: blocks % 3, clash: clash)
    var total = -0.4 * (Double(a > 0 ? 1 : 0) + Double(b > 0 ? 1 : 0)) / 2
    for arrivals in 0..<4 {
      let (toA, toB) = (arrivals / 2, arrivals % 2)
      let probability = (toA == 1 ? 0.6 : 0.4) * (toB == 1 ? 0.6 : 0.4)
      let (newA, newB) = (min(afterA + toA, 3), min(afterB + toB, 3))
      let lost = Double(afterA + toA - newA + afterB + toB - newB)
      total += probability * (-Double(newA + newB) / 2 - 3 * lost / 2 + next[newA * 4 + newB])
    }
    return total
  }

  private func after(_ queue: Int, action: Int, good: Int, clash: Bool) -> Int {
    if action == 0 || clash { return queue }
    return max(queue - (action == good + 1 ? 2 : 1), 0)
  }

  /// The expected return of the best policy from queues that are drawn uniformly.
  func value(steps: Int) -> Double { values[steps].reduce(0, +) / 16 }

  /// Acts best.
  struct Best: Controller {
    let solution: TinyQueuesSolution
    mutating func begin(seed: UInt64) {}
    mutating func act(in world: borrowing TinyQueues, _ action: inout JointAction) {
      let state =
        (world.queues[0] * 4 + world.queues[1]) * 9 + world.goodBlock(0) * 3 + world.goodBlock(1)
      let (a, b) = solution.best[world.length - world.time][state]
      action.discrete = [Int32(a), Int32(b)]
    }
  }
}

/// Sends on the good block where enough is waiting, the second sender one block further if that is taken.
struct SendWhenLong: Controller {
  let threshold: Int
  mutating func begin(seed: UInt64) {}
  mutating func act(in world: borrowing TinyQueues, _ action: inout JointAction) {
    var blocks = [0, 0]
    for sender in 0..<2 where world.queues[sender] >= threshold { blocks[sender] = world.goodBlock(sender) + 1 }
    if blocks[0] == blocks[1], blocks[0] > 0 { blocks[1] = blocks[1] % 3 + 1 }
    action.discrete = blocks.map(Int32.init)
  }
}

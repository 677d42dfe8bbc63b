import Glibc
import Randomness
import ReinforcementLearning
import Snapshots

/// The multi-user offloading game of X. Chen, L. Jiao, W. Li, X. Fu, IEEE/ACM ToN 24 (2016) 2795, once a step.
///
/// A user computes itself (option 0) or sends its task over one of the channels, where it disturbs the others. Its
/// reward is the negative of its cost: c/f at home, b/r + c/F away with r = w log₂(1 + p g / (ω + Σ p g of the others on
/// the channel)). Numbers are of the paper's section on simulations, distances drawn from the seed and the step.
struct OffloadingGame: Environment {
  static let bandwidth_Hz = 5e6
  static let power_W = 0.1
  static let noise_W = 1e-13
  static let bits = 5000 * 8192.0
  static let cycles = 1e9
  static let edge_Hz = 1e10

  let groups: [AgentGroup]
  let steps: Int
  private var seed: UInt64 = 0
  private(set) var time = 0

  init(users: Int, channels: Int, steps: Int = 3) {
    self.steps = steps
    groups = [
      AgentGroup(
        name: "user", count: users,
        observation: ObservationSpace([ObservationField("gain", unit: "1", in: 0...1, "of the way to the edge")]),
        action: .discrete(labels: ["home"] + (1...channels).map { "channel \($0)" }))
    ]
  }

  /// g = l⁻⁴ with l uniform up to 50 m, at least 1 m.
  func gain(_ user: Int) -> Double {
    let draw = WorldDraws(seed: seed).uniform(.init(rawValue: 1), entity: UInt64(user), time: UInt64(time))
    return pow(1 + 49 * draw, -4)
  }

  /// 0.5, 0.8 or 1 GHz.
  func clock_Hz(_ user: Int) -> Double { [0.5e9, 0.8e9, 1e9][user % 3] }

  /// What a user pays where all users have chosen.
  func cost(of user: Int, _ chosen: [Int32]) -> Double {
    if chosen[user] == 0 { return Self.cycles / clock_Hz(user) }
    var interference = 0.0
    for other in chosen.indices where other != user && chosen[other] == chosen[user] {
      interference += Self.power_W * gain(other)
    }
    let sinr = Self.power_W * gain(user) / (Self.noise_W + interference)
    return Self.bits / (Self.bandwidth_Hz * log2(1 + sinr)) + Self.cycles / Self.edge_Hz
  }

  /// The interference beyond which a user is better off at home (lemma 1 of the paper).
  func threshold_W(_ user: Int) -> Double {
    let time = Self.cycles / clock_Hz(user) - Self.cycles / Self.edge_Hz
    return Self.power_W * gain(user) / (pow(2, Self.bits / (Self.bandwidth_Hz * time)) - 1) - Self.noise_W
  }

  /// The potential of the paper's theorem 1: ½ ΣΣ qᵢqⱼ over pairs on a channel + Σ qᵢTᵢ of those at home, q = p g.
  func potential(_ chosen: [Int32]) -> Double {
    var total = 0.0
    for user in chosen.indices {
      let own = Self.power_W * gain(user)
      if chosen[user] == 0 {
        total += own * threshold_W(user)
      } else {
        for other in chosen.indices where other != user && chosen[other] == chosen[user] {
          total += 0.5 * own * Self.power_W * gain(other)
        }
      }
    }
    return total
  }

  mutating func reset(seed: UInt64) { (self.seed, time) = (seed, 0) }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    let chosen = actions.discrete
    for user in chosen.indices {
      outcome.rewards[user] = -cost(of: user, chosen)
      outcome.truncated[user] = time + 1 == steps
    }
    time += 1
    outcome.episodeOver = time == steps
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    for user in 0..<values.count { values[user] = Float(gain(user)) }
  }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: seed)
    snapshot.set("time", integer: time)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    (seed, time) = (try snapshot.unsigned("seed"), try snapshot.integer("time"))
  }
}

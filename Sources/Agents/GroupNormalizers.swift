import Policies
import ReinforcementLearning
import Snapshots

/// What the networks of each group read: a fixed map, or one that follows what is recorded.
struct GroupNormalizers: Sendable {
  private let fixed: [Normalizer]
  private var running: [RunningNormalizer]

  init(_ normalization: DQNConfiguration.Normalization, _ groups: [AgentGroup]) {
    switch normalization {
    case .none: fixed = groups.map { .identity($0.observation.count) }
    case .ranges: fixed = groups.map { .ranges(of: $0.observation) }
    case .running: fixed = []
    }
    running = normalization == .running ? groups.map { RunningNormalizer(of: $0.observation) } : []
  }

  /// Whether the maps follow what is recorded.
  var isRunning: Bool { !running.isEmpty }

  /// The map of a group as it is now.
  subscript(group: Int) -> Normalizer { running.isEmpty ? fixed[group] : running[group].normalizer }

  /// Counts the active rows of a group before a step.
  mutating func count(_ part: borrowing VectorFrame.Group, group: Int) {
    if !running.isEmpty { running[group].count(part) }
  }

  /// Begins from the normaliser of a policy; false where its network reads otherwise normalised observations.
  mutating func adopt(_ other: Normalizer, group: Int) -> Bool {
    running.isEmpty ? other == fixed[group] : running[group].adopt(other)
  }

  /// The state of a group's map; nil for a fixed one.
  func snapshot(group: Int) -> Snapshot? { running.isEmpty ? nil : running[group].snapshot() }

  /// Restores a group's map from the snapshot of its name in `snapshot`, where there is something to restore.
  mutating func restore(group: Int, from name: String, in snapshot: Snapshot) throws(SnapshotError) {
    if !running.isEmpty { try running[group].restore(from: try snapshot.group(name)) }
  }
}

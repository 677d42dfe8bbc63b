import ReinforcementLearning
import Snapshots

/// An action space as attributes and datasets of a group of agents: `action_kind`, `action_labels`, `action_options`,
/// `action_low`, `action_high`.
extension ActionSpace {
  func record(in agents: inout Snapshot) {
    switch self {
    case .discrete(let labels):
      agents.attributes["action_kind"] = .text("discrete")
      agents.set("action_labels", labels)
    case .multiDiscrete(let options):
      agents.attributes["action_kind"] = .text("multi-discrete")
      agents.set("action_options", options.map(Int64.init))
    case .box(let ranges):
      agents.attributes["action_kind"] = .text("box")
      Self.record(ranges, in: &agents)
    case .hybrid(let labels, let ranges):
      agents.attributes["action_kind"] = .text("hybrid")
      agents.set("action_labels", labels)
      Self.record(ranges, in: &agents)
    }
  }

  private static func record(_ ranges: [ClosedRange<Float>], in agents: inout Snapshot) {
    agents.set("action_low", ranges.map(\.lowerBound))
    agents.set("action_high", ranges.map(\.upperBound))
  }

  /// Reads what ``record(in:)`` wrote.
  init(from agents: Snapshot) throws(SnapshotError) {
    let kind = try agents.text(attribute: "action_kind")
    switch kind {
    case "discrete": self = .discrete(labels: try Self.labels(agents))
    case "multi-discrete":
      let options = try agents.integers("action_options")
      guard !options.isEmpty, options.allSatisfy({ (1...1_000_000).contains($0) }) else {
        throw agents.mismatch("action_options", expected: "positive numbers", found: "\(options)")
      }
      self = .multiDiscrete(options)
    case "box": self = .box(try Self.ranges(agents))
    case "hybrid": self = .hybrid(labels: try Self.labels(agents), box: try Self.ranges(agents))
    default:
      throw agents.mismatch(
        "@action_kind", expected: "discrete, multi-discrete, box or hybrid", found: "\"\(kind)\"")
    }
  }

  private static func labels(_ agents: Snapshot) throws(SnapshotError) -> [String] {
    let labels = try agents.texts("action_labels")
    guard !labels.isEmpty else { throw agents.mismatch("action_labels", expected: "a label", found: "none") }
    return labels
  }

  private static func ranges(_ agents: Snapshot) throws(SnapshotError) -> [ClosedRange<Float>] {
    let low = try agents.floats("action_low")
    let high = try agents.floats("action_high", count: low.count)
    var ranges: [ClosedRange<Float>] = []
    for index in low.indices {
      guard low[index] <= high[index] else {
        throw agents.mismatch("action_low", expected: "no more than action_high", found: "\(low[index])")
      }
      ranges.append(low[index]...high[index])
    }
    guard !ranges.isEmpty else { throw agents.mismatch("action_low", expected: "a range", found: "none") }
    return ranges
  }
}

public import EdgeCloud

/// A rule that places one agent's task: what operators use today, against which a learned policy is judged.
///
/// Adding a rule is one file that conforms, its test, and one line where rules are registered.
public protocol OffloadingRule: Sendable {
  /// The rule's name on the command line.
  static var name: String { get }
  /// Whether the rule sees more than an agent observes.
  static var seesMore: Bool { get }
  /// A rule for worlds with the given number of agents.
  init(agents: Int)
  /// Forgets everything before an episode; all chance follows from the seed.
  mutating func begin(seed: UInt64)
  /// The option for an agent that has a task.
  mutating func choose<View: OffloadingView>(for agent: Int, in view: borrowing View) -> Int
}

extension OffloadingRule {
  public static var seesMore: Bool { false }

  public mutating func begin(seed: UInt64) {}
}

extension OffloadingView {
  /// The first permitted option that a condition holds for; if there is none, the device at full speed; if that is
  /// forbidden too, the first permitted of all.
  func firstOption(for agent: Int, where condition: (OffloadingOption) -> Bool) -> Int {
    var first: Int?
    var device: Int?
    for option in 0..<options.count where isPermitted(option, for: agent) {
      if condition(options[option]) { return option }
      if first == nil { first = option }
      if device == nil, options[option].place == .device, options[option].isFullEffort { device = option }
    }
    return device ?? first ?? 0
  }

  /// The permitted option with the least cost among those that a condition holds for; the lowest of equals.
  func bestOption(for agent: Int, cost: (Int) -> Double, where condition: (OffloadingOption) -> Bool) -> Int? {
    var best: Int?
    var least = Double.infinity
    for option in 0..<options.count where isPermitted(option, for: agent) && condition(options[option]) {
      let value = cost(option)
      if best == nil || value < least {
        best = option
        least = value
      }
    }
    return best
  }
}

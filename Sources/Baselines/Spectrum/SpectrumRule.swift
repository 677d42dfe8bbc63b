public import EdgeCloud
public import ReinforcementLearning

/// A block and a power.
public struct SpectrumChoice: Sendable, Equatable {
  /// The block, from 0.
  public var block: Int
  /// The place of the power in ``SpectrumView/powers_dBm``.
  public var power: Int

  /// A block and a power.
  public init(block: Int, power: Int) {
    self.block = block
    self.power = power
  }
}

/// A rule that says for all links of a slot on which block each sends, and at which power.
///
/// Adding a rule is one file that conforms, its test, and one line where rules are registered.
public protocol SpectrumRule: Sendable {
  /// The rule's name on the command line.
  static var name: String { get }
  /// Whether the rule sees more than an agent observes.
  static var seesMore: Bool { get }
  /// A rule for worlds of a size.
  init(links: Int, blocks: Int, powers: Int)
  /// Forgets everything before an episode; all chance follows from the seed.
  mutating func begin(seed: UInt64)
  /// Writes a choice for every link; what it writes for links that have nothing to send means nothing.
  mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice])
}

extension SpectrumRule {
  public static var seesMore: Bool { false }

  public mutating func begin(seed: UInt64) {}
}

/// A spectrum rule that decides in a world; how a choice is written as an action is the world's to say.
public struct SpectrumRuleController<World: Environment & SpectrumView, Rule: SpectrumRule>: Controller {
  private var rule: Rule
  private var choices: [SpectrumChoice]
  private let write: @Sendable (borrowing World, Int, SpectrumChoice, inout JointAction) -> Void

  /// The rule for worlds like the given one.
  public init(
    _ rule: Rule.Type, for world: World,
    write: @escaping @Sendable (borrowing World, Int, SpectrumChoice, inout JointAction) -> Void
  ) {
    self.rule = Rule(links: world.linkCount, blocks: world.blockCount, powers: world.powers_dBm.count)
    choices = Array(repeating: SpectrumChoice(block: 0, power: 0), count: world.linkCount)
    self.write = write
  }

  public mutating func begin(seed: UInt64) { rule.begin(seed: seed) }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    rule.choose(in: world, &choices)
    for link in choices.indices { write(world, link, choices[link], &action) }
  }
}

import EdgeCloud
import Glibc
public import ReinforcementLearning

/// What an action means: the powers on the blocks.
struct SpectrumActions: Sendable {
  let kind: SpectrumParameters.Actions
  let blocks: Int
  /// The powers of the scenario, rising, in dBm and in W; 0 W where they are silence.
  let powers_dBm: [Double]
  let powers_W: [Double]
  /// The least and the greatest power that radiates.
  let lowest_dBm: Double
  let highest_dBm: Double
  let highest_W: Double
  let space: ActionSpace

  /// How far below the least power that radiates a continuous action's range begins: there it is silent.
  static let silentMargin_dB = 10.0

  init(_ parameters: SpectrumParameters) {
    kind = parameters.actions
    blocks = parameters.radio.blocks
    powers_dBm = parameters.radio.powers_dBm
    powers_W = powers_dBm.map { $0 <= SpectrumParameters.silence_dBm ? 0 : Watts(DecibelMilliwatts($0)).value }
    let audible = parameters.audiblePowers_dBm
    lowest_dBm = audible[0]
    highest_dBm = audible[audible.count - 1]
    highest_W = Watts(DecibelMilliwatts(highest_dBm)).value
    switch kind {
    case .discrete:
      var labels: [String] = []
      for block in 1...blocks {
        for power in powers_dBm { labels.append("block \(block) at \(Self.short(power)) dBm") }
      }
      space = .discrete(labels: labels)
    case .hybrid:
      space = .hybrid(
        labels: (1...blocks).map { "block \($0)" } + ["silence"], box: [Float(lowest_dBm)...Float(highest_dBm)])
    case .continuous:
      let range = Float(lowest_dBm - Self.silentMargin_dB)...Float(highest_dBm)
      space = .box([ClosedRange<Float>](repeating: range, count: blocks))
    }
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
  }

  /// The power of a number in dBm: beyond the range its nearer end; one of ``powers_dBm`` exactly where it is that to
  /// single precision.
  func power_W(_ level_dBm: Float) -> Double {
    for (index, power) in powers_dBm.enumerated() where Float(power) == level_dBm { return powers_W[index] }
    return exp((min(max(Double(level_dBm), lowest_dBm), highest_dBm) - 30) * (0.1 * M_LN10))
  }

  /// What sends nothing, or as little as can be.
  var idle: AgentAction {
    switch kind {
    case .discrete: AgentAction(discrete: [0])
    case .hybrid: AgentAction(discrete: [Int32(blocks)], continuous: [Float(lowest_dBm)])
    case .continuous:
      AgentAction(continuous: [Float](repeating: Float(lowest_dBm - Self.silentMargin_dB), count: blocks))
    }
  }

  /// Writes the action of a link that sends on one block at one of ``powers_dBm``.
  func write(block: Int, power: Int, link: Int, into action: inout JointAction) {
    switch kind {
    case .discrete: action.discrete[link] = Int32(block * powers_dBm.count + power)
    case .hybrid:
      let isSilent = powers_W[power] == 0
      action.discrete[link] = Int32(isSilent ? blocks : block)
      action.continuous[link] = Float(isSilent ? lowest_dBm : powers_dBm[power])
    case .continuous:
      for place in 0..<blocks {
        action.continuous[link * blocks + place] =
          place == block && powers_W[power] > 0
          ? Float(powers_dBm[power]) : Float(lowest_dBm - Self.silentMargin_dB)
      }
    }
  }
}

extension SpectrumSharing {
  public func idleAction(for agent: Int) -> AgentAction { actions.idle }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    let options = groups[0].action.maskCount
    if options == 0 { return }
    let idle = actions.kind == .hybrid ? options - 1 : 0
    for link in 0..<parameters.vehicles {
      let isSending = isSending(link)
      for option in 0..<options { mask[link * options + option] = isSending || option == idle }
    }
  }

  /// Reads what every link with something left sends. An action that means nothing is silence.
  mutating func transmit(_ action: borrowing JointAction) {
    sent.removeAll()
    let blocks = actions.blocks
    for link in 0..<parameters.vehicles where isSending(link) {
      switch actions.kind {
      case .discrete:
        let option = Int(action.discrete[link])
        guard option >= 0, option < blocks * actions.powers_W.count else { continue }
        let power_W = actions.powers_W[option % actions.powers_W.count]
        if power_W > 0 { sent.append(link: link, block: option / actions.powers_W.count, power_W: power_W) }
      case .hybrid:
        let block = Int(action.discrete[link])
        let level = action.continuous[link]
        guard block >= 0, block < blocks, !level.isNaN else { continue }
        let power_W = actions.power_W(level)
        if power_W > 0 { sent.append(link: link, block: block, power_W: power_W) }
      case .continuous:
        transmitEverywhere(link, action)
      }
    }
  }

  /// A link that sends on every block whose power is not below the least; together no more than the greatest.
  private mutating func transmitEverywhere(_ link: Int, _ action: borrowing JointAction) {
    let blocks = actions.blocks
    let first = sent.link.count
    var total_W = 0.0
    for block in 0..<blocks {
      let level = action.continuous[link * blocks + block]
      guard level >= Float(actions.lowest_dBm) else { continue }
      let power_W = actions.power_W(level)
      sent.append(link: link, block: block, power_W: power_W)
      total_W += power_W
    }
    if total_W > actions.highest_W {
      let share = actions.highest_W / total_W
      for index in first..<sent.link.count { sent.power_W[index] *= share }
    }
  }
}

public import EdgeCloud

/// The joint choice of blocks and powers with the greatest sum of the links' rates in this slot: all are tried.
///
/// Centralised and with the true gains of the slot: the benchmark "centralised max-V2V" of L. Liang, H. Ye, G. Y. Li,
/// IEEE JSAC 37 (2019) 2282. It is the best for that one sum, not for the payloads. (blocks · powers)^links joint
/// choices, no more than ``mostJointChoices``; the first of equals, counted with link 0 slowest.
public struct MaxV2VRule: SpectrumRule {
  public static let name = "max-v2v"
  public static let seesMore = true
  /// The greatest number of joint choices that are tried.
  public static let mostJointChoices = 1_000_000

  private var rate: SumRate
  private var trial: [SpectrumChoice] = []
  private var best: [SpectrumChoice] = []

  public init(links: Int, blocks: Int, powers: Int) { rate = SumRate(links: links, blocks: blocks) }

  /// Whether a world is small enough.
  public static func fits(links: Int, blocks: Int, powers: Int) -> Bool {
    var joint = 1
    for _ in 0..<links {
      joint *= blocks * powers
      if joint > mostJointChoices { return false }
    }
    return true
  }

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    rate.read(view)
    let powers_W = view.powers_W
    let options = view.blockCount * powers_W.count
    let senders = rate.senders
    trial.removeAll(keepingCapacity: true)
    for _ in senders { trial.append(SpectrumChoice(block: 0, power: 0)) }
    best = trial
    var greatest = -1.0
    var joint = 1
    for _ in senders { joint *= options }
    for number in 0..<joint {
      var rest = number
      for place in stride(from: senders.count - 1, through: 0, by: -1) {
        let option = rest % options
        rest /= options
        trial[place] = SpectrumChoice(block: option / powers_W.count, power: option % powers_W.count)
      }
      var sum = 0.0
      for block in 0..<view.blockCount { sum += rate.sum(onBlock: block, trial, in: view, powers_W: powers_W) }
      if sum > greatest { (greatest, best) = (sum, trial) }
    }
    for link in choices.indices { choices[link] = SpectrumChoice(block: 0, power: 0) }
    for (place, link) in senders.enumerated() { choices[link] = best[place] }
  }
}

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

/// Blocks and powers from which no link alone can raise the sum of all links' rates in this slot.
///
/// Centralised and with the true gains, as ``MaxV2VRule``, for worlds in which not all can be tried: one link after
/// another takes what raises the sum most, from the last slot's choice on, until a round changes nothing or ten are
/// over. A local maximum.
public struct AscentV2VRule: SpectrumRule {
  public static let name = "ascent-v2v"
  public static let seesMore = true

  private var rate: SumRate
  private var trial: [SpectrumChoice] = []
  private var last: [SpectrumChoice]
  private let start: [SpectrumChoice]

  public init(links: Int, blocks: Int, powers: Int) {
    rate = SumRate(links: links, blocks: blocks)
    start = (0..<links).map { SpectrumChoice(block: $0 % blocks, power: powers - 1) }
    last = start
  }

  public mutating func begin(seed: UInt64) {
    for link in last.indices { last[link] = start[link] }
  }

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    rate.read(view)
    let powers_W = view.powers_W
    let senders = rate.senders
    trial.removeAll(keepingCapacity: true)
    for link in senders { trial.append(last[link]) }
    for _ in 0..<10 {
      var hasChanged = false
      for place in senders.indices {
        let old = trial[place]
        var best = old
        // Only the block that is left and the one that is joined change.
        let stays = rate.sum(onBlock: old.block, trial, in: view, powers_W: powers_W)
        trial[place].block = -1
        let left = rate.sum(onBlock: old.block, trial, in: view, powers_W: powers_W)
        var greatest = 0.0
        for block in 0..<view.blockCount {
          trial[place].block = -1
          let before = rate.sum(onBlock: block, trial, in: view, powers_W: powers_W)
          for power in powers_W.indices {
            trial[place] = SpectrumChoice(block: block, power: power)
            let joined = rate.sum(onBlock: block, trial, in: view, powers_W: powers_W)
            let gain = block == old.block ? joined - stays : joined - before + left - stays
            if gain > greatest * (1 + 1e-12) + 1e-12 { (greatest, best) = (gain, trial[place]) }
          }
        }
        trial[place] = best
        if best != old { hasChanged = true }
      }
      if !hasChanged { break }
    }
    for link in choices.indices { choices[link] = last[link] }
    for (place, link) in senders.enumerated() {
      choices[link] = trial[place]
      last[link] = trial[place]
    }
  }
}

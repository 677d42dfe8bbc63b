public import EdgeCloud

/// Blocks and powers from which no link alone can raise the sum of all links' rates in this slot.
///
/// Centralised and with the true gains, as ``MaxV2VRule``, for worlds in which not all can be tried: one link after
/// another takes what raises the sum most, from the last slot's choice on, until a round changes nothing or ten are
/// over. A local maximum. A round is O(links² · powers) where links spread over the blocks.
public struct AscentV2VRule: SpectrumRule {
  public static let name = "ascent-v2v"
  public static let seesMore = true
  /// The greatest number of gains, links² · blocks, that are kept.
  public static let mostGains = 20_000_000

  private var rate: SumRate
  private var trial: [SpectrumChoice] = []
  private var last: [SpectrumChoice]
  private let start: [SpectrumChoice]
  /// Those on a block but for the one that chooses, and what disturbs each of them.
  private var members: [Int] = []
  private var disturbed_W: [Double] = []

  public init(links: Int, blocks: Int, powers: Int) {
    rate = SumRate(links: links, blocks: blocks)
    start = (0..<links).map { SpectrumChoice(block: $0 % blocks, power: powers - 1) }
    last = start
    members.reserveCapacity(links)
    disturbed_W.reserveCapacity(links)
  }

  /// Whether a world is small enough.
  public static func fits(links: Int, blocks: Int) -> Bool { links * links * blocks <= mostGains }

  public mutating func begin(seed: UInt64) {
    for link in last.indices { last[link] = start[link] }
  }

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    rate.read(view)
    let powers_W = view.powers_W
    trial.removeAll(keepingCapacity: true)
    for link in rate.senders { trial.append(last[link]) }
    for _ in 0..<10 {
      var hasChanged = false
      for place in trial.indices {
        let old = trial[place]
        // What each choice adds to the sum, beside the silence of this one.
        var best = old
        var greatest = -Double.infinity
        var present = 0.0
        for block in 0..<view.blockCount {
          let without = leave(block, place, view, powers_W)
          for power in powers_W.indices {
            let added = joined(block, place, powers_W[power], view, powers_W) - without
            if block == old.block, power == old.power { present = added }
            if added > greatest { (greatest, best) = (added, SpectrumChoice(block: block, power: power)) }
          }
        }
        if greatest > present * (1 + 1e-12) + 1e-12 {
          trial[place] = best
          hasChanged = true
        }
      }
      if !hasChanged { break }
    }
    for link in choices.indices { choices[link] = last[link] }
    for (place, link) in rate.senders.enumerated() {
      choices[link] = trial[place]
      last[link] = trial[place]
    }
  }

  /// Gathers the others on a block and what disturbs them; their sum.
  private mutating func leave<View: SpectrumView>(
    _ block: Int, _ place: Int, _ view: borrowing View, _ powers_W: [Double]
  ) -> Double {
    members.removeAll(keepingCapacity: true)
    disturbed_W.removeAll(keepingCapacity: true)
    for other in trial.indices
    where other != place && trial[other].block == block && powers_W[trial[other].power] > 0 {
      members.append(other)
    }
    var sum = 0.0
    for member in members {
      var power_W = rate.floor_W(member, block: block)
      for other in members where other != member {
        power_W += powers_W[trial[other].power] * rate.gain(from: other, to: member, block: block)
      }
      disturbed_W.append(power_W)
      let signal_W = powers_W[trial[member].power] * rate.gain(from: member, to: member, block: block)
      sum += view.efficiency(sinr: signal_W / power_W)
    }
    return sum
  }

  /// The sum on the block when the one that chooses joins.
  private func joined<View: SpectrumView>(
    _ block: Int, _ place: Int, _ power_W: Double, _ view: borrowing View, _ powers_W: [Double]
  ) -> Double {
    var own_W = rate.floor_W(place, block: block)
    var sum = 0.0
    for (index, member) in members.enumerated() {
      let memberPower_W = powers_W[trial[member].power]
      own_W += memberPower_W * rate.gain(from: member, to: place, block: block)
      let signal_W = memberPower_W * rate.gain(from: member, to: member, block: block)
      let disturbance_W = disturbed_W[index] + power_W * rate.gain(from: place, to: member, block: block)
      sum += view.efficiency(sinr: signal_W / disturbance_W)
    }
    return sum + view.efficiency(sinr: power_W * rate.gain(from: place, to: place, block: block) / own_W)
  }
}

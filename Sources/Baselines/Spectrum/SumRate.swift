import EdgeCloud

/// The links' sum of spectral efficiencies in the present slot, for every joint choice.
///
/// Gains of all who may send are read once a slot; [senders × links × blocks].
struct SumRate: Sendable {
  private(set) var senders: [Int] = []
  private var gain: [Double]
  private var floor_W: [Double]
  private let blocks: Int

  init(links: Int, blocks: Int) {
    self.blocks = blocks
    gain = Array(repeating: 0, count: links * links * blocks)
    floor_W = Array(repeating: 0, count: links * blocks)
    senders.reserveCapacity(links)
  }

  /// Reads the present slot.
  mutating func read<View: SpectrumView>(_ view: borrowing View) {
    senders.removeAll(keepingCapacity: true)
    for link in 0..<view.linkCount where view.isSending(link) { senders.append(link) }
    for (a, sender) in senders.enumerated() {
      for block in 0..<blocks { floor_W[a * blocks + block] = view.trueFloor_W(link: sender, block: block) }
      for (b, link) in senders.enumerated() {
        for block in 0..<blocks {
          gain[(a * senders.count + b) * blocks + block] = view.trueGain(from: sender, to: link, block: block)
        }
      }
    }
  }

  /// The sum over the senders on one block, whose choices stand under their places among the senders.
  func sum<View: SpectrumView>(
    onBlock block: Int, _ choices: [SpectrumChoice], in view: borrowing View, powers_W: [Double]
  ) -> Double {
    var sum = 0.0
    for b in senders.indices where choices[b].block == block {
      let power = powers_W[choices[b].power]
      if power == 0 { continue }
      var interference = floor_W[b * blocks + block]
      for a in senders.indices where a != b && choices[a].block == block {
        interference += powers_W[choices[a].power] * gain[(a * senders.count + b) * blocks + block]
      }
      sum += view.efficiency(
        sinr: power * gain[(b * senders.count + b) * blocks + block] / interference)
    }
    return sum
  }
}

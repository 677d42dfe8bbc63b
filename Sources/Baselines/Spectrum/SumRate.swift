import EdgeCloud

/// The links' sum of spectral efficiencies in the present slot, for every joint choice.
///
/// Gains of all who may send are read once a slot; [senders × senders × blocks], the second's receiver hearing the
/// first's sender. Senders are numbered among those that have something left.
struct SumRate: Sendable {
  /// The links that have something to send.
  private(set) var senders: [Int] = []
  private var placeOfLink: [Int]
  private var gain: [Double]
  private var floor_W: [Double]
  private let blocks: Int

  init(links: Int, blocks: Int) {
    self.blocks = blocks
    placeOfLink = Array(repeating: -1, count: links)
    gain = Array(repeating: 0, count: links * links * blocks)
    floor_W = Array(repeating: 0, count: links * blocks)
    senders.reserveCapacity(links)
  }

  /// Reads the present slot.
  mutating func read<View: SpectrumView>(_ view: borrowing View) {
    senders.removeAll(keepingCapacity: true)
    for link in 0..<view.linkCount {
      placeOfLink[link] = view.isSending(link) ? senders.count : -1
      if view.isSending(link) { senders.append(link) }
    }
    let count = senders.count
    for index in 0..<count * count * blocks { gain[index] = 0 }
    for (place, sender) in senders.enumerated() {
      for block in 0..<blocks { floor_W[place * blocks + block] = view.trueFloor_W(link: sender, block: block) }
      for index in 0..<view.hearers(of: sender) {
        let hearer = placeOfLink[view.hearer(index, of: sender)]
        if hearer < 0 { continue }
        for block in 0..<blocks {
          gain[(place * count + hearer) * blocks + block] =
            hearer == place
            ? view.observedGain(link: sender, block: block)
            : view.trueGain(from: sender, toHearer: index, block: block)
        }
      }
    }
  }

  /// The gain from one sender to another's receiver.
  func gain(from sender: Int, to hearer: Int, block: Int) -> Double {
    gain[(sender * senders.count + hearer) * blocks + block]
  }

  /// Noise and the uplink at a sender's receiver.
  func floor_W(_ sender: Int, block: Int) -> Double { floor_W[sender * blocks + block] }

  /// The sum over the senders on one block, whose choices stand under their numbers.
  func sum<View: SpectrumView>(
    onBlock block: Int, _ choices: [SpectrumChoice], in view: borrowing View, powers_W: [Double]
  ) -> Double {
    var sum = 0.0
    for b in senders.indices where choices[b].block == block {
      let power = powers_W[choices[b].power]
      if power == 0 { continue }
      var interference = floor_W(b, block: block)
      for a in senders.indices where a != b && choices[a].block == block {
        interference += powers_W[choices[a].power] * gain(from: a, to: b, block: block)
      }
      sum += view.efficiency(sinr: power * gain(from: b, to: b, block: block) / interference)
    }
    return sum
  }
}

public import EdgeCloud

/// Nothing is sent, or as little as the least power allows.
public struct SilentRule: SpectrumRule {
  public static let name = "silent"

  public init(links: Int, blocks: Int, powers: Int) {}

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    for link in choices.indices { choices[link] = SpectrumChoice(block: 0, power: 0) }
  }
}

/// Link i at the greatest power on block i, counted around the blocks.
public struct MaxPowerRule: SpectrumRule {
  public static let name = "max-power"

  public init(links: Int, blocks: Int, powers: Int) {}

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    for link in choices.indices {
      choices[link] = SpectrumChoice(block: link % view.blockCount, power: view.powers_dBm.count - 1)
    }
  }
}

/// Link i at the greatest power on block i + t in its t-th slot, counted around the blocks: no two links share a block
/// where there are enough, and none stays on a bad one.
public struct OrthogonalRule: SpectrumRule {
  public static let name = "orthogonal"

  private var turn = 0

  public init(links: Int, blocks: Int, powers: Int) {}

  public mutating func begin(seed: UInt64) { turn = 0 }

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    for link in choices.indices {
      choices[link] = SpectrumChoice(block: (link + turn) % view.blockCount, power: view.powers_dBm.count - 1)
    }
    turn += 1
  }
}

/// Every link at the greatest power where its receiver measured the least interference in the last slot; the lowest
/// number of equals.
public struct LeastInterferenceRule: SpectrumRule {
  public static let name = "least-interference"

  public init(links: Int, blocks: Int, powers: Int) {}

  public mutating func choose<View: SpectrumView>(in view: borrowing View, _ choices: inout [SpectrumChoice]) {
    for link in choices.indices {
      var best = 0
      var least = Double.infinity
      for block in 0..<view.blockCount {
        let interference = view.observedInterference_W(link: link, block: block)
        if interference < least { (best, least) = (block, interference) }
      }
      choices[link] = SpectrumChoice(block: best, power: view.powers_dBm.count - 1)
    }
  }
}

/// What arrives at many receivers over the resource blocks of a band in one slot.
///
/// Powers of those who use the same block at the same time add up at every receiver in reach; different blocks do not
/// disturb each other. SINR of a receiver on a block = its signal / (``interference_W`` + noise).
public struct ResourceBlocks: Sendable, Equatable {
  /// The number of receivers.
  public let receivers: Int
  /// The number of blocks.
  public let blocks: Int
  /// The power from others at each receiver on each block; row-major [receivers × blocks].
  public private(set) var interference_W: [Double]

  /// Blocks on which nothing is sent.
  public init(receivers: Int, blocks: Int) {
    precondition(receivers > 0 && blocks > 0, "blocks and receivers are wanted, not \(blocks) and \(receivers)")
    self.receivers = receivers
    self.blocks = blocks
    interference_W = Array(repeating: 0, count: receivers * blocks)
  }

  /// Who hears one transmitter, and how well: a list for each transmitter, one after another.
  public struct Audience: Sendable, Equatable {
    /// The first entry of each transmitter, and one more: where the last one's end.
    public var start: [Int32] = [0]
    /// The number under which the entry's receiver stands in ``ResourceBlocks``.
    public var receiver: [Int32] = []
    /// Which antenna that is, for fading: receivers may share one.
    public var antenna: [Int32] = []
    /// The mean power gain to it.
    public var gain: [Double] = []

    /// Nobody hears anybody.
    public init() {}
  }

  /// Silence on all blocks.
  public mutating func clear() {
    for index in 0..<interference_W.count { interference_W[index] = 0 }
  }

  /// Adds what a transmission on a block brings to all who hear it but one. O(those who hear it).
  ///
  /// - Parameters:
  ///   - transmitter: the place in the audience's lists.
  ///   - own: the receiver for which it is no interference, or −1.
  public mutating func add(
    transmitter: Int, block: Int, power_W: Double, fading: BlockFading, to audience: Audience, except own: Int
  ) {
    Self.add(
      Int(audience.start[transmitter])..<Int(audience.start[transmitter + 1]), block: block, blocks: blocks,
      power_W: power_W, fading: fading, audience.receiver.span, audience.antenna.span, audience.gain.span,
      own: Int32(own), into: &interference_W)
  }

  private static func add(
    _ entries: Range<Int>, block: Int, blocks: Int, power_W: Double, fading: BlockFading,
    _ receiver: Span<Int32>, _ antenna: Span<Int32>, _ gain: Span<Double>, own: Int32,
    into interference_W: inout [Double]
  ) {
    var sums = interference_W.mutableSpan
    for entry in entries {
      let number = receiver[entry]
      if number == own { continue }
      let share = Double(fading.power(Int(antenna[entry]) * blocks + block))
      sums[Int(number) * blocks + block] += power_W * gain[entry] * share
    }
  }

  /// Becomes a copy of others of the same size without allocating.
  public mutating func assign(from other: ResourceBlocks) {
    for index in 0..<interference_W.count { interference_W[index] = other.interference_W[index] }
  }

  /// Takes over powers that were kept.
  public mutating func restore(interference_W: [Double]) {
    precondition(
      interference_W.count == receivers * blocks, "\(interference_W.count) powers for \(receivers) x \(blocks)")
    self.interference_W = interference_W
  }
}

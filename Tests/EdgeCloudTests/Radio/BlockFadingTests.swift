import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct BlockFadingTests {
  private func gains(_ count: Int) -> [Double] {
    var gains: [Double] = []
    for slot in 0..<UInt64(count / 64) {
      let fading = BlockFading(world: WorldDraws(seed: 5), transmitter: 3, slot: slot)
      for address in 0..<64 { gains.append(Double(fading.power(address))) }
    }
    return gains
  }

  /// An exponential number of mean 1 has variance 1, third moment 6 and exceeds x with probability e^(−x).
  @Test func `gains are exponential with mean one`() {
    let gains = gains(1_280_000)
    let n = Double(gains.count)
    let mean = gains.reduce(0, +) / n
    let square = gains.reduce(0) { $0 + $1 * $1 } / n
    #expect((mean - 1).magnitude < 4 / n.squareRoot())
    // Var(x²) = 24 − 4 = 20.
    #expect((square - 2).magnitude < 4 * (20 / n).squareRoot())
    let sorted = gains.sorted()
    var distance = 0.0
    for (index, gain) in sorted.enumerated() {
      distance = max(distance, (Double(index + 1) / n - (1 - exp(-gain))).magnitude)
    }
    // Kolmogorov: beyond 1.95/√n once in a thousand times.
    #expect(distance < 1.95 / n.squareRoot())
  }

  @Test func `gains of neighbouring addresses, slots and transmitters are not correlated`() {
    var sums = [0.0, 0, 0]
    let n = 200_000
    for index in 0..<n {
      let slot = UInt64(index / 50)
      let address = index % 50
      let here = BlockFading(world: WorldDraws(seed: 1), transmitter: 7, slot: slot)
      let a = Double(here.power(address)) - 1
      sums[0] += a * (Double(here.power(address + 1)) - 1)
      let later = BlockFading(world: WorldDraws(seed: 1), transmitter: 7, slot: slot + 1)
      sums[1] += a * (Double(later.power(address)) - 1)
      let other = BlockFading(world: WorldDraws(seed: 1), transmitter: 8, slot: slot)
      sums[2] += a * (Double(other.power(address)) - 1)
    }
    for sum in sums { #expect((sum / Double(n)).magnitude < 4 / Double(n).squareRoot()) }
  }

  @Test func `the logarithm is right to single precision`() {
    var worst = 0.0
    for exponent in -120...120 {
      for step in 0..<64 {
        let x = Float(scalbn(1 + Double(step) / 64, Int32(exponent)))
        let exact = log(Double(x))
        worst = max(worst, (Double(BlockFading.logarithm(x)) - exact).magnitude / max(1, exact.magnitude))
      }
    }
    #expect(worst < 1.5e-7, "\(worst)")
    for word in [0, 1, 1 << 31, UInt32.max] as [UInt32] {
      let gain = Double(BlockFading.exponential(word))
      #expect(gain > 0 && (gain + log(Double(Variate.openUniform(word)))).magnitude < 2e-6)
    }
  }

  /// SplitMix64 of seed 0 gives these three words first (Vigna's reference implementation).
  @Test func `the words are those of SplitMix64`() {
    let words: [UInt64] = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]
    for (address, word) in words.enumerated() {
      #expect(BlockFading(key: 0).power(address) == BlockFading.exponential(UInt32(word >> 32)))
    }
  }
}

@Suite struct ResourceBlocksTests {
  /// Two senders and three receivers; powers by hand.
  @Test func `powers on one block add up and other blocks stay silent`() {
    var audience = ResourceBlocks.Audience()
    audience.start = [0, 2, 5]
    audience.receiver = [0, 1, 0, 1, 2]
    audience.antenna = [4, 5, 4, 5, 6]
    audience.gain = [1e-6, 2e-7, 3e-8, 4e-9, 5e-10]
    var air = ResourceBlocks(receivers: 3, blocks: 2)
    let first = BlockFading(key: 11)
    let second = BlockFading(key: 22)
    air.add(transmitter: 0, block: 1, power_W: 0.2, fading: first, to: audience, except: 0)
    air.add(transmitter: 1, block: 1, power_W: 0.1, fading: second, to: audience, except: -1)
    let expected = [
      0, 0.1 * 3e-8 * Double(second.power(4 * 2 + 1)),
      0, 0.2 * 2e-7 * Double(first.power(5 * 2 + 1)) + 0.1 * 4e-9 * Double(second.power(5 * 2 + 1)),
      0, 0.1 * 5e-10 * Double(second.power(6 * 2 + 1)),
    ]
    for (power, value) in zip(air.interference_W, expected) { #expect((power - value).magnitude <= 1e-15 * value) }
    air.clear()
    #expect(air.interference_W == [0, 0, 0, 0, 0, 0])
  }
}

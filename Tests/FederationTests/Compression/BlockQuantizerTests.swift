import Configuration
import Federation
import Randomness
import Testing

/// Rounding by lot, against the probabilities that its definition gives.
struct BlockQuantizerTests {
  /// Normal numbers, some of them large, some exactly zero, some tiny.
  static func values(_ count: Int, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { index in
      switch index % 16 {
      case 3: 0
      case 7: Float(20 * stream.normal())
      case 11: Float(1e-6 * stream.normal())
      default: Float(stream.normal())
      }
    }
  }

  /// The levels, as the literature writes them.
  static func levels(_ quantizer: BlockQuantizer) -> [Double] {
    let count = 1 << (quantizer.bits - 1) - 1
    return (0...count).map { level in
      switch quantizer.levels {
      case .uniform: Double(level) / Double(count)
      case .exponential:
        level == 0 ? 0 : Double(sign: .plus, exponent: level - count, significand: 1)
      }
    }
  }

  /// For every value its scale, the level below or at it and the next one.
  static func brackets(_ values: [Float], _ quantizer: BlockQuantizer) -> [(scale: Double, low: Double, high: Double)] {
    let levels = levels(quantizer)
    return values.indices.map { index in
      let first = index / quantizer.blockSize * quantizer.blockSize
      let block = values[first..<min(first + quantizer.blockSize, values.count)].map { Double($0) }
      let scale =
        quantizer.norm == .max
        ? block.map(\.magnitude).max() ?? 0 : Double(Float(block.reduce(0) { $0 + $1 * $1 }.squareRoot()))
      let ratio = Double(values[index].magnitude) / scale
      let low = levels.lastIndex { $0 <= ratio } ?? 0
      return (scale, levels[low], levels[min(low + 1, levels.count - 1)])
    }
  }

  static let settings: [BlockQuantizer] = [2, 3, 4, 5, 8].flatMap { bits in
    [
      BlockQuantizer(bits: bits, levels: .uniform, norm: .max, blockSize: 64),
      BlockQuantizer(bits: bits, levels: .uniform, norm: .euclidean, blockSize: 64),
      BlockQuantizer(bits: bits, levels: .exponential, norm: .max, blockSize: 64),
      BlockQuantizer(bits: bits, levels: .exponential, norm: .euclidean, blockSize: 64),
    ]
  }

  @Test(arguments: settings)
  func `a value becomes one of its two levels, each as often as keeps the mean`(quantizer: BlockQuantizer) throws {
    let compressor = StochasticQuantization(quantizer)
    let values = Self.values(150, seed: 5)
    let brackets = Self.brackets(values, quantizer)
    let draws = 4000
    var raised = [Int](repeating: 0, count: values.count)
    var wrong = 0
    var stream = RandomStream(seed: 17)
    for _ in 0..<draws {
      let read = try compressor.decode(compressor.encode(values, using: &stream), count: values.count)
      for (index, value) in read.enumerated() {
        let (scale, low, high) = brackets[index]
        let size = Double(value.magnitude)
        let (isLow, isHigh) = (
          (size - scale * low).magnitude <= 1e-6 * size, (size - scale * high).magnitude <= 1e-6 * size
        )
        if !(isLow || isHigh) || (value != 0 && (value < 0) != (values[index] < 0)) { wrong += 1 }
        if isHigh && !isLow { raised[index] += 1 }
      }
    }
    #expect(wrong == 0)
    // Five standard deviations of a binomial count, and three where it is rare: 3,000 counts are looked at, of which
    // one in a million and a half lies further out.
    var (excess, variance) = (0.0, 0.0)
    for (index, (scale, low, high)) in brackets.enumerated() where high > low {
      let probability = min(1, (Double(values[index].magnitude) / scale - low) / (high - low))
      let wanted = Double(draws) * probability
      let deviation = (wanted * (1 - probability)).squareRoot()
      #expect((Double(raised[index]) - wanted).magnitude <= 5 * deviation + 3, "value \(index) of \(quantizer)")
      excess += Double(raised[index]) - wanted
      variance += deviation * deviation
    }
    // All together show a bias of a few thousandths.
    #expect(excess.magnitude <= 5 * variance.squareRoot() + 3)
  }

  @Test(arguments: settings)
  func `the mean error is zero and its variance within the published bound`(quantizer: BlockQuantizer) throws {
    let compressor = StochasticQuantization(quantizer)
    let values = Self.values(64, seed: 9)
    let draws = 20_000
    var sums = [Double](repeating: 0, count: values.count)
    var squares = 0.0
    var stream = RandomStream(seed: 23)
    for _ in 0..<draws {
      let read = try compressor.decode(compressor.encode(values, using: &stream), count: values.count)
      for (index, value) in read.enumerated() {
        let error = Double(value) - Double(values[index])
        sums[index] += error
        squares += error * error
      }
    }
    var (variance, fourth, norm) = (0.0, 0.0, 0.0)
    for (index, (scale, low, high)) in Self.brackets(values, quantizer).enumerated() {
      let ratio = Double(values[index].magnitude) / scale
      let (down, up) = (scale * (ratio - low), scale * (high - ratio))
      let own = max(0, down * up)
      // A two-point error: −down with weight up/(down + up), up with weight down/(down + up).
      if high > low { fourth += own * (down * down - down * up + up * up) - own * own }
      variance += own
      norm += Double(values[index]) * Double(values[index])
      let tolerance = 5.5 * (own / Double(draws)).squareRoot() + 1e-6 * scale
      #expect((sums[index] / Double(draws)).magnitude <= tolerance, "value \(index) of \(quantizer)")
    }
    let tolerance = 5 * (fourth / Double(draws)).squareRoot() + 1e-6 * norm
    #expect((squares / Double(draws) - variance).magnitude <= tolerance)
    let (count, steps) = (Double(values.count), Double(1 << (quantizer.bits - 1) - 1))
    let scale = Self.brackets(values, quantizer)[0].scale
    let bound =
      switch (quantizer.levels, quantizer.norm) {
      case (.uniform, .euclidean): min(count / (4 * steps * steps), count.squareRoot() / steps) * norm
      case (.uniform, .max): count * scale * scale / (4 * steps * steps)
      case (.exponential, _):
        norm / 8 + count * scale * scale * Double(sign: .plus, exponent: -2 * Int(steps), significand: 1)
      }
    #expect(squares / Double(draws) <= bound + tolerance)
  }

  @Test(arguments: 2...8, [BlockQuantizer.Levels.uniform, .exponential])
  func `levels, the greatest value and zero arrive as they are`(bits: Int, levels: BlockQuantizer.Levels) throws {
    let quantizer = BlockQuantizer(bits: bits, levels: levels, blockSize: 512)
    let compressor = StochasticQuantization(quantizer)
    // With a scale that is s times a power of two, uniform levels are exact too.
    let scale: Float = levels == .uniform ? Float(quantizer.levelCount) / 4 : 8
    var values = Self.levels(quantizer).flatMap { [scale * Float($0), -scale * Float($0)] }
    if levels == .uniform { values = values.map { ($0 * 4).rounded() / 4 } }
    var stream = RandomStream(seed: 3)
    for _ in 0..<50 {
      #expect(try compressor.decode(compressor.encode(values, using: &stream), count: values.count) == values)
    }
    let zeros = [Float](repeating: 0, count: 700)
    #expect(try compressor.decode(compressor.encode(zeros, using: &stream), count: 700) == zeros)
  }

  @Test func `what is not finite spoils its own block only`() throws {
    let compressor = StochasticQuantization(BlockQuantizer(bits: 4, blockSize: 8))
    for hostile in [Float.nan, .infinity, -.infinity, .signalingNaN] {
      var values = [Float](repeating: 1, count: 24)
      values[9] = hostile
      var stream = RandomStream(seed: 1)
      let read = try compressor.decode(compressor.encode(values, using: &stream), count: 24)
      #expect(read.indices.filter { !read[$0].isFinite } == Array(8..<16))
      #expect(read[..<8].allSatisfy { $0 == 1 } && read[16...].allSatisfy { $0 == 1 })
    }
  }

  @Test(arguments: [BlockQuantizer.Norm.max, .euclidean], [BlockQuantizer.Levels.uniform, .exponential])
  func `the greatest and the least numbers stay finite`(
    norm: BlockQuantizer.Norm, levels: BlockQuantizer.Levels
  ) throws {
    let compressor = StochasticQuantization(BlockQuantizer(bits: 8, levels: levels, norm: norm))
    var stream = RandomStream(seed: 4)
    for value in [Float.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude] {
      let values = [value, -value, 0, value / 2, value, value, -value, value]
      let read = try compressor.decode(compressor.encode(values, using: &stream), count: 8)
      #expect(read.allSatisfy { $0.isFinite } && read[2] == 0)
      if norm == .max { #expect(read[0] == value && read[1] == -value) }
    }
  }

  @Test func `random numbers are taken in the same number whatever the values are`() {
    let compressor = StochasticQuantization(BlockQuantizer(bits: 4, blockSize: 100))
    var (a, b, c) = (RandomStream(seed: 8), RandomStream(seed: 8), RandomStream(seed: 8))
    _ = compressor.encode(Self.values(333, seed: 1), using: &a)
    _ = compressor.encode([Float](repeating: .nan, count: 333), using: &b)
    for _ in 0..<(3 * 50 + 17) { _ = c.next() }
    #expect(a == c && b == c)
  }
}

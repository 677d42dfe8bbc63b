/// A reproducible sequence of random words that can be split by index, saved and restored exactly.
///
/// A stream is a value: a copy continues independently of the original and gives the same words. Streams of
/// different seeds, and the children of one stream at different indices, use different keys of ``Philox`` and
/// so do not overlap within 2²⁵⁸ words.
public struct RandomStream: Sendable, Equatable, RandomNumberGenerator {
  @usableFromInline var key: (UInt64, UInt64)
  @usableFromInline var counter: UInt64
  @usableFromInline var buffer: Philox.Block
  /// Words of `buffer` already given out, 4 when it is used up.
  @usableFromInline var used: Int

  /// The stream of a seed.
  @inlinable
  public init(seed: UInt64) {
    self.init(key: (seed, 0x7374_7265_616D_0001))
  }

  @inlinable
  package init(key: (UInt64, UInt64)) {
    self.key = key
    counter = 0
    buffer = (0, 0, 0, 0)
    used = 4
  }

  /// The child stream of an index: a function of this stream's key and the index, whatever was drawn before.
  public func split(_ index: UInt64) -> RandomStream {
    let words = Philox.block((index, 0, 0, 0x73_706C_6974), key: key)
    return RandomStream(key: (words.0, words.1))
  }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    if used == 4 {
      buffer = Philox.block((counter, 0, 0, 0), key: key)
      counter &+= 1
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return buffer.0
    case 1: return buffer.1
    case 2: return buffer.2
    default: return buffer.3
    }
  }

  /// A uniform number in [0, 1), a multiple of 2⁻⁵³.
  @inlinable
  public mutating func uniform() -> Double { Variate.uniform(next()) }

  /// Fills with uniform numbers strictly between 0 and 1, odd multiples of 2⁻²⁴; two from each word.
  @inlinable
  public mutating func fill(uniform values: inout MutableSpan<Float>) {
    var index = 0
    while index < values.count {
      let word = next()
      values[index] = Variate.openUniform(UInt32(truncatingIfNeeded: word))
      if index + 1 < values.count { values[index + 1] = Variate.openUniform(UInt32(truncatingIfNeeded: word &>> 32)) }
      index += 2
    }
  }

  /// A uniform number in [low, high).
  @inlinable
  public mutating func uniform(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer in 0 ..< count, each equally likely (Lemire's method with rejection).
  @inlinable
  public mutating func integer(below count: Int) -> Int {
    precondition(count > 0, "a random integer needs a positive bound, not \(count)")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A standard normal number (Box–Muller; two words a draw, the second normal is not kept).
  @inlinable
  public mutating func normal() -> Double { Variate.normals(next(), next()).0 }

  /// An exponential number with mean 1.
  @inlinable
  public mutating func exponential() -> Double { Variate.exponential(next()) }

  /// True with the given probability.
  @inlinable
  public mutating func bernoulli(_ probability: Double) -> Bool { uniform() < probability }

  /// Two streams are equal if they will give the same words for ever.
  public static func == (a: RandomStream, b: RandomStream) -> Bool { a.words == b.words }
}

extension RandomStream {
  /// The complete state in eight words: key (2), counter, words used, buffer (4).
  public var words: [UInt64] {
    [key.0, key.1, counter, UInt64(used), buffer.0, buffer.1, buffer.2, buffer.3]
  }

  /// The stream whose ``words`` were saved, or nil if they are not such a state.
  public init?(words: [UInt64]) {
    guard words.count == 8, words[3] <= 4 else { return nil }
    key = (words[0], words[1])
    counter = words[2]
    used = Int(words[3])
    buffer = (words[4], words[5], words[6], words[7])
    guard used == 4 || (counter > 0 && buffer == Philox.block((counter - 1, 0, 0, 0), key: key)) else {
      return nil
    }
  }
}

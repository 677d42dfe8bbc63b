import Glibc
import Randomness
import Testing

@Suite struct RandomStreamTests {
  /// `numpy.random.Philox(key=[42, 0x73747265616D0001])` read with its counter one step back.
  @Test func `a seed's words are NumPy's Philox under the same key`() {
    var stream = RandomStream(seed: 42)
    let expected: [UInt64] = [
      0xbb10_a1e0_005c_bec8, 0xd4c8_7f55_bfd0_21ab, 0x96ee_e14e_ce07_9e8d, 0x3160_6d7e_d9bd_b4f3,
      0xf507_aaba_4e00_1157, 0x2415_9eee_9398_e741, 0xcf8a_ce28_f490_0133, 0xea09_e0a4_c9cd_414c,
    ]
    for word in expected { #expect(stream.next() == word) }
  }

  @Test func `restores exactly from its words at any position`() throws {
    var stream = RandomStream(seed: 7)
    for drawn in 0..<9 {
      var restored = try #require(RandomStream(words: stream.words))
      var original = stream
      for _ in 0..<20 { #expect(original.next() == restored.next(), "after \(drawn) words") }
      _ = stream.next()
    }
  }

  @Test func `refuses words that are no state of a stream`() {
    #expect(RandomStream(words: []) == nil)
    #expect(RandomStream(words: [1, 2, 3, 5, 0, 0, 0, 0]) == nil)
    #expect(RandomStream(words: [1, 2, 3, 1, 9, 9, 9, 9]) == nil)
  }

  @Test func `children depend on the index and not on what was drawn`() {
    var stream = RandomStream(seed: 1)
    let before = stream.split(3)
    _ = stream.next()
    #expect(stream.split(3) == before)
    var seen: Set<UInt64> = [stream.next()]
    for index in 0..<1000 {
      var child = stream.split(UInt64(index))
      #expect(seen.insert(child.next()).inserted)
      var grandchild = child.split(UInt64(index))
      #expect(seen.insert(grandchild.next()).inserted)
    }
  }

  @Test func `uniform integers pass a chi-square test`() {
    var stream = RandomStream(seed: 11)
    let cells = 10
    let draws = 100_000
    var counts = [Double](repeating: 0, count: cells)
    for _ in 0..<draws { counts[stream.integer(below: cells)] += 1 }
    let expected = Double(draws) / Double(cells)
    let chiSquare = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    #expect(chiSquare < 27.88, "0.999 quantile for 9 degrees of freedom; got \(chiSquare)")
  }

  @Test func `a fill takes both halves of each word, strictly between 0 and 1, and half of an odd last one`() {
    for count in [0, 1, 2, 5, 8, 1001] {
      var (stream, twin) = (RandomStream(seed: 9), RandomStream(seed: 9))
      var values = [Float](repeating: -1, count: count)
      var span = values.mutableSpan
      stream.fill(uniform: &span)
      var wanted: [Double] = []
      while wanted.count < count {
        let word = twin.next()
        for half in [word & 0xFFFF_FFFF, word >> 32] { wanted.append((Double(half >> 9) + 0.5) * 0x1p-23) }
      }
      #expect(values.map(Double.init) == Array(wanted.prefix(count)))
      #expect(stream == twin, "as many words as needed")
    }
    #expect(Variate.openUniform(0) == 0x1p-24 && Variate.openUniform(.max) == 1 - 0x1p-24)
  }

  @Test func `filled numbers pass a chi-square test`() {
    var stream = RandomStream(seed: 12)
    var values = [Float](repeating: 0, count: 100_000)
    var span = values.mutableSpan
    stream.fill(uniform: &span)
    var counts = [Double](repeating: 0, count: 10)
    for value in values { counts[Int(value * 10)] += 1 }
    let chiSquare = counts.reduce(0) { $0 + ($1 - 10_000) * ($1 - 10_000) / 10_000 }
    #expect(chiSquare < 27.88, "0.999 quantile for 9 degrees of freedom; got \(chiSquare)")
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test func `normal and exponential numbers have their moments`() {
    var stream = RandomStream(seed: 5)
    let count = 200_000.0
    var sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for _ in 0..<Int(count) {
      let z = stream.normal()
      let e = stream.exponential()
      sums.0 += z
      sums.1 += z * z
      sums.2 += z * z * z * z
      sums.3 += e
      sums.4 += e * e
      sums.5 += e > 1 ? 1 : 0
    }
    let root = count.squareRoot()
    #expect(abs(sums.0 / count) < 4 / root)
    #expect(abs(sums.1 / count - 1) < 4 * 2.0.squareRoot() / root)
    #expect(abs(sums.2 / count - 3) < 4 * 96.0.squareRoot() / root)
    #expect(abs(sums.3 / count - 1) < 4 / root)
    #expect(abs(sums.4 / count - 2) < 4 * 20.0.squareRoot() / root)
    #expect(abs(sums.5 / count - exp(-1)) < 4 * (exp(-1) * (1 - exp(-1))).squareRoot() / root)
  }

  @Test func `extreme words stay finite and inside their ranges`() {
    for word in [UInt64.min, 1, UInt64.max] {
      #expect((0..<1).contains(Variate.uniform(word)))
      #expect((0...36.75).contains(Variate.exponential(word)))
      let pair = Variate.normals(word, word)
      #expect(pair.0.isFinite && pair.1.isFinite && abs(pair.0) < 8.6 && abs(pair.1) < 8.6)
      #expect((0..<7).contains(Variate.integer(word, below: 7)))
    }
  }
}

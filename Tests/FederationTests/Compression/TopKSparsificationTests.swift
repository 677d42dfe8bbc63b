import Configuration
import Federation
import Randomness
import Testing

struct TopKSparsificationTests {
  private func compressor(_ keys: String) throws -> TopKSparsification {
    var mapping = try ConfigurationDocument(text: keys, name: "a.yaml", directory: "/").root()
    let compressor = try TopKSparsification(from: &mapping)
    try mapping.finish()
    return compressor
  }

  /// The places by sorting all.
  private func sorted(_ values: [Float], _ count: Int) -> [UInt32] {
    let order = values.indices.sorted {
      values[$0].magnitude == values[$1].magnitude ? $0 < $1 : values[$0].magnitude > values[$1].magnitude
    }
    return order[..<count].sorted().map { UInt32($0) }
  }

  @Test func `the greatest are found as by sorting, of equal ones the first`() {
    var stream = RandomStream(seed: 1)
    for trial in 0..<200 {
      // Few different values, so that ties are frequent; then many; both of all magnitudes.
      let values = (0..<1 + stream.integer(below: 300)).map { _ in
        trial % 2 == 0
          ? Float(stream.integer(below: 5) - 2)
          : Float(
            sign: stream.bernoulli(0.5) ? .plus : .minus, exponent: stream.integer(below: 250) - 130,
            significand: Float(1 + stream.uniform()))
      }
      for count in Set([0, 1, values.count / 7, values.count / 2, values.count]) {
        #expect(GreatestElements.places(of: count, in: values.span) == sorted(values, count))
      }
    }
  }

  @Test func `what is sent is the value itself, at its place, and the rest is zero`() throws {
    let compressor = try compressor("fraction: 0.3")
    let values: [Float] = [0.5, -3, 0, 2, 2, -0.25, 2, 1, -2, 0]
    var stream = RandomStream(seed: 0)
    let untouched = stream
    let bytes = compressor.encode(values, using: &stream)
    // Places 1, 3, 4: gaps 1, 1, 0 as 01 01 1 from the lowest bit, with r = 0; then -3, 2, 2.
    #expect(
      bytes == [0, 0b11010, 0, 0, 0x40, 0xC0, 0, 0, 0, 0x40, 0, 0, 0, 0x40])
    #expect(try compressor.decode(bytes, count: 10) == [0, -3, 0, 2, 2, 0, 0, 0, 0, 0])
    #expect(stream == untouched)
  }

  @Test(arguments: [
    ("fraction: 0.07", 100, 7), ("fraction: 0.01", 20, 1), ("fraction: 1", 9, 9), ("fraction: 0.5", 0, 0),
  ])
  func `the share is rounded to the nearest number, but to one at least`(keys: String, count: Int, kept: Int) throws {
    let compressor = try compressor(keys)
    var stream = RandomStream(seed: 0)
    let values = (0..<count).map { Float($0 + 1) }
    let read = try compressor.decode(compressor.encode(values, using: &stream), count: count)
    #expect(read.filter { $0 != 0 }.count == kept && read.suffix(kept) == values.suffix(kept))
  }

  @Test func `one in a hundred of a million takes 5 bytes each, with four bits one and a half`() throws {
    var stream = RandomStream(seed: 7)
    let values = (0..<1_000_000).map { _ in Float(stream.uniform() - 0.5) }
    let plain = try compressor("fraction: 0.01").encode(values, using: &stream)
    let coded = try compressor("{fraction: 0.01, bits: 4}").encode(values, using: &stream)
    // 10,000 places of 8.1 bits, and 4 bytes each, or half a byte each and ten scales.
    #expect((plain.count - 40_000 - 10_135).magnitude < 120)
    #expect(plain.count - coded.count == 40_000 - 5_000 - 40)
  }

  @Test func `quantised values keep their places and their mean`() throws {
    let compressor = try compressor("{fraction: 0.5, bits: 3, levels: exponential, block_size: 8}")
    let values: [Float] = [0, 0.3, -0.9, 0, 0, 1, 0.7, 0]
    var stream = RandomStream(seed: 9)
    var sums = [Double](repeating: 0, count: 8)
    let draws = 10_000
    for _ in 0..<draws {
      let read = try compressor.decode(compressor.encode(values, using: &stream), count: 8)
      for (index, value) in read.enumerated() { sums[index] += Double(value) }
    }
    // Levels 1/4, 1/2 and 1: a deviation of at most 1/4.
    for (index, sum) in sums.enumerated() {
      #expect((sum / Double(draws) - Double(values[index])).magnitude < 5 * 0.25 / Double(draws).squareRoot())
    }
    #expect(sums[0] == 0 && sums[3] == 0 && sums[7] == 0)
  }

  @Test func `what is not finite is sent first, for the server to see`() throws {
    var stream = RandomStream(seed: 0)
    for keys in ["fraction: 0.25", "{fraction: 0.25, bits: 4}"] {
      let compressor = try compressor(keys)
      let read = try compressor.decode(compressor.encode([1, 2, .nan, 3], using: &stream), count: 4)
      #expect(!read[2].isFinite && read[0] == 0 && read[1] == 0 && read[3] == 0)
    }
  }

  @Test(arguments: ["fraction: 0.3", "{fraction: 0.3, bits: 5, block_size: 8}"])
  func `any bytes are read or refused`(keys: String) throws {
    let compressor = try compressor(keys)
    var stream = RandomStream(seed: 31)
    var (read, refused) = (0, 0)
    for trial in 0..<4000 {
      let count = stream.integer(below: 40)
      var bytes = compressor.encode((0..<count).map { _ in Float(stream.normal()) }, using: &stream)
      switch trial % 4 {
      case 0: bytes.removeLast(stream.integer(below: bytes.count) + 1)
      case 1: bytes.append(UInt8(truncatingIfNeeded: stream.next()))
      case 2: bytes[stream.integer(below: bytes.count)] ^= 1 << UInt8(stream.integer(below: 8))
      default:
        bytes = (0..<stream.integer(below: 90)).map { _ in UInt8(truncatingIfNeeded: stream.next() & stream.next()) }
      }
      do {
        #expect(try compressor.decode(bytes, count: count).count == count)
        read += 1
        #expect(trial % 4 != 0 && trial % 4 != 1)
      } catch { refused += 1 }
    }
    #expect(read > 300 && refused > 2000)
  }

  @Test(arguments: [
    ("bits: 4", "is missing"), ("fraction: 0", "greater than 0 and at most 1"), ("fraction: 1.5", "at most 1"),
    ("{fraction: 0.1, bits: 12}", "from 2 to 8"), ("{fraction: 0.1, levels: uniform}", "unknown key 'levels'"),
  ])
  func `wrong keys get a sentence`(keys: String, sentence: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try compressor(keys) }
    #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
  }
}

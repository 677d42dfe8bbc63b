import Configuration
import Federation
import Randomness
import Testing

/// The compressor by its name: its bytes and what it refuses.
struct StochasticQuantizationTests {
  private func compressor(_ keys: String) throws -> StochasticQuantization {
    var mapping = try ConfigurationDocument(text: keys, name: "a.yaml", directory: "/").root()
    let compressor = try StochasticQuantization(from: &mapping)
    try mapping.finish()
    return compressor
  }

  @Test func `four bits are half a byte each, with a scale in front of every block`() throws {
    var stream = RandomStream(seed: 0)
    let bytes = try compressor("bits: 4").encode([7, -7, 3, 0, -1], using: &stream)
    // 7 is 1.11b · 2², its pattern 40E00000; then the codes 7, 8 + 7, 3, 0 and 8 + 1.
    #expect(bytes == [0x00, 0x00, 0xE0, 0x40, 0xF7, 0x03, 0x09])
  }

  @Test func `three bits cross the bytes, and exponential levels are written by their exponents`() throws {
    var stream = RandomStream(seed: 0)
    let bytes = try compressor("{bits: 3, levels: exponential}").encode(
      [1, 0.5, -0.25, 0, 1, 1, -1, 1, 1], using: &stream)
    // Codes 3, 2, 4 + 1, 0, 3, 3, 4 + 3, 3, then 3 in a byte of its own; 1 is 3F800000.
    let codes: [UInt32] = [3, 2, 5, 0, 3, 3, 7, 3]
    let word = codes.enumerated().reduce(UInt32(0)) { $0 | $1.element << UInt32(3 * $1.offset) }
    #expect(
      bytes == [0, 0, 0x80, 0x3F, UInt8(word & 255), UInt8(word >> 8 & 255), UInt8(word >> 16), 3])
  }

  @Test(arguments: [
    ("bits: 4", 1_000_000, 500_000 + 4 * 977),
    ("bits: 8", 1_000_000, 1_000_000 + 4 * 977),
    ("{bits: 2, block_size: 1000}", 1_000_000, 250_000 + 4 * 1000),
    ("{bits: 5, block_size: 8}", 17, 3 * 4 + 5 + 5 + 1),
    ("{bits: 4, norm: euclidean, levels: exponential}", 1025, 512 + 1 + 8),
    ("bits: 4", 0, 0),
  ])
  func `bytes are as documented`(keys: String, count: Int, wanted: Int) throws {
    var stream = RandomStream(seed: 2)
    let compressor = try compressor(keys)
    let bytes = compressor.encode([Float](repeating: 0.5, count: count), using: &stream)
    #expect(bytes.count == wanted)
    #expect(try compressor.decode(bytes, count: count).count == count)
  }

  @Test func `the average over many sends converges to what was sent`() throws {
    let compressor = try compressor("bits: 4")
    let values = BlockQuantizerTests.values(256, seed: 12).map { $0 / 20 }
    var stream = RandomStream(seed: 13)
    var sum = [Double](repeating: 0, count: 256)
    var errors: [Double] = []
    for send in 1...6400 {
      for (index, value) in try compressor.decode(compressor.encode(values, using: &stream), count: 256).enumerated() {
        sum[index] += Double(value)
      }
      guard send == 100 || send == 6400 else { continue }
      errors.append(
        (0..<256).reduce(0) {
          $0 + (sum[$1] / Double(send) - Double(values[$1])) * (sum[$1] / Double(send) - Double(values[$1]))
        })
    }
    // 64 times as many sends, an eighth of the error: its square falls by 64, within a factor of 1.5.
    #expect(errors[0] / errors[1] > 64 / 1.5 && errors[0] / errors[1] < 64 * 1.5)
  }

  @Test func `bytes of another length, impossible scales and stray bits are refused`() throws {
    let compressor = try compressor("{bits: 4, block_size: 8}")
    var stream = RandomStream(seed: 0)
    let bytes = compressor.encode([Float](repeating: 1, count: 11), using: &stream)
    #expect(bytes.count == 8 + 6)
    for wrong in [[], Array(bytes.dropLast()), bytes + [0]] {
      let error = #expect(throws: TransportError.self) { try compressor.decode(wrong, count: 11) }
      #expect(
        error?.description == "11 parameters of 4 bits take 14 bytes, and \(wrong.count) arrived")
    }
    var stray = bytes
    stray[13] |= 0x10
    #expect(throws: TransportError.self) { try compressor.decode(stray, count: 11) }
    for scale in [-Float.infinity, -1, .infinity] {
      var impossible = bytes
      for byte in 0..<4 { impossible[byte] = UInt8(truncatingIfNeeded: scale.bitPattern >> UInt32(8 * byte)) }
      #expect(throws: TransportError.self) { try compressor.decode(impossible, count: 11) }
    }
  }

  @Test(arguments: 2...8) func `any bytes are read or refused`(bits: Int) throws {
    let compressor = try compressor("{bits: \(bits), block_size: 8}")
    var stream = RandomStream(seed: UInt64(bits))
    var (read, refused) = (0, 0)
    for _ in 0..<3000 {
      let count = stream.integer(below: 40)
      var length = (count + 7) / 8 * 4 + count / 8 * bits + (count % 8 * bits + 7) / 8
      if stream.bernoulli(0.3) { length = stream.integer(below: 60) }
      let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      do {
        #expect(try compressor.decode(bytes, count: count).count == count)
        read += 1
      } catch { refused += 1 }
    }
    #expect(read > 50 && refused > 500)
  }

  @Test(arguments: [
    ("levels: uniform", "is missing"), ("bits: 1", "from 2 to 8"), ("bits: 9", "from 2 to 8"),
    ("{bits: 4, levels: cubic}", "'exponential'"), ("{bits: 4, norm: l2}", "'euclidean'"),
    ("{bits: 4, block_size: 7}", "from 8 to 1048576"), ("{bits: 4, blocks: 7}", "unknown key 'blocks'"),
  ])
  func `wrong keys get a sentence`(keys: String, sentence: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try compressor(keys) }
    #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func `every compressor has a name of its own`() {
    let names = Compressors.all.map { $0.name }
    #expect(Set(names).count == names.count && names.contains("quantized") && names.contains("top-k"))
  }
}

import Randomness
import ReinforcementLearning
import Testing

struct PackedMaskTests {
  @Test(arguments: [0, 1, 3, 23, 24, 25, 47, 48, 49, 100])
  func `a mask comes out as it went in, for every number of options`(options: Int) {
    var stream = RandomStream(seed: UInt64(options))
    let mask = PackedMask(options: options)
    #expect(mask.columnCount == (options + 23) / 24)
    let rows = 3
    let original = (0..<rows * options).map { _ in stream.bernoulli(0.5) }
    var columns = [Float](repeating: .nan, count: rows * mask.columnCount)
    for row in 0..<rows {
      var span = columns.mutableSpan
      var part = span._mutatingExtracting(row * mask.columnCount..<(row + 1) * mask.columnCount)
      mask.pack(original.span.extracting(row * options..<(row + 1) * options), into: &part)
    }
    for row in 0..<rows {
      for option in 0..<options {
        #expect(mask.permits(columns.span, row: row, option: option) == original[row * options + option])
      }
    }
    var unpacked = original.map { !$0 }
    var span = unpacked.mutableSpan
    mask.unpack(columns.span, rows: rows, into: &span)
    #expect(unpacked == original)

    for option in 0..<options {
      var flags = [Float](repeating: .nan, count: rows)
      var span = flags.mutableSpan
      mask.unpack(columns.span, option: option, into: &span)
      #expect(flags == (0..<rows).map { original[$0 * options + option] ? 1 : 0 })
    }
    let isOpen = mask.permitsAll(columns.span)
    #expect(isOpen == original.allSatisfy { $0 })
    var open = [Float](repeating: 0, count: mask.columnCount)
    var openSpan = open.mutableSpan
    mask.pack([Bool](repeating: true, count: options).span, into: &openSpan)
    let permitsAll = mask.permitsAll(open.span)
    #expect(permitsAll)
  }

  @Test func `all of a column's options at once are exact`() {
    let mask = PackedMask(options: 24)
    var columns: [Float] = [0]
    var span = columns.mutableSpan
    mask.pack([Bool](repeating: true, count: 24).span, into: &span)
    #expect(columns == [16_777_215])
    #expect((0..<24).allSatisfy { mask.permits(columns.span, option: $0) })
  }
}

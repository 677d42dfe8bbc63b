import MessagePassing
import Testing

struct ChunksTests {
  @Test func `five gibibytes go in parts that 32 bits can count, whole and in order`() {
    let ranges = Chunks(count: 5 << 30, size: Chunks.largest).ranges
    #expect(ranges.count == 5)
    #expect(ranges.allSatisfy { $0.count <= Int(Int32.max) })
    #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == 5 << 30)
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
  }

  @Test(arguments: [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
  func `a part is full but the last`(count: Int, parts: Int) {
    let ranges = Chunks(count: count, size: 10).ranges
    #expect(ranges.count == parts)
    #expect(ranges.dropLast().allSatisfy { $0.count == 10 })
    #expect(ranges.reduce(0) { $0 + $1.count } == count)
  }
}

import HDF5
import TestSupport
import Testing

struct StorageTests {
  @Test(arguments: [
    ([100], [100]), ([1 << 20], [1 << 18]), ([100_000, 67], [3912, 67]), ([3, 1 << 19], [1, 1 << 18]),
    ([2, 5, 1 << 18], [1, 1, 1 << 18]), ([2, 300_000, 2], [1, 131_072, 2]),
  ])
  func `chunks hold whole rows of four bytes up to one mebibyte`(shape: [Int], chunk: [Int]) {
    #expect(Storage.rows(of: shape, byteCount: 4, level: 1) == .chunked(chunk, level: 1))
  }

  @Test func `a dataset says how it is stored`() throws {
    try withTemporaryFolder { folder in
      let file = try File.create(folder + "/a.h5")
      let root = try file.root()
      let numbers = [Float](repeating: 0, count: 1000)
      let packed = try root.createDataset(
        "a", numbers, shape: [10, 100], storage: .chunked([4, 100], level: 1))
      let plain = try root.createDataset("b", numbers, shape: [1000])
      try file.flush()
      let facts = try packed.storage()
      #expect(facts.chunk == [4, 100])
      #expect(facts.filters == [.shuffle, .deflate, .fletcher32])
      #expect(facts.storedBytes > 0 && facts.storedBytes < 400)
      let plainFacts = try plain.storage()
      #expect(plainFacts.chunk == nil)
      #expect(plainFacts.storedBytes == 4000)
    }
  }

  /// More than two pieces of 8 MiB, whose rows do not divide a piece, or are a piece or more each.
  @Test(arguments: [[5_000_009], [74_627, 67], [3, 2, 900_001], [1, 4_500_000], [2, 1, 3_000_000]])
  func `a large array is one block, whatever its rows, and comes back`(shape: [Int]) throws {
    try withTemporaryFolder { folder in
      let numbers = (0..<shape.reduce(1, *)).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0 &* 2_654_435_761)) }
      let file = try File.create(folder + "/a.h5")
      let facts = try file.root().createDataset("a", numbers, shape: shape).storage()
      #expect(facts.chunk == nil && facts.filters.isEmpty)
      #expect(facts.storedBytes == numbers.count * 4)
      try file.close()
      let written = try File.open(folder + "/a.h5")
      guard case .dataset(let dataset) = try written.root().open("a") else {
        Issue.record("no dataset")
        return
      }
      #expect(dataset.shape == shape)
      #expect(try dataset.read(Float.self).elementsEqual(numbers) { $0.bitPattern == $1.bitPattern })
    }
  }
}

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
}

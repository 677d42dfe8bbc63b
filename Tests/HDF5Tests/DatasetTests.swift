import Foundation
import HDF5
import TestSupport
import Testing

struct DatasetTests {
  private func roundTrip<Number: StoredNumber & Equatable>(_ numbers: [Number], _ shape: [Int]) throws -> Bool {
    try withTemporaryFolder { folder in
      let file = try File.create(folder + "/a.h5")
      try file.root().createDataset("x", numbers, shape: shape)
      try file.close()
      let again = try File.open(folder + "/a.h5")
      guard case .dataset(let dataset) = try again.root().open("x") else { return false }
      let read = try dataset.read(Number.self)
      return dataset.shape == shape && dataset.type == Number.elementType && read == numbers
    }
  }

  @Test func `reads back every type and shape`() throws {
    #expect(try roundTrip([1.5, -.infinity, .leastNonzeroMagnitude] as [Float], [3]))
    #expect(try roundTrip([1e300, -0.1], [2, 1]))
    #expect(try roundTrip([Int32.min, .max], [1, 2]))
    #expect(try roundTrip([Int64.min, .max], [2]))
    #expect(try roundTrip([UInt64.max], []))
    #expect(try roundTrip([0, 255] as [UInt8], [1, 1, 2]))
    #expect(try roundTrip([] as [Float], [0]))
    #expect(try roundTrip([] as [Double], [3, 0]))
  }

  @Test func `reads back texts with any UTF-8 but NUL`() throws {
    try withTemporaryFolder { folder in
      let texts = ["", "a", "größer λ 🛰️", String(repeating: "x", count: 100_000), ""]
      let file = try File.create(folder + "/a.h5")
      let root = try file.root()
      let dataset = try root.createDataset("t", texts: texts, shape: [5])
      let read = try dataset.readTexts()
      #expect(read == texts)
      #expect(throws: HDF5Error.self) { try dataset.readTexts(byteLimit: 100_000) }
      #expect(
        throws: HDF5Error(
          operation: "writing dataset \"u\"", reason: "a text holds a NUL, which HDF5 texts cannot")
      ) { try root.createDataset("u", texts: ["a\0b"], shape: [1]).readTexts() }
      try file.close()
    }
  }

  @Test func `does not convert`() throws {
    try withTemporaryFolder { folder in
      let file = try File.create(folder + "/a.h5")
      let dataset = try file.root().createDataset("x", [1, 2] as [Float], shape: [2])
      #expect(throws: HDF5Error(operation: "reading dataset \"x\"", reason: "its elements are not float64")) {
        try dataset.read(Double.self)
      }
      #expect(throws: HDF5Error.self) { try dataset.readTexts() }
    }
  }

  @Test func `notices a flipped bit in a chunk`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.h5"
      let file = try File.create(path)
      let bytes = [UInt8](repeating: 0xA5, count: 1000)
      try file.root().createDataset("x", bytes, shape: [1000], storage: .chunked([1000], level: 0))
      try file.close()
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      let run = try #require(data.range(of: Data(bytes)))
      data[run.lowerBound + 500] ^= 4
      try data.write(to: URL(fileURLWithPath: path))
      let damaged = try File.open(path)
      guard case .dataset(let dataset) = try damaged.root().open("x") else { return }
      let error = #expect(throws: HDF5Error.self) { try dataset.read(UInt8.self) }
      #expect(error?.reason == "data error detected by Fletcher32 checksum")
    }
  }
}

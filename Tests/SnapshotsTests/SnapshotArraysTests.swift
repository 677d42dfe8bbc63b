import Snapshots
import Testing

struct SnapshotArraysTests {
  @Test func `gives back every type of array`() throws {
    var snapshot = Snapshot()
    snapshot.set("float", [1.5, -.infinity] as [Float])
    snapshot.set("double", [1e300, .leastNonzeroMagnitude])
    snapshot.set("int32", [Int32.min, .max])
    snapshot.set("int64", [Int64.min, .max])
    snapshot.set("int", [Int.min, .max])
    snapshot.set("uint64", [UInt64.max])
    snapshot.set("bytes", [0, 255] as [UInt8])
    snapshot.set("bools", [true, false, true])
    snapshot.set("texts", ["", "größer"])
    #expect(try snapshot.floats("float") == [1.5, -.infinity])
    #expect(try snapshot.doubles("double") == [1e300, .leastNonzeroMagnitude])
    #expect(try snapshot.int32s("int32") == [.min, .max])
    #expect(try snapshot.int64s("int64") == [.min, .max])
    #expect(try snapshot.integers("int") == [.min, .max])
    #expect(try snapshot.uint64s("uint64") == [.max])
    #expect(try snapshot.bytes("bytes") == [0, 255])
    #expect(try snapshot.bools("bools", count: 3) == [true, false, true])
    #expect(try snapshot.texts("texts", count: 2) == ["", "größer"])
    #expect(snapshot["bools"] == .dataset(Snapshot.Dataset(.uint8([1, 0, 1]))))
  }

  @Test func `keeps the shape, by default a vector`() throws {
    var snapshot = Snapshot()
    snapshot.set("matrix", [1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    snapshot.set("vector", [1, 2, 3] as [Float])
    snapshot.set("nothing", [] as [Float], shape: [0, 7])
    #expect(try snapshot.dataset("matrix").shape == [2, 3])
    #expect(try snapshot.dataset("vector").shape == [3])
    #expect(try snapshot.dataset("nothing").shape == [0, 7])
  }

  @Test func `refuses another type or count without converting`() {
    var snapshot = Snapshot()
    snapshot.set("x", [1, 2] as [Double])
    #expect(throws: SnapshotError(path: "/x", expected: "float32", found: "float64 of shape [2]")) {
      try snapshot.floats("x")
    }
    #expect(
      throws: SnapshotError(path: "/x", expected: "float64 with 3 values", found: "float64 of shape [2]")
    ) {
      try snapshot.doubles("x", count: 3)
    }
    snapshot.set("flags", [0, 2] as [UInt8])
    #expect(throws: SnapshotError(path: "/flags", expected: "bytes 0 or 1", found: "2 at position 1")) {
      try snapshot.bools("flags")
    }
  }
}

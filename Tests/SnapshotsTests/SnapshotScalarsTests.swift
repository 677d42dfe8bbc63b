import Snapshots
import Testing

struct SnapshotScalarsTests {
  @Test func `gives back every type of scalar as a dataset without extents`() throws {
    var snapshot = Snapshot()
    snapshot.set("integer", integer: .min)
    snapshot.set("real", real: -0.1)
    snapshot.set("text", text: "λ")
    snapshot.set("unsigned", unsigned: .max)
    #expect(try snapshot.integer("integer") == .min)
    #expect(try snapshot.real("real") == -0.1)
    #expect(try snapshot.text("text") == "λ")
    #expect(try snapshot.unsigned("unsigned") == .max)
    #expect(try snapshot.names.allSatisfy { try snapshot.dataset($0).shape == [] })
  }

  @Test func `does not take a vector of one for a scalar`() {
    var snapshot = Snapshot()
    snapshot.set("x", [1] as [Int64])
    #expect(throws: SnapshotError(path: "/x", expected: "an int64 scalar", found: "int64 of shape [1]")) {
      try snapshot.integer("x")
    }
  }

  @Test func `reads attributes by their type`() throws {
    var snapshot = Snapshot()
    snapshot.attributes["kind"] = .text("linear")
    snapshot.attributes["width"] = .integer(64)
    snapshot.attributes["rate"] = .real(0.5)
    snapshot.attributes["names"] = .texts(["a", "b"])
    #expect(try snapshot.text(attribute: "kind") == "linear")
    #expect(try snapshot.integer(attribute: "width") == 64)
    #expect(try snapshot.real(attribute: "rate") == 0.5)
    #expect(try snapshot.texts(attribute: "names") == ["a", "b"])
    #expect(throws: SnapshotError(path: "/@width", expected: "a text", found: "the integer 64")) {
      try snapshot.text(attribute: "width")
    }
    #expect(throws: SnapshotError(path: "/@depth", expected: "an integer", found: "nothing")) {
      try snapshot.integer(attribute: "depth")
    }
  }
}

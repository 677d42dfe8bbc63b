import Snapshots
import Testing

struct SnapshotTests {
  @Test func `is equal to a tree with the same content, wherever it was taken from`() throws {
    var inner = Snapshot()
    inner.set("x", [1, 2] as [Float])
    var outer = Snapshot()
    outer.set("inner", inner)
    #expect(try outer.group("inner") == inner)
    var other = inner
    other.attributes["kind"] = .text("linear")
    #expect(other != inner)
  }

  @Test func `names the whole path of what is missing`() throws {
    var optimizer = Snapshot()
    optimizer.set("step", integer: 3)
    var learner = Snapshot()
    learner.set("optimizer", optimizer)
    var root = Snapshot()
    root.set("learner", learner)
    let group = try root.group("learner").group("optimizer")
    let error = #expect(throws: SnapshotError.self) { try group.floats("moment", count: 4) }
    #expect(error?.path == "/learner/optimizer/moment")
    #expect(error?.expected == "float32 with 4 values")
    #expect(error?.found == "nothing")
    #expect(throws: SnapshotError(path: "/learner/x", expected: "a group", found: "nothing")) {
      try root.group("learner").group("x")
    }
    #expect(throws: SnapshotError(path: "/learner", expected: "a dataset", found: "a group")) {
      try root.dataset("learner")
    }
  }

  @Test func `describes an error in one sentence`() {
    let error = SnapshotError(path: "/a/b", expected: "float32", found: "float64 of shape [3, 4]")
    #expect(error.description == "snapshot entry /a/b should be float32, but found float64 of shape [3, 4]")
  }

  @Test func `replaces a node under the same name and removes one that is set to nil`() {
    var snapshot = Snapshot()
    snapshot.set("x", integer: 1)
    snapshot.set("y", real: 2)
    snapshot.set("x", Snapshot())
    #expect(snapshot.names == ["x", "y"])
    #expect(snapshot["x"] == .group(Snapshot()))
    snapshot["x"] = nil
    #expect(!snapshot.contains("x"))
    #expect(snapshot.contains("y"))
  }

  @Test func `stops at a shape that does not hold the values`() async {
    await #expect(processExitsWith: .failure) {
      var snapshot = Snapshot()
      snapshot.set("x", [1, 2, 3] as [Float], shape: [2, 2])
    }
  }

  @Test func `leaves a value unchanged when restoring fails`() {
    var counter = Counter(count: 5, rate: 0.5)
    var partial = counter.snapshot()
    partial["rate"] = nil
    #expect(throws: SnapshotError.self) { try counter.restore(from: partial) }
    #expect(counter == Counter(count: 5, rate: 0.5))
  }

  private struct Counter: Restorable, Equatable {
    var count: Int
    var rate: Double

    func snapshot() -> Snapshot {
      var snapshot = Snapshot()
      snapshot.set("count", integer: count + 1)
      snapshot.set("rate", real: rate)
      return snapshot
    }

    mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
      let (count, rate) = (try snapshot.integer("count"), try snapshot.real("rate"))
      self = Counter(count: count, rate: rate)
    }
  }
}

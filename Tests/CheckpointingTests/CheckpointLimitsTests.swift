import Checkpointing
import Snapshots
import TestSupport
import Testing

struct CheckpointLimitsTests {
  private func nested(_ depth: Int) -> Snapshot {
    var snapshot = Snapshot()
    for level in 0..<depth {
      var outer = Snapshot()
      outer.set("level \(level)", snapshot)
      snapshot = outer
    }
    return snapshot
  }

  private func expectRefusal(_ snapshot: Snapshot, _ reason: String) throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: CheckpointError.self) {
        try CheckpointFile.write(snapshot, to: folder + "/a.h5")
      }
      #expect(error?.kind == .cannotWrite)
      #expect(error?.reason == reason)
    }
  }

  @Test func `reads what is as deep as the writer allows`() throws {
    try withTemporaryFolder { folder in
      try CheckpointFile.write(nested(16), to: folder + "/a.h5")
      #expect(try CheckpointFile.read(folder + "/a.h5") == nested(16))
    }
    let path = (0..<17).reversed().map { "/level \($0)" }.joined()
    try expectRefusal(nested(17), "\(path) lies deeper than 16 levels")
  }

  @Test func `reads as many attributes and texts as the writer allows`() throws {
    var snapshot = Snapshot()
    for number in 0..<1024 { snapshot.attributes["n\(number)"] = .integer(Int64(number)) }
    snapshot.attributes["n0"] = .texts((0..<4096).map { "text \($0)" })
    // The two attributes of the format take part in the count of the root.
    snapshot.attributes["n1"] = nil
    snapshot.attributes["n2"] = nil
    try withTemporaryFolder { folder in
      try CheckpointFile.write(snapshot, to: folder + "/a.h5")
      #expect(try CheckpointFile.read(folder + "/a.h5") == snapshot)
    }
    snapshot.attributes["n0"] = .texts([String](repeating: "", count: 4097))
    try expectRefusal(snapshot, "/@n0 has more than 4096 texts")
    snapshot.attributes["n0"] = nil
    for number in 1024..<1027 { snapshot.attributes["n\(number)"] = .integer(0) }
    try expectRefusal(snapshot, "/ has more than 1024 attributes")
  }

  @Test func `counts groups and datasets`() {
    var snapshot = Snapshot()
    for number in 0..<65_536 { snapshot.set("n\(number)", integer: number) }
    #expect(CheckpointLimits.objection(to: snapshot) == nil)
    snapshot.set("more", integer: 0)
    #expect(CheckpointLimits.objection(to: snapshot) == "there are more than 65536 groups and datasets")
  }

  @Test func `counts the bytes of all elements`() {
    let block = [UInt8](repeating: 0, count: 1 << 24)
    var snapshot = Snapshot()
    for number in 0..<240 { snapshot.set("n\(number)", block) }
    #expect(CheckpointLimits.objection(to: snapshot) == nil)
    snapshot.set("more", [0] as [UInt8])
    #expect(
      CheckpointLimits.objection(to: snapshot) == "with /more the elements take more than 4026531840 bytes")
  }

  @Test func `reads large floating-point arrays, which are not compressed`() throws {
    var random = SplitMix(state: 5)
    var snapshot = Snapshot()
    snapshot.set(
      "x", (0..<1_200_000).map { _ in Float.random(in: 0...1, using: &random) }, shape: [300_000, 4])
    try withTemporaryFolder { folder in
      try CheckpointFile.write(snapshot, to: folder + "/a.h5")
      #expect(try CheckpointFile.read(folder + "/a.h5") == snapshot)
    }
  }

  @Test func `refuses texts with a NUL before anything is written`() throws {
    var inner = Snapshot()
    inner.set("t", ["a\0b"])
    var snapshot = Snapshot()
    snapshot.set("g", inner)
    try expectRefusal(snapshot, "/g/t holds a text with a NUL, which HDF5 cannot store")
    snapshot = Snapshot()
    snapshot.attributes["note"] = .text("\0")
    try expectRefusal(snapshot, "/@note holds a text with a NUL, which HDF5 cannot store")
  }
}

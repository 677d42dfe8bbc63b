import Checkpointing
import Foundation
import Glibc
import HDF5
import Snapshots
import TestSupport
import Testing

struct CheckpointFileTests {
  @Test func `reads back what was written`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.h5"
      try CheckpointFile.write(variedSnapshot(), to: path)
      #expect(try CheckpointFile.read(path) == variedSnapshot())
      try CheckpointFile.write(Snapshot(), to: path)
      #expect(try CheckpointFile.read(path) == Snapshot())
    }
  }

  @Test func `keeps not-a-number bit for bit`() throws {
    try withTemporaryFolder { folder in
      let patterns: [UInt32] = [0x7FC0_0000, 0x7FC1_2345, 0xFFFF_FFFF, 0x8000_0000]
      var snapshot = Snapshot()
      snapshot.set("x", patterns.map(Float.init(bitPattern:)))
      try CheckpointFile.write(snapshot, to: folder + "/a.h5")
      #expect(try CheckpointFile.read(folder + "/a.h5").floats("x").map(\.bitPattern) == patterns)
    }
  }

  @Test func `reads the version that was written first`() throws {
    #expect(try CheckpointFile.read(fixture("version-1.h5")) == variedSnapshot())
  }

  @Test func `reads large arrays as they were stored first, in chunks with checksums`() throws {
    #expect(
      try CheckpointFile.read(fixture("checked-chunks.h5")).dataset("rows")
        == Snapshot.Dataset(.float32((0..<3000).map(Float.init)), shape: [1000, 3]))
  }

  @Test func `stores large floating-point arrays as they are, in equal bytes each time`() throws {
    try withTemporaryFolder { folder in
      let snapshot = largeSnapshot()
      try CheckpointFile.write(snapshot, to: folder + "/a.h5")
      try CheckpointFile.write(snapshot, to: folder + "/b.h5")
      let written = FileManager.default.contents(atPath: folder + "/a.h5")
      #expect(written != nil && written == FileManager.default.contents(atPath: folder + "/b.h5"))
      #expect(try CheckpointFile.read(folder + "/a.h5") == snapshot)
      let rows = try snapshot.floats("rows")
      #expect(written?.range(of: unsafe rows.withUnsafeBytes { unsafe Data($0) }) != nil)
    }
  }

  @Test(arguments: ["foreign.h5", "foreign-v108.h5"])
  func `reads what h5py wrote`(name: String) throws {
    let snapshot = try CheckpointFile.read(fixture(name))
    #expect(try snapshot.text(attribute: "note") == "größer")
    #expect(try snapshot.texts(attribute: "names") == ["a", "", "ß"])
    #expect(snapshot.attributes.names.sorted() == ["names", "note"])
    let policy = try snapshot.group("policy")
    #expect(try policy.real(attribute: "rate") == 0.25)
    #expect(try policy.integer(attribute: "layers") == 3)
    #expect(
      try policy.dataset("weight") == Snapshot.Dataset(.float32([1.5, -2, 0, 3, 4, 5]), shape: [2, 3]))
    #expect(try policy.doubles("bias") == (0..<300).map(Double.init))
    #expect(try policy.integer("step") == -7)
    #expect(try policy.text("label") == "λ")
    #expect(try policy.dataset("empty") == Snapshot.Dataset(.int32([]), shape: [0, 4]))
    #expect(try snapshot.uint64s("replay") == [.max])
  }

  @Test func `gives equal bytes for equal snapshots`() throws {
    try withTemporaryFolder { folder in
      try CheckpointFile.write(variedSnapshot(), to: folder + "/a.h5")
      try CheckpointFile.write(variedSnapshot(), to: folder + "/another name")
      let bytes = FileManager.default.contents(atPath: folder + "/a.h5")
      #expect(bytes != nil)
      #expect(bytes == FileManager.default.contents(atPath: folder + "/another name"))
    }
  }

  @Test func `gives equal bytes in another process`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "edgewise-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let there = folder.path + "/there.h5"
    await #expect(processExitsWith: .success) { [there = there as String] in
      try CheckpointFile.write(variedSnapshot(), to: there)
    }
    try CheckpointFile.write(variedSnapshot(), to: folder.path + "/here.h5")
    let bytes = FileManager.default.contents(atPath: there)
    #expect(bytes != nil)
    #expect(bytes == FileManager.default.contents(atPath: folder.path + "/here.h5"))
  }

  @Test func `reads only the named members of the root, and its attributes`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.h5"
      try CheckpointFile.write(variedSnapshot(), to: path)
      let part = try CheckpointFile.read(path, only: ["policy", "step", "absent"])
      var expected = variedSnapshot()
      for name in expected.names where name != "policy" && name != "step" { expected[name] = nil }
      #expect(part == expected)
      #expect(try CheckpointFile.read(path, only: []).attributes == variedSnapshot().attributes)
    }
  }

  @Test func `does not look at members that are not asked for`() throws {
    #expect(throws: CheckpointError.self) { try CheckpointFile.read(fixture("soft-link.h5")) }
    #expect(try CheckpointFile.read(fixture("soft-link.h5"), only: ["x"]).doubles("x") == [0, 0, 0])
  }

  @Test func `writes different files from several threads`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "edgewise-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in 0..<8 {
        group.addTask {
          var snapshot = Snapshot()
          snapshot.set("worker", integer: worker)
          let path = "\(folder.path)/\(worker % 4).h5"
          for _ in 0..<5 { try CheckpointFile.write(snapshot, to: path) }
          return [worker, (worker + 4) % 8].contains(try CheckpointFile.read(path).integer("worker"))
        }
      }
      for try await isWhole in group { #expect(isWhole) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
  }

  @Test func `stops at root attributes that belong to the format`() async {
    await #expect(processExitsWith: .failure) {
      var snapshot = Snapshot()
      snapshot.attributes["format"] = .text("mine")
      try CheckpointFile.write(snapshot, to: "/dev/null/x")
    }
  }
}

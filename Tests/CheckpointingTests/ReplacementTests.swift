import Checkpointing
import Foundation
import Glibc
import Snapshots
import TestSupport
import Testing

/// The old file or the new one, never half of one, and nothing beside it.
struct ReplacementTests {
  private func small(_ value: Int) -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("x", integer: value)
    return snapshot
  }

  private func entries(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `says where no file can be made`() throws {
    try withTemporaryFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: false)
      for (path, reason) in [
        (folder + "/none/a.h5", "No such file or directory"), (folder + "/file/a.h5", "Not a directory"),
        ("/proc/a.h5", "creating the file failed"), (folder + "/folder", "something other than a file"),
        (folder + "/", "does not name a file"), ("", "does not name a file"),
        (folder + "/" + String(repeating: "n", count: 300), "File name too long"),
      ] {
        let error = #expect(throws: CheckpointError.self) { try CheckpointFile.write(small(1), to: path) }
        #expect(error?.kind == .cannotWrite)
        #expect(error?.path == path)
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
      }
      #expect(try entries(folder) == ["file", "folder"])
      #expect(try entries(folder + "/folder") == [])
    }
  }

  @Test func `leaves the old file and nothing else when the storage is full`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "edgewise-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/a.h5"
    try CheckpointFile.write(small(1), to: path)
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      for limit in [0, 100, 3000, 20_000, 60_000] as [UInt] {
        var limits = rlimit(rlim_cur: limit, rlim_max: rlim_t.max)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0 else { exit(2) }
        do throws(CheckpointError) {
          try CheckpointFile.write(variedSnapshot(), to: path)
          exit(3)
        } catch {
          guard error.kind == .ioFault, error.reason.contains("File too large") else { exit(4) }
        }
      }
    }
    #expect(try CheckpointFile.read(path) == small(1))
    #expect(try entries(folder) == ["a.h5"])
  }

  @Test func `removes the temporaries of dead processes and no others`() throws {
    try withTemporaryFolder { folder in
      let others = ["a.h5.tmp.\(getppid())", "a.h5.tmp.x", "a.h5.tmp.", "b.h5.tmp.999999999", "a.h5.tmp.-5"]
      let dead = ["a.h5.tmp.999999999", "a.h5.tmp.\(getpid())"]
      for name in others + dead { try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      try CheckpointFile.write(small(1), to: folder + "/a.h5")
      #expect(try entries(folder) == (others + ["a.h5"]).sorted())
    }
  }

  @Test func `leaves a temporary that somebody has locked`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.h5.tmp.999999999"
      let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o644)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX) == 0)
      try CheckpointFile.write(small(1), to: folder + "/a.h5")
      #expect(try entries(folder) == ["a.h5", "a.h5.tmp.999999999"])
    }
  }

  @Test func `a reader beside a writer sees one whole file after another`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "edgewise-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/a.h5"
    try CheckpointFile.write(small(0), to: path)
    try await withThrowingTaskGroup(of: [Int].self) { group in
      group.addTask {
        for value in 1...30 { try CheckpointFile.write(self.small(value), to: path) }
        return []
      }
      group.addTask { try (0..<60).map { _ in try CheckpointFile.read(path).integer("x") } }
      for try await seen in group { #expect(seen == seen.sorted()) }
    }
    #expect(try CheckpointFile.read(path).integer("x") == 30)
  }
}

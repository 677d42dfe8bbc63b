import Checkpointing
import Foundation
import Snapshots
import TestSupport
import Testing

/// What a reader says to files that are not whole checkpoints.
struct DamageTests {
  private func reading(_ bytes: Data) throws -> Result<Snapshot, CheckpointError> {
    try withTemporaryFolder { folder in
      let path = folder + "/a.h5"
      try bytes.write(to: URL(fileURLWithPath: path))
      do throws(CheckpointError) { return .success(try CheckpointFile.read(path)) } catch {
        return .failure(error)
      }
    }
  }

  private func written() throws -> Data {
    try withTemporaryFolder { folder in
      try CheckpointFile.write(variedSnapshot(), to: folder + "/a.h5")
      return try Data(contentsOf: URL(fileURLWithPath: folder + "/a.h5"))
    }
  }

  private func kindAndReason(_ path: String) -> (CheckpointError.Kind?, String?) {
    let error = #expect(throws: CheckpointError.self) { try CheckpointFile.read(path) }
    return (error?.kind, error?.reason)
  }

  @Test func `tells a missing file, a folder and a device`() throws {
    try withTemporaryFolder { folder in
      #expect(kindAndReason(folder + "/none.h5") == (.noSuchFile, "there is no such file"))
      #expect(kindAndReason(folder) == (.noSuchFile, "this is a folder, not a checkpoint file"))
      #expect(kindAndReason("/dev/null") == (.noSuchFile, "this is not a regular file"))
      let error = CheckpointError(.noSuchFile, path: "/x.h5", reason: "there is no such file")
      #expect(error.description == "/x.h5: there is no such file")
    }
  }

  @Test func `tells an empty file and one that is not HDF5`() throws {
    let empty = try reading(Data())
    #expect(throws: CheckpointError.self) { try empty.get() }
    guard case .failure(let first) = empty, case .failure(let second) = try reading(Data("hello".utf8)) else {
      return
    }
    #expect((first.kind, first.reason) == (.badContent, "the file is empty"))
    #expect((second.kind, second.reason) == (.badContent, "the file is not an HDF5 file"))
  }

  @Test(arguments: [
    ("no-format.h5", "not a checkpoint"), ("other-format.h5", "not a checkpoint"),
    ("newer.h5", "format version 2, but this program reads none newer than 1"),
    ("version-zero.h5", "should be a number from 1"),
    ("soft-link.h5", "/y cannot be read"), ("external-link.h5", "link to somewhere else"),
    ("external-storage.h5", "in another file"), ("virtual.h5", "a view of other datasets"),
    ("lzf.h5", "filter 32000"), ("big-endian.h5", "a type that checkpoints do not use"),
    ("half.h5", "a type"), ("fixed-text.h5", "a type"), ("compound.h5", "a type"),
    ("named-type.h5", "neither a group nor a dataset"), ("unwritten.h5", "more than its 0 stored ones"),
    ("bomb.h5", "stored ones can hold"), ("overflow.h5", "too large"),
    ("large-chunk.h5", "chunks of more than"), ("null.h5", "it has no extent"),
    ("cycle.h5", "deeper than 16"), ("boolean-attribute.h5", "attribute \"flag\""),
  ])
  func `refuses what a checkpoint never holds`(name: String, reason: String) {
    let error = #expect(throws: CheckpointError.self) { try CheckpointFile.read(fixture(name)) }
    #expect(error?.kind == .badContent)
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func `refuses a file cut at any length`() throws {
    let whole = try written()
    let seal = 24
    for length in Array(stride(from: 1, to: whole.count, by: whole.count / 60)) + [
      whole.count - 1, whole.count - 23,
    ] {
      guard case .failure(let error) = try reading(whole.prefix(length)) else {
        Issue.record("\(length) of \(whole.count) bytes were accepted")
        continue
      }
      #expect(error.kind == .badContent)
      if length > 48, length < whole.count - seal { #expect(error.reason.contains("truncated")) }
    }
    #expect(try reading(whole.prefix(whole.count - seal)).get() == variedSnapshot())
    #expect(throws: CheckpointError.self) { try reading(whole + [0]).get() }
  }

  @Test func `refuses a file with flipped bits anywhere`() throws {
    let whole = try written()
    var random = SplitMix(state: 1)
    for round in 0..<400 {
      var bytes = whole
      for _ in 0...(round % 4) {
        bytes[Int.random(in: 0..<whole.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      guard bytes != whole else { continue }
      guard case .failure(let error) = try reading(bytes) else {
        Issue.record("round \(round) was accepted")
        continue
      }
      #expect(error.kind == .badContent)
    }
  }

  @Test func `refuses a file with a flipped bit in a large array`() throws {
    let whole = try withTemporaryFolder { folder in
      try CheckpointFile.write(largeSnapshot(), to: folder + "/a.h5")
      return try Data(contentsOf: URL(fileURLWithPath: folder + "/a.h5"))
    }
    for position in [whole.count / 100, 1 << 18, 8 << 20, whole.count / 2 + 3, whole.count - 50_000] {
      var bytes = whole
      bytes[position] ^= 1 << UInt8(position % 8)
      guard case .failure(let error) = try reading(bytes) else {
        Issue.record("a flipped bit at \(position) was accepted")
        continue
      }
      #expect(error.reason == "the file is damaged: its contents do not match its checksum")
    }
  }
}

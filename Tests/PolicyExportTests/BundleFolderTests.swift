import Foundation
import NeuralNetworks
import Policies
import PolicyExport
import TestSupport
import Testing

struct BundleFolderTests {
  let policies = SamplePolicies.set(hidden: [4])
  let names = ["SHA256SUMS", "drone-0.onnx", "drone-1.onnx", "golden.json", "policy.json", "vehicle.onnx"]

  func write(_ policies: PolicySet? = nil, to path: String) throws(ExportError) {
    try PolicyBundle.write(policies ?? self.policies, origin: SamplePolicies.origin, to: path)
  }

  func entries(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `writes into a new folder, an empty one and one whose parents are missing`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/empty", withIntermediateDirectories: false)
      for path in ["new", "empty", "a/b/c", "slash/"] {
        try write(to: "\(folder)/\(path)")
        #expect(try entries("\(folder)/\(path)") == names)
      }
      #expect(try entries(folder) == ["a", "empty", "new", "slash"])
    }
  }

  @Test func `replaces an earlier bundle as a whole`() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/bundle"
      try write(to: path)
      let shared = PolicySet(algorithm: "dqn", groups: [policies.groups[0]])
      try write(shared, to: path)
      #expect(try entries(path) == ["SHA256SUMS", "golden.json", "policy.json", "vehicle.onnx"])
      #expect(try entries(folder) == ["bundle"])
    }
  }

  @Test func `replaces the folder that a link names and keeps the link`() throws {
    try withTemporaryFolder { folder in
      try write(to: "\(folder)/real")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "real")
      try write(SamplePolicies.set(hidden: [5]), to: "\(folder)/link")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "real")
      #expect(try entries(folder) == ["link", "real"])
    }
  }

  @Test func `leaves a folder of other things alone`() throws {
    try withTemporaryFolder { folder in
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/notes.txt"))
      let error = #expect(throws: ExportError.self) { try write(to: folder) }
      #expect(error?.isCannotWrite == true)
      #expect(
        error?.description
          == "\(folder): the folder is neither empty nor an earlier bundle, choose another")
      #expect(try entries(folder) == ["notes.txt"])
    }
  }

  @Test func `leaves a bundle alone to which somebody added a file`() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/bundle"
      try write(to: path)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(path)/notes.txt"))
      let error = #expect(throws: ExportError.self) { try write(to: path) }
      #expect(error?.isCannotWrite == true && error?.reason.contains("notes.txt") == true)
      #expect(try entries(path) == (names + ["notes.txt"]).sorted())
      #expect(try entries(folder) == ["bundle"])
    }
  }

  @Test func `says in one sentence that it cannot write below a file or onto one`() throws {
    try withTemporaryFolder { folder in
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
      let onto = #expect(throws: ExportError.self) { try write(to: "\(folder)/file") }
      #expect(onto?.description == "\(folder)/file: something other than a folder is there already")
      let below = #expect(throws: ExportError.self) { try write(to: "\(folder)/file/bundle") }
      #expect(below?.isCannotWrite == true)
      #expect(below?.description == "\(folder)/file/bundle: creating the folder failed: Not a directory")
      for path in ["", "/"] {
        let error = #expect(throws: ExportError.self) { try write(to: path) }
        #expect(error?.isCannotWrite == true)
      }
      #expect(try entries(folder) == ["file"])
    }
  }

  @Test func `a policy that cannot be exported leaves the earlier bundle as it is`() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/bundle"
      try write(to: path)
      let before = try Data(contentsOf: URL(fileURLWithPath: "\(path)/SHA256SUMS"))
      var broken = policies
      broken.groups[0].parameters[0].values[0] = .infinity
      let error = #expect(throws: ExportError.self) { try write(broken, to: path) }
      #expect(error?.kind == .unsuitablePolicy && error?.isCannotWrite == false)
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(path)/SHA256SUMS")) == before)
      #expect(try entries(folder) == ["bundle"])
    }
  }

  @Test func `removes what an export left behind whose process is gone`() throws {
    try withTemporaryFolder { folder in
      let leftover = "\(folder)/bundle.tmp.2147483646"
      let others = "\(folder)/bundle.tmp.notes"
      for path in [leftover, others] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      }
      try write(to: "\(folder)/bundle")
      #expect(try entries(folder) == ["bundle", "bundle.tmp.notes"])
    }
  }
}

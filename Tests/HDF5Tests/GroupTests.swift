import HDF5
import TestSupport
import Testing

struct GroupTests {
  @Test func `lists members in the order of their creation, many of them too`() throws {
    try withTemporaryFolder { folder in
      let names = (0..<40).map { "n\(($0 * 17) % 40)" }
      let file = try File.create(folder + "/a.h5")
      let root = try file.root()
      for name in names { _ = try root.createGroup(name) }
      let found = try root.memberNames()
      #expect(found == names)
      #expect(throws: HDF5Error.self) { try root.memberNames(limit: 39) }
      try file.close()
    }
  }

  @Test func `refuses a name that is taken and one that is missing`() throws {
    try withTemporaryFolder { folder in
      let file = try File.create(folder + "/a.h5")
      let root = try file.root()
      _ = try root.createGroup("g")
      #expect(throws: HDF5Error(operation: "creating group \"g\"", reason: "name already exists")) {
        _ = try root.createGroup("g")
      }
      #expect(throws: HDF5Error.self) { _ = try root.open("h") }
    }
  }
}

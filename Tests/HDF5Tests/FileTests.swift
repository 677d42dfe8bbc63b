import Foundation
import HDF5
import TestSupport
import Testing

struct FileTests {
  @Test func `creates only what does not exist yet`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.h5"
      try File.create(path).close()
      let error = #expect(throws: HDF5Error.self) { try File.create(path).close() }
      #expect(error?.operation == "creating file \(path)")
      #expect(error?.reason == "unable to open file: File exists")
    }
  }

  @Test func `says why a file cannot be opened`() throws {
    try withTemporaryFolder { folder in
      let missing = #expect(throws: HDF5Error.self) { try File.open(folder + "/none.h5").close() }
      #expect(missing?.reason == "unable to open file: No such file or directory")
      try Data("not HDF5".utf8).write(to: URL(fileURLWithPath: folder + "/text.h5"))
      let foreign = #expect(throws: HDF5Error.self) { try File.open(folder + "/text.h5").close() }
      #expect(foreign?.reason.contains("signature") == true)
    }
  }

  @Test func `gives every handle back`() throws {
    try withTemporaryFolder { folder in
      try Library.exclusively {
        let file = try File.create(folder + "/a.h5")
        do {
          let group = try file.root().createGroup("g")
          try group.createAttribute("note", .texts(["a", "b"]))
          try group.createDataset("x", [1, 2, 3] as [Float], shape: [3])
          let names = try group.memberNames()
          #expect(names == ["x"])
          let note = try group.attribute("note")
          #expect(note == .texts(["a", "b"]))
          #expect(throws: HDF5Error.self) { try group.createGroup("x").memberNames() }
          #expect(throws: HDF5Error.self) { try group.attribute("none") }
        }
        let count = try file.openHandleCount()
        #expect(count == 1)
        try file.close()
      }
    }
  }

  @Test func `gives equal bytes for equal calls`() throws {
    try withTemporaryFolder { folder in
      for name in ["a.h5", "b.h5"] {
        let file = try File.create("\(folder)/\(name)")
        let group = try file.root().createGroup("g")
        try group.createDataset("t", texts: ["x", "y"], shape: [2])
        try file.close()
      }
      let (a, b) = (
        FileManager.default.contents(atPath: folder + "/a.h5"),
        FileManager.default.contents(atPath: folder + "/b.h5")
      )
      #expect(a != nil)
      #expect(a == b)
    }
  }

  @Test func `reports a version of the 1 or 2 series`() {
    #expect(Library.version.wholeMatch(of: /[12]\.[0-9]+\.[0-9]+/) != nil)
  }
}

import HDF5
import TestSupport
import Testing

struct AttributesTests {
  @Test func `reads back every type on groups and datasets, in order`() throws {
    try withTemporaryFolder { folder in
      let values: [(String, AttributeValue)] = [
        ("z", .text("größer")), ("empty", .text("")), ("a", .integer(.min)), ("m", .real(-0.1)),
        ("list", .texts(["", "λ", "b"])), ("none", .texts([])),
        ("long", .text(String(repeating: "x", count: 300_000))),
      ]
      let file = try File.create(folder + "/a.h5")
      let root = try file.root()
      let dataset = try root.createDataset("x", [1] as [Float], shape: [1])
      for (name, value) in values {
        try root.createAttribute(name, value)
        try dataset.createAttribute(name, value)
      }
      let (rootNames, names) = (try root.attributeNames(), try dataset.attributeNames())
      #expect(rootNames == values.map(\.0))
      #expect(names == values.map(\.0))
      for (name, value) in values {
        let (onGroup, onDataset) = (try root.attribute(name), try dataset.attribute(name))
        #expect(onGroup == value)
        #expect(onDataset == value)
      }
      try file.close()
    }
  }

  @Test func `keeps a thousand attributes in order`() throws {
    try withTemporaryFolder { folder in
      let names = (0..<1000).map { "n\(($0 * 37) % 1000)" }
      let file = try File.create(folder + "/a.h5")
      let root = try file.root()
      for name in names { try root.createAttribute(name, .text(name)) }
      try file.close()
      let again = try File.open(folder + "/a.h5")
      let found = try again.root().attributeNames()
      #expect(found == names)
      let last = try again.root().attribute("n963")
      #expect(last == .text("n963"))
      #expect(throws: HDF5Error.self) { try again.root().attributeNames(limit: 999) }
    }
  }
}

import Snapshots
import Testing

struct NamedValuesTests {
  @Test func `keeps the order in which names were first set`() {
    var values = NamedValues<Int>()
    for (position, name) in ["z", "a", "m"].enumerated() { values[name] = position }
    values["z"] = 7
    #expect(values.names == ["z", "a", "m"])
    #expect(values.map(\.value) == [7, 1, 2])
    #expect(values.count == 3)
  }

  @Test func `forgets a removed name and finds the later ones`() {
    var values = NamedValues<Int>()
    for position in 0..<5 { values["\(position)"] = position }
    values["1"] = nil
    values["9"] = nil
    #expect(values.names == ["0", "2", "3", "4"])
    #expect(values["1"] == nil)
    #expect(["0", "2", "3", "4"].map { values[$0] } == [0, 2, 3, 4])
    values["1"] = 10
    #expect(values.names.last == "1")
  }

  @Test func `tells apart collections in another order`() {
    var (left, right) = (NamedValues<Int>(), NamedValues<Int>())
    left["a"] = 1
    left["b"] = 2
    right["b"] = 2
    #expect(left != right)
    right["a"] = 1
    #expect(left != right)
    right["b"] = nil
    right["b"] = 2
    #expect(left == right)
  }

  @Test(arguments: [
    ("weight", true), ("größe 1", true), ("..", true), ("", false), (".", false), ("a/b", false),
    ("a\0", false),
  ])
  func `accepts as names what HDF5 can keep`(name: String, isName: Bool) {
    #expect(NamedValues<Int>.isName(name) == isName)
  }

  @Test func `stops at a name with a slash`() async {
    await #expect(processExitsWith: .failure) {
      var values = NamedValues<Int>()
      values["a/b"] = 1
    }
  }
}

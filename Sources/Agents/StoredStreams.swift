package import Randomness
package import Snapshots

extension Snapshot {
  /// A random stream kept by its words.
  package func stream(_ name: String) throws(SnapshotError) -> RandomStream {
    guard let stream = RandomStream(words: try uint64s(name, count: 8)) else {
      throw mismatch(name, expected: "the state of a random stream", found: "other words")
    }
    return stream
  }
}

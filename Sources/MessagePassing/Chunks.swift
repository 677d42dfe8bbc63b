/// A message cut into parts that MPI can count: its numbers of bytes are 32 bits wide.
package struct Chunks {
  /// The largest part, 1 GiB.
  package static let largest = 1 << 30

  /// The bytes of the message.
  package let count: Int
  /// The bytes of each part but the last.
  package let size: Int

  /// A message of `count` bytes in parts of `size`.
  package init(count: Int, size: Int) {
    self.count = count
    self.size = size
  }

  /// The parts of a message in their order; none of an empty one.
  package var ranges: [Range<Int>] { stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) } }
}

import HDF5
import Snapshots

/// Writes snapshots into the groups of a file.
struct SnapshotWriter {
  /// Arrays of fewer bytes are stored as they are: a chunk's index would take more than compression saves.
  private static let smallByteCount = 256

  /// Floating-point arrays of more bytes are stored as they are too, under the checksum of the whole file.
  ///
  /// With gzip at its fastest, 100,000 × 67 numbers took 8 to 11 times as long to write and 4 to 5 times as
  /// long to read, for a fifth (noise) to a half of the size; checksums of chunks took longer than all else.
  private static let largeByteCount = 4 << 20

  /// Writes the attributes and nodes of `snapshot` into `group`.
  func write(_ snapshot: Snapshot, to group: borrowing Group) throws(HDF5Error) {
    try write(snapshot.attributes, to: group)
    for name in snapshot.names {
      switch snapshot[name] {
      case .group(let members)?: try write(members, to: try group.createGroup(name))
      case .dataset(let dataset)?: try write(dataset, named: name, to: group)
      case nil: break
      }
    }
  }

  private func write(
    _ dataset: Snapshot.Dataset, named name: String, to group: borrowing Group
  ) throws(HDF5Error) {
    let shape = dataset.shape
    switch dataset.values {
    case .float32(let values): try write(values, shape, dataset.attributes, named: name, to: group)
    case .float64(let values): try write(values, shape, dataset.attributes, named: name, to: group)
    case .int32(let values): try write(values, shape, dataset.attributes, named: name, to: group)
    case .int64(let values): try write(values, shape, dataset.attributes, named: name, to: group)
    case .uint64(let values): try write(values, shape, dataset.attributes, named: name, to: group)
    case .uint8(let values): try write(values, shape, dataset.attributes, named: name, to: group)
    case .text(let texts):
      try write(dataset.attributes, to: try group.createDataset(name, texts: texts, shape: shape))
    }
  }

  private func write<Number: StoredNumber>(
    _ numbers: [Number], _ shape: [Int], _ attributes: NamedValues<Snapshot.Attribute>,
    named name: String, to group: borrowing Group
  ) throws(HDF5Error) {
    let elementByteCount = Number.elementType.byteCount
    let byteCount = numbers.count * elementByteCount
    let isFloating = Number.elementType == .float32 || Number.elementType == .float64
    let isPlain =
      shape.isEmpty || byteCount < Self.smallByteCount || isFloating && byteCount > Self.largeByteCount
    let storage: Storage = isPlain ? .contiguous : .rows(of: shape, byteCount: elementByteCount, level: 1)
    try write(attributes, to: try group.createDataset(name, numbers, shape: shape, storage: storage))
  }

  private func write(
    _ attributes: NamedValues<Snapshot.Attribute>, to object: borrowing some Annotated & ~Copyable
  ) throws(HDF5Error) {
    for (name, attribute) in attributes {
      let value: AttributeValue =
        switch attribute {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .texts(let texts): .texts(texts)
        }
      try object.createAttribute(name, value)
    }
  }
}

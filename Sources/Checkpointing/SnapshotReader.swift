import HDF5
import Snapshots

/// Reads snapshots from the groups of a file within the limits.
///
/// Everything is compared with the limits and with what the file stores before memory is taken for it.
struct SnapshotReader {
  private var budget = Budget()

  /// Reads a group that stands at `path`; `only` names the members to read, by default all.
  mutating func read(
    _ group: borrowing Group, at path: String = "", depth: Int = 0, only: Set<String>? = nil
  ) throws(Refusal) -> Snapshot {
    var snapshot = Snapshot()
    let names: [String]
    do throws(HDF5Error) {
      snapshot.attributes = try attributes(of: group)
      names = try group.memberNames(limit: CheckpointLimits.objectCount)
    } catch {
      throw Refusal(error, at: path.isEmpty ? "/" : path)
    }
    for name in names where only?.contains(name) ?? true {
      let path = "\(path)/\(name)"
      try budget.takeObject(at: path, depth: depth + 1)
      snapshot[name] = try node(name, of: group, at: path, depth: depth + 1)
    }
    return snapshot
  }

  private mutating func node(
    _ name: String, of group: borrowing Group, at path: String, depth: Int
  ) throws(Refusal) -> Snapshot.Node {
    let member: Group.Member
    do throws(HDF5Error) {
      member = try group.open(name)
    } catch {
      throw Refusal(error, at: path)
    }
    switch consume member {
    case .group(let group): return .group(try read(group, at: path, depth: depth))
    case .dataset(let dataset): return .dataset(try read(dataset, at: path))
    }
  }

  private mutating func read(
    _ dataset: borrowing Dataset, at path: String
  ) throws(Refusal) -> Snapshot.Dataset {
    guard let type = dataset.type else {
      throw Refusal(reason: "\(path) has elements of a type that checkpoints do not use")
    }
    let facts: StorageFacts
    do throws(HDF5Error) { facts = try dataset.storage() } catch { throw Refusal(error, at: path) }
    try admit(dataset, type, facts, at: path)
    var result: Snapshot.Dataset
    do throws(HDF5Error) {
      result = Snapshot.Dataset(try values(of: dataset, type), shape: dataset.shape)
      result.attributes = try attributes(of: dataset)
    } catch {
      throw Refusal(error, at: path)
    }
    if case .text(let texts) = result.values {
      for text in texts { try budget.takeElements(text.utf8.count, of: 1, at: path) }
    }
    return result
  }

  /// Counts a dataset's elements and refuses storage that we do not write.
  private mutating func admit(
    _ dataset: borrowing Dataset, _ type: ElementType, _ facts: StorageFacts, at path: String
  ) throws(Refusal) {
    guard dataset.shape.count <= CheckpointLimits.rank else {
      throw Refusal(reason: "\(path) has more than \(CheckpointLimits.rank) extents")
    }
    for case .other(let number) in facts.filters {
      throw Refusal(reason: "\(path) is stored with filter \(number), which checkpoints do not use")
    }
    if let chunk = facts.chunk {
      var byteCount = type.byteCount
      for extent in chunk {
        let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
        guard !overflow, product <= CheckpointLimits.chunkByteCount else {
          throw Refusal(
            reason: "\(path) has chunks of more than \(CheckpointLimits.chunkByteCount) bytes")
        }
        byteCount = product
      }
    }
    try budget.takeElements(dataset.count, of: type.byteCount, at: path)
    // A file stores a text's reference in no fewer bytes than memory does.
    let byteCount = UInt64(dataset.count * type.byteCount)
    let ratio = facts.filters.contains(.deflate) ? UInt64(CheckpointLimits.deflateRatio) : 1
    guard byteCount / ratio <= facts.storedBytes, byteCount == 0 || facts.storedBytes > 0 else {
      throw Refusal(
        reason: "\(path) declares \(byteCount) bytes, more than its \(facts.storedBytes) stored ones can hold"
      )
    }
  }

  private func values(
    of dataset: borrowing Dataset, _ type: ElementType
  ) throws(HDF5Error) -> Snapshot.Values {
    switch type {
    case .float32: .float32(try dataset.read())
    case .float64: .float64(try dataset.read())
    case .int32: .int32(try dataset.read())
    case .int64: .int64(try dataset.read())
    case .uint64: .uint64(try dataset.read())
    case .uint8: .uint8(try dataset.read())
    case .text: .text(try dataset.readTexts(byteLimit: budget.bytes))
    }
  }

  private func attributes(
    of object: borrowing some Annotated & ~Copyable
  ) throws(HDF5Error) -> NamedValues<Snapshot.Attribute> {
    var attributes = NamedValues<Snapshot.Attribute>()
    for name in try object.attributeNames(limit: CheckpointLimits.attributeCount) {
      attributes[name] =
        switch try object.attribute(name, limit: CheckpointLimits.attributeTextCount) {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .texts(let texts): .texts(texts)
        }
    }
    return attributes
  }
}

extension Refusal {
  /// What the file's object at `path` gave as the reason.
  fileprivate init(_ error: HDF5Error, at path: String) {
    reason = "\(path) cannot be read: \(error)"
  }
}

public import Snapshots

/// The bounds of a checkpoint, which the writer keeps and the reader demands.
///
/// They hold the memory and time that a bad file can cost; what was written within them can be read.
public enum CheckpointLimits {
  /// The largest file.
  public static let fileByteCount = 4 << 30

  /// The most memory that all elements of a file take together, texts included: uncompressed, they leave a
  /// sixteenth of the largest file for all else.
  public static let elementByteCount = 15 << 28

  /// The most groups and datasets.
  public static let objectCount = 65_536

  /// The most groups on a path from the root, the root not counted, plus its dataset.
  public static let depth = 16

  /// The most attributes of one object.
  public static let attributeCount = 1024

  /// The attributes of the root that the file format itself takes.
  static let formatAttributeCount = 2

  /// The most texts in one attribute.
  public static let attributeTextCount = 4096

  /// The most extents of a dataset.
  public static let rank = 32

  /// The most memory that one chunk takes.
  static let chunkByteCount = 64 << 20

  /// The most bytes that gzip makes of one: a match of 258 bytes takes at least two bits.
  static let deflateRatio = 1032

  /// Why `snapshot` cannot be stored, as the end of a sentence that begins with a file's path; nil when it
  /// can.
  public static func objection(to snapshot: Snapshot) -> String? {
    var budget = Budget()
    do throws(Refusal) {
      try budget.admit(snapshot, at: "", depth: 0)
      return nil
    } catch {
      return error.reason
    }
  }
}

/// Why something is beyond the limits.
struct Refusal: Error {
  let reason: String
}

/// What is left of the limits while a tree is walked.
struct Budget {
  private var objects = CheckpointLimits.objectCount
  private(set) var bytes = CheckpointLimits.elementByteCount

  /// Counts an object at `path`.
  mutating func takeObject(at path: String, depth: Int) throws(Refusal) {
    guard depth <= CheckpointLimits.depth else {
      throw Refusal(reason: "\(path) lies deeper than \(CheckpointLimits.depth) levels")
    }
    objects -= 1
    guard objects >= 0 else {
      throw Refusal(reason: "there are more than \(CheckpointLimits.objectCount) groups and datasets")
    }
  }

  /// Counts `count` elements of `size` bytes at `path`.
  mutating func takeElements(_ count: Int, of size: Int, at path: String) throws(Refusal) {
    let (taken, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, taken <= bytes else {
      throw Refusal(
        reason: "with \(path) the elements take more than \(CheckpointLimits.elementByteCount) bytes")
    }
    bytes -= taken
  }

  /// Counts everything in `snapshot`, which stands at `path`, and checks its texts.
  mutating func admit(_ snapshot: Snapshot, at path: String, depth: Int) throws(Refusal) {
    try Self.admit(
      snapshot.attributes, at: path, reserved: depth == 0 ? CheckpointLimits.formatAttributeCount : 0)
    for name in snapshot.names {
      let path = "\(path)/\(name)"
      try takeObject(at: path, depth: depth + 1)
      switch snapshot[name] {
      case .group(let group)?: try admit(group, at: path, depth: depth + 1)
      case .dataset(let dataset)?: try admit(dataset, at: path)
      case nil: break
      }
    }
  }

  private mutating func admit(_ dataset: Snapshot.Dataset, at path: String) throws(Refusal) {
    guard dataset.shape.count <= CheckpointLimits.rank else {
      throw Refusal(reason: "\(path) has more than \(CheckpointLimits.rank) extents")
    }
    try Self.admit(dataset.attributes, at: path)
    try takeElements(dataset.values.count, of: dataset.values.elementByteCount, at: path)
    guard case .text(let texts) = dataset.values else { return }
    for text in texts {
      try Self.admit(text, at: path)
      try takeElements(text.utf8.count, of: 1, at: path)
    }
  }

  private static func admit(
    _ attributes: NamedValues<Snapshot.Attribute>, at path: String, reserved: Int = 0
  ) throws(Refusal) {
    guard attributes.count + reserved <= CheckpointLimits.attributeCount else {
      throw Refusal(
        reason: "\(path.isEmpty ? "/" : path) has more than \(CheckpointLimits.attributeCount) attributes")
    }
    for (name, attribute) in attributes {
      switch attribute {
      case .text(let text): try admit(text, at: "\(path)/@\(name)")
      case .texts(let texts):
        guard texts.count <= CheckpointLimits.attributeTextCount else {
          throw Refusal(
            reason: "\(path)/@\(name) has more than \(CheckpointLimits.attributeTextCount) texts")
        }
        for text in texts { try admit(text, at: "\(path)/@\(name)") }
      case .integer, .real: break
      }
    }
  }

  private static func admit(_ text: String, at path: String) throws(Refusal) {
    guard !text.utf8.contains(0) else {
      throw Refusal(reason: "\(path) holds a text with a NUL, which HDF5 cannot store")
    }
  }
}

extension Snapshot.Values {
  /// The bytes of an element, of a text its reference.
  fileprivate var elementByteCount: Int {
    switch self {
    case .uint8: 1
    case .float32, .int32: 4
    case .float64, .int64, .uint64, .text: 8
    }
  }
}

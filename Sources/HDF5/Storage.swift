import CHDF5

/// How a dataset's elements lie in the file.
public enum Storage: Sendable, Equatable {
  /// As one block, without a checksum; a large one goes to the storage device while it is written.
  case contiguous

  /// As blocks of the given extents, each shuffled, compressed by gzip at `level`, and with a Fletcher-32
  /// checksum, in this order.
  case chunked([Int], level: Int)

  /// Blocks of whole rows, as many as fit into 1 MiB, or parts of a row where one is larger.
  /// - Precondition: No extent is 0 and there is at least one.
  public static func rows(of shape: [Int], byteCount: Int, level: Int) -> Storage {
    precondition(!shape.isEmpty && shape.allSatisfy { $0 > 0 }, "shape \(shape) has no rows")
    let limit = 1 << 20
    var chunk = shape
    for axis in shape.indices {
      let inner = chunk[(axis + 1)...].reduce(byteCount, *)
      chunk[axis] = min(shape[axis], max(1, limit / inner))
      if inner <= limit { break }
    }
    return .chunked(chunk, level: level)
  }
}

/// What a file says about a dataset's storage, before any element is read.
public struct StorageFacts: Sendable, Equatable {
  /// The filters that the elements pass.
  public enum Filter: Sendable, Equatable {
    /// gzip.
    case deflate
    /// Bytes of equal significance side by side.
    case shuffle
    /// A checksum over each chunk.
    case fletcher32
    /// Another one, by its registered number.
    case other(Int)
  }

  /// The extents of a chunk; nil where the elements are one block.
  public let chunk: [Int]?

  /// The filters in their order.
  public let filters: [Filter]

  /// The bytes that the elements take in the file; 0 for elements that were never written.
  public let storedBytes: UInt64
}

extension Handle {
  /// Makes a dataset creation list for `storage`.
  static func datasetCreation(_ storage: Storage) throws(HDF5Error) -> Handle {
    let creation = try Handle.properties(chdf5_dataset_create())
    try creation.setReproducible(isGroup: false)
    if case .chunked(let chunk, let level) = storage {
      try creation.set { unsafe H5Pset_chunk($0, Int32(chunk.count), chunk.map(hsize_t.init)) }
      try creation.set { H5Pset_shuffle($0) }
      try creation.set { H5Pset_deflate($0, UInt32(level)) }
      try creation.set { H5Pset_fletcher32($0) }
    }
    return creation
  }

  /// The filters of a dataset creation list.
  borrowing func filters() throws(HDF5Error) -> [StorageFacts.Filter] {
    let id = id
    var filters: [StorageFacts.Filter] = []
    for position in 0..<(try call("counting filters") { H5Pget_nfilters(id) }) {
      var flags: UInt32 = 0
      var valueCount = 0
      let filter = try call("reading a filter") {
        unsafe H5Pget_filter2(id, UInt32(position), &flags, &valueCount, nil, 0, nil, nil)
      }
      switch filter {
      case H5Z_FILTER_DEFLATE: filters.append(.deflate)
      case H5Z_FILTER_SHUFFLE: filters.append(.shuffle)
      case H5Z_FILTER_FLETCHER32: filters.append(.fletcher32)
      default: filters.append(.other(Int(filter)))
      }
    }
    return filters
  }
}

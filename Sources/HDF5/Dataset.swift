import CHDF5
import Glibc

/// An open dataset, owned by one holder.
public struct Dataset: ~Copyable {
  let handle: Handle

  /// The name under which it was opened.
  public let name: String

  /// The extents, outermost first; empty for a scalar.
  public let shape: [Int]

  /// The product of the extents.
  public let count: Int

  /// The type of the elements; nil for one that cannot be read here.
  public let type: ElementType?

  /// Takes over an open dataset whose elements lie in this file itself.
  init(handle: consuming Handle, name: String) throws(HDF5Error) {
    let operation = "opening dataset \(name.debugDescription)"
    let id = handle.id
    let creation = try Handle(operation) { H5Dget_create_plist(id) }
    let creationID = creation.id
    let layout = H5Pget_layout(creationID)
    guard layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED else {
      throw HDF5Error(operation: operation, reason: "its elements are a view of other datasets")
    }
    guard try call(operation, { H5Pget_external_count(creationID) }) == 0 else {
      throw HDF5Error(operation: operation, reason: "its elements lie in another file")
    }
    let extent = try Handle(operation) { H5Dget_space(id) }
    let shape = try extent.shape(operation)
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw HDF5Error(operation: operation, reason: "shape \(shape) is too large") }
      count = product
    }
    let type = try Handle(operation) { H5Dget_type(id) }
    self.type = try ElementType.of(type)
    self.handle = handle
    self.name = name
    self.shape = shape
    self.count = count
  }

  /// What the file says about the storage of the elements.
  public func storage() throws(HDF5Error) -> StorageFacts {
    let operation = "inspecting dataset \(name.debugDescription)"
    let (id, rank) = (handle.id, shape.count)
    let creation = try Handle(operation) { H5Dget_create_plist(id) }
    let creationID = creation.id
    var chunk: [Int]?
    if H5Pget_layout(creationID) == H5D_CHUNKED {
      var extents = [hsize_t](repeating: 0, count: rank)
      let found = try call(operation) { unsafe H5Pget_chunk(creationID, Int32(rank), &extents) }
      guard Int(found) == rank else {
        throw HDF5Error(operation: operation, reason: "its chunks lack a rank")
      }
      chunk = extents.map(Int.init(clamping:))
    }
    Library.silence()
    return StorageFacts(
      chunk: chunk, filters: try creation.filters(), storedBytes: H5Dget_storage_size(id))
  }

  /// All numbers, row-major, without conversion.
  ///
  /// It allocates ``count`` elements: bound that number before reading from a file that is not trusted.
  public func read<Number: StoredNumber>(_: Number.Type = Number.self) throws(HDF5Error) -> [Number] {
    let operation = "reading dataset \(name.debugDescription)"
    guard type == Number.elementType else {
      throw HDF5Error(operation: operation, reason: "its elements are not \(Number.elementType)")
    }
    guard count > 0 else { return [] }
    let (id, memory) = (handle.id, Number.libraryTypes.memory)
    var failure: HDF5Error?
    let numbers = unsafe [Number](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      unsafe askForLargePages(UnsafeMutableRawBufferPointer(buffer))
      do throws(HDF5Error) {
        _ = try call(operation) {
          unsafe H5Dread(
            id, memory, chdf5_everything(), chdf5_everything(), chdf5_default(), buffer.baseAddress)
        }
        initializedCount = buffer.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return numbers
  }

  /// All texts, row-major; it throws when they take more than `byteLimit` bytes together.
  public func readTexts(byteLimit: Int = .max) throws(HDF5Error) -> [String] {
    let operation = "reading dataset \(name.debugDescription)"
    guard type == .text else { throw HDF5Error(operation: operation, reason: "its elements are not text") }
    guard count > 0 else { return [] }
    let id = handle.id
    let type = try Handle(operation) { H5Dget_type(id) }
    let typeID = type.id
    var arena = unsafe TextArena(byteLimit: byteLimit)
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    do throws(HDF5Error) {
      _ = try unsafe arena.withTransfer { transfer in
        unsafe pointers.withUnsafeMutableBytes { memory in
          unsafe H5Dread(
            id, typeID, chdf5_everything(), chdf5_everything(), transfer, memory.baseAddress)
        }
      }
    } catch {
      let reason = unsafe arena.isExhausted ? "its texts take more than \(byteLimit) bytes" : error.reason
      throw HDF5Error(operation: operation, reason: reason)
    }
    return try unsafe copyTexts(pointers, for: operation)
  }
}

extension Dataset {
  /// How much of a large array is written at a time.
  fileprivate static let pieceByteCount = 8 << 20

  /// Writes all numbers in one call.
  fileprivate borrowing func write<Number: StoredNumber>(_ numbers: [Number]) throws(HDF5Error) {
    let (id, memory) = (handle.id, Number.libraryTypes.memory)
    _ = try call("writing dataset \(name.debugDescription)") {
      unsafe numbers.withUnsafeBytes { bytes in
        unsafe H5Dwrite(
          id, memory, chdf5_everything(), chdf5_everything(), chdf5_default(), bytes.baseAddress)
      }
    }
  }

  /// Writes whole rows at a time, so that the storage device takes one piece while the next is copied.
  fileprivate borrowing func writeByPieces<Number: StoredNumber>(_ numbers: [Number]) throws(HDF5Error) {
    let operation = "writing dataset \(name.debugDescription)"
    let (id, memory) = (handle.id, Number.libraryTypes.memory)
    let stored = try Handle(operation) { H5Dget_space(id) }
    let storedID = stored.id
    let width = numbers.count / shape[0]
    let height = max(1, Self.pieceByteCount / (width * Number.elementType.byteCount))
    var (start, extents) = (shape.map { _ in hsize_t(0) }, shape.map(hsize_t.init))
    for row in stride(from: 0, to: shape[0], by: height) {
      let rows = min(height, shape[0] - row)
      (start[0], extents[0]) = (hsize_t(row), hsize_t(rows))
      _ = try call(operation) {
        unsafe H5Sselect_hyperslab(storedID, H5S_SELECT_SET, start, nil, extents, nil)
      }
      let piece = try Handle.extent([rows * width])
      let pieceID = piece.id
      _ = try call(operation) {
        unsafe numbers.withUnsafeBufferPointer { numbers in
          unsafe H5Dwrite(
            id, memory, pieceID, storedID, chdf5_default(), numbers.baseAddress.map { unsafe $0 + row * width })
        }
      }
      chdf5_begin_writeback(id)
    }
  }
}

/// Asks for memory that is about to be filled in pages of 2 MiB: a fault for each instead of 512.
private func askForLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  let page = 2 << 20
  guard let start = memory.baseAddress, memory.count >= 2 * page else { return }
  let first = unsafe start.alignedUp(toMultipleOf: Int(getpagesize()))
  // A hint: where it is not taken, the pages are small.
  _ = unsafe madvise(first, start + memory.count - first, Int32(MADV_HUGEPAGE))
}

extension Handle {
  /// The extents of a dataspace, each of which fits an integer.
  borrowing func shape(_ operation: String) throws(HDF5Error) -> [Int] {
    let id = id
    guard H5Sget_simple_extent_type(id) == H5S_SCALAR || H5Sget_simple_extent_type(id) == H5S_SIMPLE else {
      throw HDF5Error(operation: operation, reason: "it has no extent")
    }
    let rank = Int(try call(operation) { H5Sget_simple_extent_ndims(id) })
    var extents = [hsize_t](repeating: 0, count: rank)
    _ = try call(operation) { unsafe H5Sget_simple_extent_dims(id, &extents, nil) }
    var shape: [Int] = []
    for extent in extents {
      guard let extent = Int(exactly: extent) else {
        throw HDF5Error(operation: operation, reason: "an extent of \(extent) is too large")
      }
      shape.append(extent)
    }
    return shape
  }
}

extension Group {
  /// Creates a dataset of numbers in this group and writes it.
  /// - Precondition: `shape` holds `numbers.count` elements.
  @discardableResult
  public func createDataset<Number: StoredNumber>(
    _ name: String, _ numbers: [Number], shape: [Int], storage: Storage = .contiguous
  ) throws(HDF5Error) -> Dataset {
    precondition(shape.reduce(1, *) == numbers.count, "shape \(shape) does not hold \(numbers.count) numbers")
    let types = Number.libraryTypes
    let dataset = try createDataset(name, type: types.stored, shape: shape, storage: storage)
    guard !numbers.isEmpty else { return dataset }
    if storage == .contiguous, numbers.count * Number.elementType.byteCount > 2 * Dataset.pieceByteCount {
      try dataset.writeByPieces(numbers)
    } else {
      try dataset.write(numbers)
    }
    return dataset
  }

  /// Creates a dataset of variable-length UTF-8 texts in this group and writes it.
  ///
  /// It throws for a text with a NUL.
  /// - Precondition: `shape` holds `texts.count` elements.
  @discardableResult
  public func createDataset(
    _ name: String, texts: [String], shape: [Int]
  ) throws(HDF5Error) -> Dataset {
    precondition(shape.reduce(1, *) == texts.count, "shape \(shape) does not hold \(texts.count) texts")
    let type = try Handle.text()
    let dataset = try createDataset(name, type: type.id, shape: shape, storage: .contiguous)
    guard !texts.isEmpty else { return dataset }
    let (id, typeID) = (dataset.handle.id, type.id)
    let operation = "writing dataset \(name.debugDescription)"
    try unsafe withLibraryTexts(texts, for: operation) { memory throws(HDF5Error) in
      _ = try call(operation) {
        unsafe H5Dwrite(id, typeID, chdf5_everything(), chdf5_everything(), chdf5_default(), memory)
      }
    }
    return dataset
  }

  private func createDataset(
    _ name: String, type: hid_t, shape: [Int], storage: Storage
  ) throws(HDF5Error) -> Dataset {
    let creation = try Handle.datasetCreation(storage)
    let extent = try Handle.extent(shape)
    let (id, extentID, creationID) = (handle.id, extent.id, creation.id)
    let handle = try Handle("creating dataset \(name.debugDescription)") {
      unsafe H5Dcreate2(id, name, type, extentID, chdf5_default(), creationID, chdf5_default())
    }
    return try Dataset(handle: handle, name: name)
  }
}

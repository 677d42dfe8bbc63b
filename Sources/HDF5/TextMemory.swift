import CHDF5
import Glibc

/// Hands `body` the texts as the library wants them: pointers to NUL-terminated UTF-8.
///
/// It throws when a text holds a NUL, which would cut it short.
func withLibraryTexts(
  _ texts: [String], for operation: @autoclosure () -> String,
  _ body: (UnsafeRawPointer?) throws(HDF5Error) -> Void
) throws(HDF5Error) {
  var bytes: [UInt8] = []
  var starts: [Int] = []
  for text in texts {
    guard !text.utf8.contains(0) else {
      throw HDF5Error(operation: operation(), reason: "a text holds a NUL, which HDF5 texts cannot")
    }
    starts.append(bytes.count)
    bytes.append(contentsOf: text.utf8)
    bytes.append(0)
  }
  let outcome: Result<Void, HDF5Error> = unsafe bytes.withUnsafeBufferPointer { buffer in
    let pointers = unsafe starts.map { start in unsafe buffer.baseAddress.map { unsafe $0 + start } }
    return unsafe pointers.withUnsafeBytes { memory in
      do throws(HDF5Error) {
        return .success(try unsafe body(memory.baseAddress))
      } catch {
        return .failure(error)
      }
    }
  }
  try outcome.get()
}

/// The texts at `pointers`, which the library filled; it throws for a missing text and for one that is not
/// UTF-8.
@unsafe func copyTexts(
  _ pointers: [UnsafeMutablePointer<CChar>?], for operation: @autoclosure () -> String
) throws(HDF5Error) -> [String] {
  var texts: [String] = []
  unsafe texts.reserveCapacity(pointers.count)
  for position in unsafe pointers.indices {
    guard let pointer = unsafe pointers[position], let text = unsafe String(validatingCString: pointer) else {
      throw HDF5Error(operation: operation(), reason: "text \(position) is missing or not UTF-8")
    }
    texts.append(text)
  }
  return texts
}

/// The memory into which the library reads the texts of a dataset, bounded by a number of bytes.
///
/// A file can let many elements refer to one long text, so that its size does not bound what reading
/// allocates. All memory is freed with the arena, also what the library loses sight of when reading fails.
@unsafe struct TextArena: ~Copyable {
  private var blocks = unsafe [UnsafeMutableRawPointer]()
  private var remaining: Int

  /// Whether the library asked for more than the bound.
  private(set) var isExhausted = false

  init(byteLimit: Int) {
    unsafe remaining = byteLimit
  }

  deinit {
    for position in unsafe blocks.indices { unsafe free(blocks[position]) }
  }

  private mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard byteCount >= 0, unsafe byteCount <= remaining, let block = unsafe malloc(max(1, byteCount)) else {
      unsafe isExhausted = true
      return nil
    }
    unsafe remaining -= byteCount
    unsafe blocks.append(block)
    return unsafe block
  }

  /// Runs `body` with a transfer property list by which the library allocates texts here.
  mutating func withTransfer(_ body: (hid_t) -> herr_t) throws(HDF5Error) -> herr_t {
    let transfer = try Handle.properties(chdf5_dataset_transfer())
    let id = transfer.id
    return unsafe try withUnsafeMutablePointer(to: &self) { arena throws(HDF5Error) in
      _ = try call("setting a property") {
        unsafe H5Pset_vlen_mem_manager(
          id,
          { byteCount, arena in
            unsafe arena?.assumingMemoryBound(to: TextArena.self).pointee.allocate(byteCount)
          }, arena, { _, _ in }, nil)
      }
      return try call("reading texts") { body(id) }
    }
  }
}

import CHDF5

/// An open HDF5 file, owned by one holder.
///
/// Files are written in one fixed format version, without times and in the order of the calls, so equal calls
/// give equal bytes. A file that goes out of scope is closed without a word; ``close()`` says whether all was
/// written. Closing invalidates all groups and datasets of the file.
public struct File: ~Copyable {
  private let handle: Handle

  /// Creates a file that must not exist yet, and opens it for writing.
  public static func create(_ path: String) throws(HDF5Error) -> File {
    let access = try Handle.fileAccess()
    try access.set { H5Pset_libver_bounds($0, H5F_LIBVER_V18, H5F_LIBVER_V18) }
    let creation = try Handle.properties(chdf5_file_create())
    try creation.setReproducible(isGroup: true)
    let (accessID, creationID) = (access.id, creation.id)
    return File(
      handle: try Handle("creating file \(path)") {
        unsafe H5Fcreate(path, chdf5_exclusive(), creationID, accessID)
      })
  }

  /// Opens a file for reading.
  ///
  /// The library decodes the file's metadata; give it only files whose bytes were checked, or whose maker is
  /// trusted.
  public static func open(_ path: String) throws(HDF5Error) -> File {
    let access = try Handle.fileAccess()
    let accessID = access.id
    return File(
      handle: try Handle("opening file \(path)") { unsafe H5Fopen(path, chdf5_read_only(), accessID) })
  }

  private init(handle: consuming Handle) {
    self.handle = handle
  }

  /// The group at the root of the tree.
  public func root() throws(HDF5Error) -> Group {
    let id = handle.id
    return Group(handle: try Handle("opening the root group") { unsafe H5Gopen2(id, "/", chdf5_default()) })
  }

  /// Hands everything written so far to the operating system.
  public func flush() throws(HDF5Error) {
    let id = handle.id
    _ = try call("flushing the file") { H5Fflush(id, H5F_SCOPE_GLOBAL) }
  }

  /// Writes what is left and closes the file with all that is open in it.
  public consuming func close() throws(HDF5Error) {
    try handle.close("closing the file") { H5Fclose($0) }
  }

  /// How many handles of the file are open, its own included.
  package func openHandleCount() throws(HDF5Error) -> Int {
    let id = handle.id
    return Int(try call("counting handles") { H5Fget_obj_count(id, chdf5_all_objects()) })
  }
}

extension Handle {
  /// How files are opened: all handles close with the file, and there are no locks.
  ///
  /// The library's descriptors, and their locks with them, pass to every process that is started meanwhile,
  /// and would keep others from a file that is long closed.
  fileprivate static func fileAccess() throws(HDF5Error) -> Handle {
    let access = try Handle.properties(chdf5_file_access())
    try access.set { H5Pset_fclose_degree($0, H5F_CLOSE_STRONG) }
    try access.set { H5Pset_file_locking($0, false, true) }
    return access
  }

  /// Makes a creation list keep the order of names, and of a group's members, and no times.
  borrowing func setReproducible(isGroup: Bool) throws(HDF5Error) {
    let order = UInt32(H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED)
    try set { H5Pset_obj_track_times($0, false) }
    try set { H5Pset_attr_creation_order($0, order) }
    if isGroup { try set { H5Pset_link_creation_order($0, order) } }
  }
}

import CHDF5

/// An open group, owned by one holder.
public struct Group: ~Copyable {
  let handle: Handle

  init(handle: consuming Handle) {
    self.handle = handle
  }

  /// What stands under a name in a group.
  public enum Member: ~Copyable {
    /// A group.
    case group(Group)
    /// A dataset.
    case dataset(Dataset)
  }

  /// Creates a group in this one.
  public func createGroup(_ name: String) throws(HDF5Error) -> Group {
    let creation = try Handle.properties(chdf5_group_create())
    try creation.setReproducible(isGroup: true)
    let (id, creationID) = (handle.id, creation.id)
    return Group(
      handle: try Handle("creating group \(name.debugDescription)") {
        unsafe H5Gcreate2(id, name, chdf5_default(), creationID, chdf5_default())
      })
  }

  /// The names of the members, in the order of their creation where the file keeps it, else by name.
  ///
  /// It throws when there are more than `limit`, or one is not UTF-8, empty, "." or has a "/".
  public func memberNames(limit: Int = .max) throws(HDF5Error) -> [String] {
    let id = handle.id
    let creation = try Handle("reading a group's properties") { H5Gget_create_plist(id) }
    let index = try unsafe creation.index { unsafe H5Pget_link_creation_order($0, $1) }
    return try unsafe NameCollector.names(limit: limit, "listing the members of a group") {
      unsafe chdf5_link_names(id, index, $0, $1)
    }
  }

  /// Opens the member under `name`.
  ///
  /// Only what lies in this file itself is opened: soft and external links, virtual datasets and external
  /// storage are refused before they are followed.
  public func open(_ name: String) throws(HDF5Error) -> Member {
    let operation = "opening \(name.debugDescription)"
    let id = handle.id
    guard try call(operation, { unsafe chdf5_link_is_hard(id, name) }) == 1 else {
      throw HDF5Error(operation: operation, reason: "it is a link to somewhere else")
    }
    let object = try Handle(operation) { unsafe H5Oopen(id, name, chdf5_default()) }
    let objectID = object.id
    let kind = H5Iget_type(objectID)
    if kind == H5I_GROUP { return .group(Group(handle: object)) }
    guard kind == H5I_DATASET else {
      throw HDF5Error(operation: operation, reason: "it is neither a group nor a dataset")
    }
    return .dataset(try Dataset(handle: object, name: name))
  }
}

extension Handle {
  /// The index by creation where `read` says that the creation list keeps one, else the index by name.
  borrowing func index(
    _ read: (hid_t, UnsafeMutablePointer<UInt32>) -> herr_t
  ) throws(HDF5Error) -> H5_index_t {
    var flags: UInt32 = 0
    let id = id
    _ = try call("reading the order of names") { unsafe read(id, &flags) }
    return flags & UInt32(H5P_CRT_ORDER_INDEXED) == 0 ? H5_INDEX_NAME : H5_INDEX_CRT_ORDER
  }
}

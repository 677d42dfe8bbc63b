import CHDF5

/// One reference to something of the library: a file, an object, a type, an extent, a property list.
///
/// It is given back exactly once: when it goes out of scope, or by ``close(_:_:)``, which tells the outcome.
struct Handle: ~Copyable {
  let id: hid_t

  /// Takes over the reference that `open` returns.
  init(_ operation: @autoclosure () -> String, _ open: () -> hid_t) throws(HDF5Error) {
    id = try call(operation(), open)
  }

  deinit {
    Library.silence()
    _ = H5Idec_ref(id)
  }

  /// Gives the reference back and checks that this worked.
  consuming func close(_ operation: String, _ close: (hid_t) -> herr_t) throws(HDF5Error) {
    let id = id
    discard self
    do {
      _ = try call(operation) { close(id) }
    } catch {
      Library.silence()
      _ = H5Idec_ref(id)
      throw error
    }
  }
}

extension Handle {
  /// A new property list of a class, whose name is not asked for before the library is set up.
  static func properties(_ kind: @autoclosure () -> hid_t) throws(HDF5Error) -> Handle {
    try Handle("creating a property list") { H5Pcreate(kind()) }
  }

  /// Changes a property list.
  borrowing func set(_ change: (hid_t) -> herr_t) throws(HDF5Error) {
    let id = id
    _ = try call("setting a property") { change(id) }
  }

  /// The extent of an array; the empty shape is a scalar.
  static func extent(_ shape: [Int]) throws(HDF5Error) -> Handle {
    try Handle("creating an extent of shape \(shape)") {
      guard !shape.isEmpty else { return H5Screate(H5S_SCALAR) }
      return unsafe H5Screate_simple(Int32(shape.count), shape.map(hsize_t.init), nil)
    }
  }

  /// Variable-length UTF-8 text.
  static func text() throws(HDF5Error) -> Handle {
    let type = try Handle("creating the text type") { H5Tcopy(chdf5_c_string()) }
    try type.set { H5Tset_size($0, chdf5_variable()) }
    try type.set { H5Tset_cset($0, H5T_CSET_UTF8) }
    return type
  }
}

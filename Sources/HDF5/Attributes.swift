import CHDF5

/// What an attribute holds.
public enum AttributeValue: Sendable, Equatable {
  /// A variable-length UTF-8 text.
  case text(String)
  /// A 64-bit integer.
  case integer(Int64)
  /// A 64-bit floating-point number.
  case real(Double)
  /// A vector of variable-length UTF-8 texts.
  case texts([String])
}

/// An open object of a file, as its attributes see it; valid while the object is open.
public struct ObjectReference {
  let id: hid_t
}

/// An object that carries attributes.
public protocol Annotated: ~Copyable {
  /// The open object.
  var reference: ObjectReference { get }
}

extension Group: Annotated {
  /// The open group.
  public var reference: ObjectReference { ObjectReference(id: handle.id) }
}

extension Dataset: Annotated {
  /// The open dataset.
  public var reference: ObjectReference { ObjectReference(id: handle.id) }
}

extension Annotated where Self: ~Copyable {
  /// Creates an attribute; it throws for a text with a NUL and for a name that is taken.
  public borrowing func createAttribute(_ name: String, _ value: AttributeValue) throws(HDF5Error) {
    let operation = "writing attribute \(name.debugDescription)"
    switch value {
    case .integer(var number):
      let attribute = try createAttribute(name, type: Int64.libraryTypes.stored, shape: [])
      let id = attribute.id
      _ = try call(operation) { unsafe H5Awrite(id, chdf5_native_int64(), &number) }
    case .real(var number):
      let attribute = try createAttribute(name, type: Double.libraryTypes.stored, shape: [])
      let id = attribute.id
      _ = try call(operation) { unsafe H5Awrite(id, chdf5_native_double(), &number) }
    case .text(let text):
      try createAttribute(name, texts: [text], shape: [])
    case .texts(let texts):
      try createAttribute(name, texts: texts, shape: [texts.count])
    }
  }

  /// The names of the attributes, in the order of their creation where the file keeps it, else by name.
  ///
  /// It throws when there are more than `limit`, or one is not UTF-8, empty, "." or has a "/".
  public borrowing func attributeNames(limit: Int = .max) throws(HDF5Error) -> [String] {
    let id = reference.id
    let creation = try Handle("reading an object's properties") {
      H5Iget_type(id) == H5I_GROUP ? H5Gget_create_plist(id) : H5Dget_create_plist(id)
    }
    let index = try unsafe creation.index { unsafe H5Pget_attr_creation_order($0, $1) }
    return try unsafe NameCollector.names(limit: limit, "listing attributes") {
      unsafe chdf5_attribute_names(id, index, $0, $1)
    }
  }

  /// The value of an attribute; it throws for another type than those of ``AttributeValue``, and for a list
  /// of more than `limit` texts.
  public borrowing func attribute(_ name: String, limit: Int = 4096) throws(HDF5Error) -> AttributeValue {
    let operation = "reading attribute \(name.debugDescription)"
    let id = reference.id
    let attribute = try Handle(operation) { unsafe H5Aopen(id, name, chdf5_default()) }
    let attributeID = attribute.id
    let type = try Handle(operation) { H5Aget_type(attributeID) }
    let extent = try Handle(operation) { H5Aget_space(attributeID) }
    let shape = try extent.shape(operation)
    switch (try ElementType.of(type), shape.count) {
    case (.int64, 0):
      var number: Int64 = 0
      _ = try call(operation) { unsafe H5Aread(attributeID, chdf5_native_int64(), &number) }
      return .integer(number)
    case (.float64, 0):
      var number = 0.0
      _ = try call(operation) { unsafe H5Aread(attributeID, chdf5_native_double(), &number) }
      return .real(number)
    case (.text, 0), (.text, 1):
      let count = shape.first ?? 1
      guard count <= limit else {
        throw HDF5Error(operation: operation, reason: "it holds \(count) texts, more than \(limit)")
      }
      guard count > 0 else { return .texts([]) }
      let (typeID, extentID) = (type.id, extent.id)
      var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      _ = try call(operation) {
        unsafe pointers.withUnsafeMutableBytes { unsafe H5Aread(attributeID, typeID, $0.baseAddress) }
      }
      defer {
        _ = unsafe pointers.withUnsafeMutableBytes {
          unsafe H5Dvlen_reclaim(typeID, extentID, chdf5_default(), $0.baseAddress)
        }
      }
      let texts = try unsafe copyTexts(pointers, for: operation)
      return shape.isEmpty ? .text(texts[0]) : .texts(texts)
    default:
      throw HDF5Error(
        operation: operation, reason: "it is neither an int64, a float64 nor variable-length text")
    }
  }

  private borrowing func createAttribute(
    _ name: String, texts: [String], shape: [Int]
  ) throws(HDF5Error) {
    let operation = "writing attribute \(name.debugDescription)"
    let type = try Handle.text()
    let typeID = type.id
    let attribute = try createAttribute(name, type: typeID, shape: shape)
    guard !texts.isEmpty else { return }
    let id = attribute.id
    try unsafe withLibraryTexts(texts, for: operation) { memory throws(HDF5Error) in
      _ = try call(operation) { unsafe H5Awrite(id, typeID, memory) }
    }
  }

  private borrowing func createAttribute(
    _ name: String, type: hid_t, shape: [Int]
  ) throws(HDF5Error) -> Handle {
    let extent = try Handle.extent(shape)
    let (id, extentID) = (reference.id, extent.id)
    return try Handle("creating attribute \(name.debugDescription)") {
      unsafe H5Acreate2(id, name, type, extentID, chdf5_default(), chdf5_default())
    }
  }
}

import CHDF5

/// The types of elements that datasets have here.
///
/// Numbers are stored little-endian; a file with any other type is refused, not converted.
public enum ElementType: Sendable, Equatable, CaseIterable {
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary64.
  case float64
  /// 32-bit two's complement.
  case int32
  /// 64-bit two's complement.
  case int64
  /// 64-bit unsigned.
  case uint64
  /// Bytes.
  case uint8
  /// Variable-length UTF-8 text.
  case text

  /// The bytes that one element takes in memory; a text's characters come on top of its reference.
  public var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float32, .int32: 4
    case .float64, .int64, .uint64, .text: 8
    }
  }
}

/// A number that datasets hold.
public protocol StoredNumber: BitwiseCopyable, Sendable {
  /// The type under which the number is stored, as large as the number itself.
  static var elementType: ElementType { get }
}

extension Float: StoredNumber {
  /// IEEE 754 binary32.
  public static var elementType: ElementType { .float32 }
}
extension Double: StoredNumber {
  /// IEEE 754 binary64.
  public static var elementType: ElementType { .float64 }
}
extension Int32: StoredNumber {
  /// 32-bit two's complement.
  public static var elementType: ElementType { .int32 }
}
extension Int64: StoredNumber {
  /// 64-bit two's complement.
  public static var elementType: ElementType { .int64 }
}
extension UInt64: StoredNumber {
  /// 64-bit unsigned.
  public static var elementType: ElementType { .uint64 }
}
extension UInt8: StoredNumber {
  /// Bytes.
  public static var elementType: ElementType { .uint8 }
}

extension StoredNumber {
  /// The library's types in memory and in the file. The type must be as large as the number: memory of that
  /// size is read and written.
  static var libraryTypes: (memory: hid_t, stored: hid_t) {
    precondition(
      MemoryLayout<Self>.stride == elementType.byteCount && elementType != .text,
      "\(Self.self) takes \(MemoryLayout<Self>.stride) bytes and cannot be stored as \(elementType)")
    Library.silence()
    return elementType.numberTypes ?? (chdf5_native_uint8(), chdf5_stored_uint8())
  }
}

extension ElementType {
  /// The library's types of a number in memory and in the file; nil for text.
  var numberTypes: (memory: hid_t, stored: hid_t)? {
    switch self {
    case .float32: (chdf5_native_float(), chdf5_stored_float())
    case .float64: (chdf5_native_double(), chdf5_stored_double())
    case .int32: (chdf5_native_int32(), chdf5_stored_int32())
    case .int64: (chdf5_native_int64(), chdf5_stored_int64())
    case .uint64: (chdf5_native_uint64(), chdf5_stored_uint64())
    case .uint8: (chdf5_native_uint8(), chdf5_stored_uint8())
    case .text: nil
    }
  }

  /// The type of what a file holds under the library's type `type`; nil for one that is refused.
  static func of(_ type: borrowing Handle) throws(HDF5Error) -> ElementType? {
    let id = type.id
    if try call("reading a type", { H5Tget_class(id).rawValue.signed }) == H5T_STRING.rawValue.signed {
      return try call("reading a type", { H5Tis_variable_str(id) }) > 0 ? .text : nil
    }
    for candidate in allCases {
      guard let stored = candidate.numberTypes?.stored else { continue }
      if try call("comparing types", { H5Tequal(id, stored) }) > 0 { return candidate }
    }
    return nil
  }
}

extension FixedWidthInteger {
  /// The raw value of a C enumeration as the signed status that the funnel checks.
  fileprivate var signed: Int32 { Int32(truncatingIfNeeded: self) }
}

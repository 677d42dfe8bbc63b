import CExpat

/// What is wrong with an element; the reader adds file and line.
struct XMLFault: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

/// An opening tag, valid only during the call that receives it.
///
/// Names are compared byte by byte, so that nothing is allocated for what is not wanted.
@unsafe struct XMLElement {
  private let tag: UnsafePointer<CChar>
  private let attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let parser: XML_Parser
  /// How many attributes the tag has.
  let attributeCount: Int

  init(
    tag: UnsafePointer<CChar>, attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>, parser: XML_Parser,
  ) {
    unsafe self.tag = unsafe tag
    unsafe self.attributes = unsafe attributes
    unsafe self.parser = unsafe parser
    var count = 0
    while unsafe attributes[2 * count] != nil { count += 1 }
    unsafe attributeCount = count
  }

  /// The name of the tag.
  var name: String { unsafe String(cString: tag) }

  /// Where the tag begins, counted from 1.
  var line: Int { unsafe Int(XML_GetCurrentLineNumber(parser)) }

  func isNamed(_ name: StaticString) -> Bool { unsafe Self.isEqual(tag, name) }

  func isAttribute(_ index: Int, _ name: StaticString) -> Bool {
    guard let own = unsafe attributes[2 * index] else { return false }
    return unsafe Self.isEqual(own, name)
  }

  /// The zero-terminated value of an attribute.
  func value(_ index: Int) -> UnsafePointer<CChar>? { unsafe attributes[2 * index + 1] }

  /// The value of an attribute as a finite number.
  func number(_ index: Int) throws(XMLFault) -> Double {
    if let value = unsafe value(index), let number = unsafe decimal(value) { return number }
    let attribute = unsafe attributes[2 * index].map { unsafe String(cString: $0) } ?? ""
    let text = unsafe value(index).map { unsafe String(cString: $0) } ?? ""
    throw XMLFault(
      "the '\(attribute)' of the \(unsafe name) is \"\(text)\", but a finite decimal number is wanted")
  }

  private static func isEqual(_ text: UnsafePointer<CChar>, _ name: StaticString) -> Bool {
    let bytes = unsafe name.utf8Start
    for index in 0..<name.utf8CodeUnitCount {
      guard unsafe UInt8(bitPattern: text[index]) == bytes[index] else { return false }
    }
    return unsafe text[name.utf8CodeUnitCount] == 0
  }
}

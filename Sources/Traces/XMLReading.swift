import CExpat

/// Gives the elements of an XML file, packed with gzip or not, to `begin` and `end` as they come.
///
/// The file passes in pieces of 64 KiB. Document types are refused: an entity could make a small file
/// endless.
///
/// - Parameters:
///   - wanted: what the file should hold, for the error on one that is not XML.
///   - begin: takes an opening tag, whose line it may blame.
///   - end: is called for each closing tag.
func readXML(
  _ path: String, wanted: String,
  begin: @escaping (XMLElement) throws(XMLFault) -> Void,
  end: @escaping () -> Void,
) throws(TraceError) {
  var reader = try GzipReader(path)
  guard let parser = unsafe XML_ParserCreate(nil) else {
    throw TraceError(path: path, message: "cannot be read: there is no memory left", kind: .unreadable)
  }
  defer { unsafe XML_ParserFree(parser) }
  let context = unsafe XMLContext(parser: parser, begin: begin, end: end)
  unsafe install(context, in: parser)
  let pieceSize: Int32 = 1 << 16
  var isFirst = true
  while true {
    guard let piece = unsafe XML_GetBuffer(parser, pieceSize) else {
      throw TraceError(path: path, message: "cannot be read: there is no memory left", kind: .unreadable)
    }
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: piece, count: Int(pieceSize))
    let count = unsafe try reader.read(into: buffer)
    if isFirst, let fault = unsafe whyNotXML(buffer[..<count], wanted: wanted) {
      throw TraceError(path: path, message: fault)
    }
    isFirst = false
    let status = unsafe XML_ParseBuffer(parser, Int32(count), count == 0 ? 1 : 0)
    if let fault = unsafe context.fault {
      throw TraceError(path: path, line: fault.line, message: fault.message)
    }
    if status != XML_STATUS_OK {
      let reason = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) } ?? ""
      let line = unsafe Int(XML_GetCurrentLineNumber(parser))
      throw TraceError(path: path, line: line, message: "is not well-formed XML: \(reason)")
    }
    if count == 0 { return }
  }
}

/// What the parser's callbacks share; lives as long as the parser.
@unsafe private final class XMLContext {
  let parser: XML_Parser
  let begin: (XMLElement) throws(XMLFault) -> Void
  let end: () -> Void
  /// The first fault; whatever the parser still delivers after it is ignored.
  private(set) var fault: (message: String, line: Int)?

  init(
    parser: XML_Parser, begin: @escaping (XMLElement) throws(XMLFault) -> Void, end: @escaping () -> Void,
  ) {
    unsafe self.parser = unsafe parser
    unsafe self.begin = unsafe begin
    unsafe self.end = end
  }

  func stop(_ message: String) {
    unsafe fault = (message, Int(XML_GetCurrentLineNumber(parser)))
    unsafe XML_StopParser(parser, 0)
  }
}

private func install(_ context: XMLContext, in parser: XML_Parser) {
  unsafe XML_SetUserData(parser, Unmanaged.passUnretained(context).toOpaque())
  unsafe XML_SetElementHandler(
    parser,
    { userData, tag, attributes in
      guard let context = unsafe sharedContext(userData), unsafe context.fault == nil,
        let tag = unsafe tag, let attributes = unsafe attributes
      else { return }
      do throws(XMLFault) {
        unsafe try context.begin(XMLElement(tag: tag, attributes: attributes, parser: context.parser))
      } catch {
        unsafe context.stop(error.message)
      }
    },
    { userData, _ in
      guard let context = unsafe sharedContext(userData), unsafe context.fault == nil else { return }
      unsafe context.end()
    })
  unsafe XML_SetStartDoctypeDeclHandler(parser) { userData, _, _, _, _ in
    guard let context = unsafe sharedContext(userData), unsafe context.fault == nil else { return }
    unsafe context.stop("a document type (<!DOCTYPE …>) is declared; remove it, entities are not allowed")
  }
}

private func sharedContext(_ userData: UnsafeMutableRawPointer?) -> XMLContext? {
  unsafe userData.map { unsafe Unmanaged<XMLContext>.fromOpaque($0).takeUnretainedValue() }
}

/// Why the front of a file cannot be XML, or nil if it can.
private func whyNotXML(_ front: Slice<UnsafeMutableRawBufferPointer>, wanted: String) -> String? {
  let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0d).contains(byte) }
  let text = unsafe front.starts(with: [0xef, 0xbb, 0xbf]) ? unsafe front.dropFirst(3) : unsafe front
  guard let first = unsafe text.first(where: { !isSpace($0) }) else {
    return "is empty; \(wanted) as XML is wanted"
  }
  // UTF-16 begins with a mark of its own, which the parser understands.
  if first == UInt8(ascii: "<") || first == 0xfe || first == 0xff { return nil }
  let head = unsafe text.prefix { $0 != UInt8(ascii: "\n") }
  if unsafe head.contains(UInt8(ascii: ";")) || head.contains(UInt8(ascii: ",")) {
    return "looks like CSV; \(wanted) as XML is wanted (sumo --fcd-output FILE.xml or FILE.xml.gz)"
  }
  return "is neither XML nor gzipped XML; \(wanted) as XML is wanted"
}

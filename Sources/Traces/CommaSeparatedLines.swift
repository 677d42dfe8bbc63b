/// The rows of a table of comma-separated values, packed with gzip or not, one after another.
///
/// Cells in double quotes may have commas, and doubled quotes for one; not line ends. Spaces around a cell and a
/// byte-order mark are dropped. Lines end in LF or CR LF.
struct CommaSeparatedLines: ~Copyable {
  /// The number of the last line that was read, counted from 1.
  private(set) var line = 0
  private let path: String
  private var reader: GzipReader
  private var bytes: [UInt8]
  private var place = 0
  private var end = 0

  init(_ path: String) throws(TraceError) {
    self.path = path
    reader = try GzipReader(path)
    bytes = [UInt8](repeating: 0, count: 1 << 16)
  }

  /// The cells of the next line, or nil at the end of the file.
  mutating func next() throws(TraceError) -> [String]? {
    var text: [UInt8] = []
    var hasLine = false
    while true {
      if place == end {
        try fill()
        if end == 0 { break }
      }
      hasLine = true
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\n") { break }
      text.append(byte)
      if text.count > 1 << 20 {
        throw TraceError(path: path, line: line + 1, message: "a line of more than 1 MiB is no row of a table")
      }
    }
    if !hasLine { return nil }
    line += 1
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    if line == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
    return try cells(text)
  }

  private mutating func fill() throws(TraceError) {
    var buffer = bytes
    var failure: TraceError?
    var count = 0
    unsafe buffer.withUnsafeMutableBytes { raw in
      do throws(TraceError) { count = unsafe try reader.read(into: raw) } catch { failure = error }
    }
    if let failure { throw failure }
    bytes = buffer
    place = 0
    end = count
  }

  private func cells(_ text: [UInt8]) throws(TraceError) -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var index = 0
    func finish() {
      let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
      let begin = cell.firstIndex { !isSpace($0) } ?? cell.count
      let last = cell.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? begin
      cells.append(String(decoding: cell[begin..<max(begin, last)], as: UTF8.self))
      cell.removeAll(keepingCapacity: true)
    }
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\"") {
        if isQuoted, index + 1 < text.count, text[index + 1] == byte {
          cell.append(byte)
          index += 1
        } else {
          isQuoted.toggle()
        }
      } else if byte == UInt8(ascii: ","), !isQuoted {
        finish()
      } else {
        cell.append(byte)
      }
      index += 1
    }
    if isQuoted { throw TraceError(path: path, line: line, message: "a quote is opened and not closed on its line") }
    finish()
    return cells
  }
}

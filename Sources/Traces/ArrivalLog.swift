/// When requests arrived at a service and how large they were, from a table of comma-separated values.
///
/// The first row names the columns. One column has the time of each row, as a date and time (`2023-11-16
/// 18:17:03.9799600`, a `T` between them and a time zone allowed) or as seconds, to the nanosecond; rows do not go back in
/// time. Others may have sizes. This reads, for instance, the "Azure LLM inference trace 2023" (time `TIMESTAMP`, sizes
/// `ContextTokens` and `GeneratedTokens`).
public struct ArrivalLog: Sendable, Equatable {
  /// The file as it was named.
  public let source: String
  /// The time of the first row as it is written.
  public let begin: String
  /// Seconds since the first row, not falling.
  public let times_s: [Double]
  /// The sizes of each column that was asked for.
  public let sizes: [[Double]]

  /// Reads a file, packed with gzip or not, whatever its name.
  ///
  /// - Parameters:
  ///   - time: the name of the column with times.
  ///   - sizes: the names of columns with sizes.
  /// - Throws: an error of kind `missingFile` or `unreadable`, or one that says what in the file is wrong and on which
  ///   line: a column that is missing, a row of another width, a time that is none or lies before the one above, a size
  ///   that is not a finite number from 0 up, or fewer than two rows.
  public init(contentsOf path: String, time: String, sizes: [String] = []) throws(TraceError) {
    var lines = try CommaSeparatedLines(path)
    guard let header = try lines.next() else { throw TraceError(path: path, message: "the file is empty") }
    func column(_ name: String) throws(TraceError) -> Int {
      if let index = header.firstIndex(of: name) { return index }
      throw TraceError(
        path: path, line: 1, message: "there is no column '\(name)' among \(header.joined(separator: ", "))")
    }
    let timeColumn = try column(time)
    var sizeColumns: [Int] = []
    for name in sizes { sizeColumns.append(try column(name)) }
    var begin: (text: String, instant: Instant)?
    var times: [Double] = []
    var values = [[Double]](repeating: [], count: sizes.count)
    var last = Int64.min
    while let cells = try lines.next() {
      func fault(_ message: String) -> TraceError { TraceError(path: path, line: lines.line, message: message) }
      if cells.count == 1, cells[0].isEmpty { continue }
      guard cells.count == header.count else {
        throw fault("a row of \(cells.count) cells under a header of \(header.count)")
      }
      guard let instant = Instant(cells[timeColumn]) else {
        throw fault(
          "'\(cells[timeColumn])' under \(time) is no time; write one like 2023-11-16 18:17:03.98, or seconds like 12.5"
        )
      }
      if let begin, begin.instant.isDate != instant.isDate {
        throw fault("'\(cells[timeColumn])' under \(time) is of another kind than '\(begin.text)' above")
      }
      if instant.nanoseconds < last { throw fault("'\(cells[timeColumn])' under \(time) is before the row above") }
      last = instant.nanoseconds
      if begin == nil { begin = (cells[timeColumn], instant) }
      times.append(Double(last - (begin?.instant.nanoseconds ?? last)) / 1e9)
      for (index, column) in sizeColumns.enumerated() {
        guard let size = Double(cells[column]), size.isFinite, size >= 0 else {
          throw fault("'\(cells[column])' under \(sizes[index]) is no size; write a finite number from 0 up")
        }
        values[index].append(size)
      }
    }
    guard let begin, times.count >= 2 else {
      throw TraceError(path: path, message: "a log of arrivals needs at least two rows below its header")
    }
    source = path
    self.begin = begin.text
    times_s = times
    self.sizes = values
  }
}

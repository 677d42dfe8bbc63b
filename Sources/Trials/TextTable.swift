/// A table of text with aligned columns: the first to the left, the others to the right.
public struct TextTable: Sendable {
  private var rows: [[String]]

  /// A table with the given headings.
  public init(_ headings: [String]) { rows = [headings] }

  /// Adds a row.
  public mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The table, a line a row, with a rule under the headings.
  public var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
    }
    var lines: [String] = []
    for (index, row) in rows.enumerated() {
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 || isText(column) ? cell + padding : padding + cell
      }
      lines.append(trimmed(cells.joined(separator: "  ")))
      if index == 0 { lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func isText(_ column: Int) -> Bool {
    rows.dropFirst().contains { $0.count > column && ($0[column].first?.isLetter ?? false) }
  }

  private func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

/// A number with four significant digits and at most six decimals, for reading.
func format(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var decimals = 3
  var bound = 10.0
  while decimals > 0, abs(value) >= bound {
    decimals -= 1
    bound *= 10
  }
  bound = 1
  while decimals < 6, value != 0, abs(value) < bound {
    decimals += 1
    bound /= 10
  }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  if decimals == 0 { return "\(sign)\(scaled)" }
  let fraction = "\(scaled % Int(scale))"
  return
    "\(sign)\(scaled / Int(scale)).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// Cells of comma-separated values.
enum CSV {
  /// A text, quoted if it must be.
  static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else { return text }
    return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}

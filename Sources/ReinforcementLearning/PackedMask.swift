/// How permitted options are kept in a `Float` matrix: 24 options a column, bit i of a column's whole number for
/// the column's option i.
///
/// Every whole number below 2²⁴ is exact in a `Float`, so that nothing is lost.
public struct PackedMask: Sendable, Equatable {
  /// Options in one column.
  public static let optionsPerColumn = 24

  /// The number of options, those of all choices together.
  public let optionCount: Int
  /// The number of columns that they take.
  public let columnCount: Int

  /// The form of masks of `options` entries; none for an action that cannot be masked.
  public init(options: Int) {
    precondition(options >= 0, "a mask of \(options) options")
    optionCount = options
    columnCount = (options + Self.optionsPerColumn - 1) / Self.optionsPerColumn
  }

  /// Packs one mask into its columns.
  public func pack(_ mask: Span<Bool>, into columns: inout MutableSpan<Float>) {
    precondition(
      mask.count == optionCount && columns.count == columnCount,
      "\(mask.count) options into \(columns.count) columns, not \(optionCount) into \(columnCount)")
    var first = 0
    for column in 0..<columnCount {
      let count = min(Self.optionsPerColumn, optionCount - first)
      var bits: Int32 = 0
      for bit in 0..<count where mask[first + bit] { bits |= 1 << Int32(truncatingIfNeeded: bit) }
      columns[column] = Float(bits)
      first += count
    }
  }

  /// Whether a row of gathered columns permits an option.
  @inlinable
  public func permits(_ columns: Span<Float>, row: Int = 0, option: Int) -> Bool {
    precondition(option >= 0 && option < optionCount, "option \(option) of \(optionCount)")
    let (column, bit) = option.quotientAndRemainder(dividingBy: Self.optionsPerColumn)
    return Int32(columns[row * columnCount + column]) >> Int32(truncatingIfNeeded: bit) & 1 == 1
  }

  /// Whether rows of gathered columns permit all options.
  public func permitsAll(_ columns: Span<Float>) -> Bool {
    guard columnCount > 0 else { return true }
    let rest = optionCount - (columnCount - 1) * Self.optionsPerColumn
    let (whole, last) = (Float(1 << Self.optionsPerColumn - 1), Float(1 << rest - 1))
    var missing = 0
    for row in 0..<columns.count / columnCount {
      for column in 0..<columnCount {
        let wanted = column == columnCount - 1 ? last : whole
        missing += columns[row * columnCount + column] == wanted ? 0 : 1
      }
    }
    return missing == 0
  }

  /// Unpacks one option of gathered columns, for every row 1 where it is permitted and 0 where it is not.
  public func unpack(_ columns: Span<Float>, option: Int, into flags: inout MutableSpan<Float>) {
    precondition(
      option >= 0 && option < optionCount && columns.count >= flags.count * columnCount,
      "option \(option) of \(optionCount), \(flags.count) rows from \(columns.count) columns")
    let (column, bit) = option.quotientAndRemainder(dividingBy: Self.optionsPerColumn)
    let shift = Int32(truncatingIfNeeded: bit)
    for row in 0..<flags.count {
      flags[row] = Float(Int32(columns[row * columnCount + column]) &>> shift & 1)
    }
  }

  /// Unpacks gathered columns, one mask of `optionCount` entries for each row.
  public func unpack(_ columns: Span<Float>, rows: Int, into mask: inout MutableSpan<Bool>) {
    precondition(
      columns.count >= rows * columnCount && mask.count >= rows * optionCount,
      "\(rows) rows from \(columns.count) columns into \(mask.count) options")
    for row in 0..<rows {
      var first = row * optionCount
      let end = first + optionCount
      for column in 0..<columnCount {
        let bits = Int32(columns[row * columnCount + column])
        let count = min(Self.optionsPerColumn, end - first)
        if bits == 1 << Int32(truncatingIfNeeded: count) - 1 {
          for option in first..<first + count { mask[option] = true }
        } else {
          for bit in 0..<count { mask[first + bit] = bits >> Int32(truncatingIfNeeded: bit) & 1 == 1 }
        }
        first += count
      }
    }
  }
}

/// A matrix of `Float` in row-major order.
///
/// Element (r, c) is `values[r * columns + c]`. The products of this module work on spans of such memory, so
/// that a part of a larger buffer serves as well; `Matrix` is for code that wants a value of its own.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int

  /// The number of columns.
  public let columns: Int

  /// The elements, row after row; `rows * columns` of them.
  public private(set) var values: [Float]

  /// Creates a matrix whose elements all equal `value`.
  public init(rows: Int, columns: Int, repeating value: Float = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    values = [Float](repeating: value, count: rows * columns)
  }

  /// Creates a matrix from its elements, row after row.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns,
      "\(values.count) values do not fill a \(rows) x \(columns) matrix",
    )
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The element in a row and a column, both counted from zero.
  public subscript(row: Int, column: Int) -> Float {
    get {
      checkIndex(row, column)
      return values[row * columns + column]
    }
    set {
      checkIndex(row, column)
      values[row * columns + column] = newValue
    }
  }

  /// The matrix with rows and columns exchanged. O(rows · columns).
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        result.values[column * rows + row] = values[row * columns + column]
      }
    }
    return result
  }

  /// The product of this matrix and another. O(rows · columns · other.columns).
  public func multiplied(by other: Matrix) -> Matrix {
    precondition(
      columns == other.rows,
      "a \(rows) x \(columns) matrix cannot be multiplied by a \(other.rows) x \(other.columns) one",
    )
    var result = Matrix(rows: rows, columns: other.columns)
    var output = result.values.mutableSpan
    multiply(
      values.span, other.values.span, into: &output, rows: rows, inner: columns, columns: other.columns)
    return result
  }

  private func checkIndex(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element (\(row), \(column)) lies outside a \(rows) x \(columns) matrix",
    )
  }
}

/// Reads one value of every cache line of some rows and returns a word made of them.
///
/// Rows drawn at random lie all over memory. Read one after another as they are copied, each waits for the last;
/// read so, their lines are fetched all at once.
func touchRows(_ source: Span<Float>, width: Int, _ rows: Span<Int>) -> UInt32 {
  var word: UInt32 = 0
  for index in 0..<rows.count {
    let first = rows[index] * width
    for column in stride(from: 0, to: width, by: 16) { word ^= source[first + column].bitPattern }
    word ^= source[first + width - 1].bitPattern
  }
  return word
}

/// Copies some columns of some rows of a row-major matrix, one row after another.
func gatherRows(
  _ source: Span<Float>, width: Int, _ columns: Range<Int>, _ rows: Span<Int>, into values: inout MutableSpan<Float>
) {
  let count = columns.count
  precondition(
    columns.lowerBound >= 0 && columns.upperBound <= width && values.count >= rows.count * count,
    "columns \(columns) of \(width), \(rows.count) × \(count) values into \(values.count)")
  if count == 1 {
    let column = columns.lowerBound
    for index in 0..<rows.count { values[index] = source[rows[index] * width + column] }
    return
  }
  for index in 0..<rows.count {
    // Spans of one length each: so the loop becomes a block copy.
    let from = rows[index] * width + columns.lowerBound
    let row = source.extracting(from..<from + count)
    var target = values._mutatingExtracting(index * count..<(index + 1) * count)
    for column in 0..<count { target[column] = row[column] }
  }
}

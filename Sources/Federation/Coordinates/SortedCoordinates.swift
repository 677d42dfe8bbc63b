internal import LinearAlgebra

/// The values of all clients at one parameter, in ascending order, for one parameter after the other.
enum SortedCoordinates {
  /// How many parameters are sorted together.
  static let width = 32

  /// Makes every parameter of its sorted values.
  ///
  /// The values are brought together by blocks that stay in the near caches, and sorted by one network of comparisons
  /// for ``width`` parameters at once. Nothing is allocated for a parameter.
  ///
  /// - Parameters:
  ///   - vectors: those of the clients, as long as `merged`, without NaN.
  ///   - merged: overwritten.
  ///   - reduce: makes ``width`` numbers of `vectors.count` rows of ``width`` columns, ascending in every column.
  static func write(
    _ vectors: [[Float]], into merged: inout [Float],
    _ reduce: (_ sorted: Span<Float>, _ result: inout MutableSpan<Double>) -> Void
  ) {
    let (clients, count) = (vectors.count, merged.count)
    let strips = max(1, min(32, 65_536 / max(1, clients * width)))
    var block = [Float](repeating: 0, count: strips * clients * width)
    var result = [Double](repeating: 0, count: width)
    var blockSpan = block.mutableSpan
    var resultSpan = result.mutableSpan
    var mergedSpan = merged.mutableSpan
    for start in stride(from: 0, to: count, by: strips * width) {
      let filled = min(strips * width, count - start)
      for client in 0..<clients {
        let own = vectors[client]
        gather(own.span.extracting(start..<start + filled), client, of: clients, into: &blockSpan)
      }
      for first in stride(from: 0, to: filled, by: width) {
        blockSpan.withPart(first * clients..<(first + width) * clients) { strip in
          sortColumns(of: &strip, columns: width)
          reduce(strip.span, &resultSpan)
        }
        for column in 0..<min(width, filled - first) {
          mergedSpan[start + first + column] = Float(resultSpan[column])
        }
      }
    }
  }

  /// Puts the values of a client into its row of every strip.
  private static func gather(
    _ values: Span<Float>, _ client: Int, of clients: Int, into block: inout MutableSpan<Float>
  ) {
    for first in stride(from: 0, to: values.count, by: width) {
      let place = (first / width * clients + client) * width
      let columns = min(width, values.count - first)
      block.withPart(place..<place + columns) { copy(values.extracting(first..<first + columns), into: &$0) }
    }
  }
}

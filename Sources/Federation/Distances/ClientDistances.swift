internal import LinearAlgebra

/// The squared Euclidean distances between all clients' parameters, in 64 bits.
///
/// O(clients² × parameters / 2), in one pass over the parameters by blocks that stay in the near caches.
struct ClientDistances {
  /// How many clients there are.
  let count: Int
  /// `count` rows of `count` distances.
  private let squared: [Double]

  /// Measures all distances; vectors of one length, finite.
  init(_ vectors: [[Float]]) {
    count = vectors.count
    let length = vectors.first?.count ?? 0
    let block = max(16, min(256, 32_768 / max(1, count) / 16 * 16))
    var rows = [Double](repeating: 0, count: count * block)
    var distances = [Double](repeating: 0, count: count * count)
    var rowsSpan = rows.mutableSpan
    var distancesSpan = distances.mutableSpan
    for start in stride(from: 0, to: length, by: block) {
      let filled = min(block, length - start)
      for client in 0..<count {
        let vector = vectors[client]
        let own = vector.span
        var part = rowsSpan._mutatingExtracting(client * block..<(client + 1) * block)
        for column in 0..<filled { part[column] = Double(own[start + column]) }
        for column in filled..<block { part[column] = 0 }
      }
      addSquaredDistances(between: rowsSpan.span, rows: count, columns: block, to: &distancesSpan)
    }
    for row in 0..<count {
      for column in 0..<row { distancesSpan[row * count + column] = distancesSpan[column * count + row] }
    }
    squared = distances
  }

  /// The squared distance between two clients.
  subscript(_ first: Int, _ second: Int) -> Double { squared[first * count + second] }

  /// The clients other than `client`, the nearest first; of equally near ones the first client.
  func neighbours(of client: Int) -> [Int] {
    (0..<count).filter { $0 != client }.sorted { (self[client, $0], $0) < (self[client, $1], $1) }
  }
}

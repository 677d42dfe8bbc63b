/// Colours of a graph's vertices by DSATUR: next comes the vertex whose neighbours already have the most colours.
///
/// Among equals the vertex of greatest degree comes first, then the lowest number; it takes the lowest colour that no
/// neighbour has. Exact on bipartite graphs, cycles and wheels. Source: D. Brélaz, Comm. ACM 22 (1979) 251. O(n²).
public enum SaturationColouring {
  /// A colour in 0 ..< colours for each vertex, −1 for vertices for which none was left.
  ///
  /// - Parameters:
  ///   - count: the number of vertices.
  ///   - colours: how many there are; `Int.max` for as many as it takes.
  ///   - areAdjacent: whether two vertices are neighbours; symmetric.
  public static func colour(count: Int, colours: Int = Int.max, areAdjacent: (Int, Int) -> Bool) -> [Int] {
    var colour = [Int](repeating: -1, count: count)
    var isDone = [Bool](repeating: false, count: count)
    var forbidden = [Set<Int>](repeating: [], count: count)
    var neighbours = [[Int]](repeating: [], count: count)
    for i in 0..<count { for j in i + 1..<max(count, i + 1) where areAdjacent(i, j) { link(i, j, &neighbours) } }
    for _ in 0..<count {
      var next = -1
      for vertex in 0..<count where !isDone[vertex] {
        if next < 0 || forbidden[vertex].count > forbidden[next].count
          || (forbidden[vertex].count == forbidden[next].count && neighbours[vertex].count > neighbours[next].count)
        {
          next = vertex
        }
      }
      isDone[next] = true
      var lowest = 0
      while forbidden[next].contains(lowest) { lowest += 1 }
      guard lowest < colours else { continue }
      colour[next] = lowest
      for neighbour in neighbours[next] { forbidden[neighbour].insert(lowest) }
    }
    return colour
  }

  private static func link(_ i: Int, _ j: Int, _ neighbours: inout [[Int]]) {
    neighbours[i].append(j)
    neighbours[j].append(i)
  }
}

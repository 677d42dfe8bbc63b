/// A rectangular hall with radio nodes on a regular grid.
///
/// The halls of 3GPP's positioning study for factories are 120 m × 60 m with 18 nodes 20 m apart and 300 m × 150 m
/// with 18 nodes 50 m apart, both 10 m high. Source: TR 38.857 Table 6.1-1.
public struct FactoryHall: Sendable, Equatable {
  /// Along x.
  public let length_m: Double
  /// Along y.
  public let width_m: Double
  /// From the floor to the ceiling.
  public let height_m: Double
  /// Ground positions of the nodes, row after row.
  public let nodes: [Node]

  /// Where a node stands.
  public struct Node: Sendable, Equatable {
    /// Along the length.
    public let x_m: Double
    /// Along the width.
    public let y_m: Double
  }

  /// A hall with columns × rows nodes, each in the middle of its cell.
  public init(length: Metres, width: Metres, height: Metres, columns: Int, rows: Int) {
    precondition(
      length.value > 0 && width.value > 0 && height.value > 0 && columns > 0 && rows > 0,
      "a hall needs positive sides and nodes, not \(length.value) x \(width.value) x \(height.value) m with "
        + "\(columns) x \(rows)")
    length_m = length.value
    width_m = width.value
    height_m = height.value
    var nodes: [Node] = []
    for row in 0..<rows {
      for column in 0..<columns {
        nodes.append(
          Node(
            x_m: length.value * (Double(column) + 0.5) / Double(columns),
            y_m: width.value * (Double(row) + 0.5) / Double(rows)))
      }
    }
    self.nodes = nodes
  }

  /// 120 m × 60 m × 10 m, 18 nodes on a 20 m grid.
  public static let small = FactoryHall(
    length: Metres(120), width: Metres(60), height: Metres(10), columns: 6, rows: 3)
  /// 300 m × 150 m × 10 m, 18 nodes on a 50 m grid.
  public static let large = FactoryHall(
    length: Metres(300), width: Metres(150), height: Metres(10), columns: 6, rows: 3)

  /// The volume V.
  public var volume_m3: Double { length_m * width_m * height_m }

  /// The surface S of walls, floor and ceiling.
  public var surface_m2: Double { 2 * (length_m * width_m + height_m * (length_m + width_m)) }

  /// The node nearest to a place on the ground, the first of equals. O(nodes).
  public func nearestNode(x_m: Double, y_m: Double) -> Int {
    var nearest = 0
    var least = Double.infinity
    for index in nodes.indices {
      let dx = nodes[index].x_m - x_m
      let dy = nodes[index].y_m - y_m
      let distance = dx * dx + dy * dy
      if distance < least {
        least = distance
        nearest = index
      }
    }
    return nearest
  }
}

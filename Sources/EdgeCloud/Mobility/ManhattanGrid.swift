/// The streets of a Manhattan grid: crossings, the stretches between them and where a lane lies.
///
/// Crossing (i, j) lies at (i · block width, j · block height). A stretch is one direction of a street between two
/// neighbouring crossings; its number is 4 · (crossing from which it leads) + direction. Traffic keeps to the right:
/// lane k lies (k + ½) lane widths to the right of the street's middle.
struct ManhattanGrid: Sendable, Equatable {
  /// A compass direction; turning left adds one.
  enum Direction {
    static let east = 0
    static let north = 1
    static let west = 2
    static let south = 3

    static func left(of direction: Int) -> Int { (direction + 1) & 3 }
    static func back(from direction: Int) -> Int { (direction + 2) & 3 }
    static func right(of direction: Int) -> Int { (direction + 3) & 3 }

    static func x(_ direction: Int) -> Double { direction == east ? 1 : direction == west ? -1 : 0 }
    static func y(_ direction: Int) -> Double { direction == north ? 1 : direction == south ? -1 : 0 }
  }

  let columns: Int
  let rows: Int
  let blockWidth_m: Double
  let blockHeight_m: Double
  let laneWidth_m: Double

  /// The number of crossings.
  var crossings: Int { (columns + 1) * (rows + 1) }

  /// The crossing from which a stretch leads.
  func crossing(from stretch: Int) -> Int { stretch >> 2 }

  /// The direction of a stretch.
  func direction(of stretch: Int) -> Int { stretch & 3 }

  /// The crossing in column i and row j.
  func crossing(column: Int, row: Int) -> Int { row * (columns + 1) + column }

  /// The stretch that leads from a crossing in a direction, or nil at the edge of the grid.
  func stretch(from crossing: Int, toward direction: Int) -> Int? {
    let column = crossing % (columns + 1)
    let row = crossing / (columns + 1)
    let isInside =
      switch direction {
      case Direction.east: column < columns
      case Direction.north: row < rows
      case Direction.west: column > 0
      default: row > 0
      }
    return isInside ? crossing << 2 | direction : nil
  }

  /// The crossing to which a stretch leads.
  func crossing(at stretch: Int) -> Int {
    switch direction(of: stretch) {
    case Direction.east: crossing(from: stretch) + 1
    case Direction.north: crossing(from: stretch) + columns + 1
    case Direction.west: crossing(from: stretch) - 1
    default: crossing(from: stretch) - columns - 1
    }
  }

  /// The length of a stretch, from the middle of one crossing to that of the next.
  func length_m(of stretch: Int) -> Double { direction(of: stretch) & 1 == 0 ? blockWidth_m : blockHeight_m }

  /// The place on a lane of a stretch, so far from the middle of its first crossing.
  func place(stretch: Int, lane: Int, along_m: Double) -> (x_m: Double, y_m: Double) {
    let crossing = crossing(from: stretch)
    let direction = direction(of: stretch)
    let right = Direction.right(of: direction)
    let offset = (Double(lane) + 0.5) * laneWidth_m
    return (
      Double(crossing % (columns + 1)) * blockWidth_m + along_m * Direction.x(direction)
        + offset * Direction.x(right),
      Double(crossing / (columns + 1)) * blockHeight_m + along_m * Direction.y(direction)
        + offset * Direction.y(right)
    )
  }
}

import Glibc
public import Randomness

/// Two standard normal fields over the plane, the same at a place whenever one comes back to it.
///
/// A square grid has two independent standard normal numbers at each node, a function of (world, entity, node). Between
/// the nodes of a cell the field is Σ wᵢ zᵢ / √Σ wᵢ² with the weights wᵢ of bilinear interpolation: continuous, standard
/// normal at every place, and independent beyond two cells. A link's shadowing in dB is its deviation times such a field
/// over the displacement of its ends, and it has line of sight where Φ of the other field is below P(LOS) (as
/// ``LineOfSight``): states then are consistent in space, as TR 38.901 clause 7.6.3 asks, and do not depend on the way
/// that was flown. The correlation falls over a cell's width instead of the standard's exponential.
public struct SpatialField: Sendable, Equatable {
  /// The numbers at the nodes of one cell.
  public struct Cell: Sendable, Equatable {
    /// The cell's column.
    public var column: Int32
    /// The cell's row.
    public var row: Int32
    var first: SIMD4<Double>
    var second: SIMD4<Double>
  }

  /// What the draws are for.
  public let purpose: WorldDraws.Purpose
  /// The width of a cell.
  public let cell_m: Double

  /// The fields of a purpose, varying over a length.
  public init(purpose: WorldDraws.Purpose, cell: Metres) {
    precondition(cell.value > 0, "a cell must have a width, not \(cell.value) m")
    self.purpose = purpose
    cell_m = cell.value
  }

  /// Whether a place lies in a cell.
  public func isInside(_ cell: Cell, x_m: Double, y_m: Double) -> Bool {
    Self.number(x_m / cell_m) == cell.column && Self.number(y_m / cell_m) == cell.row
  }

  /// The cell of a place. Four blocks of draws.
  public func cell(in world: WorldDraws, entity: UInt64, x_m: Double, y_m: Double) -> Cell {
    var cell = Cell(
      column: Self.number(x_m / cell_m), row: Self.number(y_m / cell_m), first: .zero, second: .zero)
    for corner in 0..<4 {
      let column = cell.column &+ Int32(corner & 1)
      let row = cell.row &+ Int32(corner >> 1)
      let node = UInt64(UInt32(bitPattern: column)) << 32 | UInt64(UInt32(bitPattern: row))
      let words = world.block(purpose, entity: entity, time: node)
      let normals = Variate.normals(words.0, words.1)
      cell.first[corner] = normals.0
      cell.second[corner] = normals.1
    }
    return cell
  }

  /// Both fields at a place of a cell.
  public func values(_ cell: Cell, x_m: Double, y_m: Double) -> (Double, Double) {
    let across = min(max(x_m / cell_m - Double(cell.column), 0), 1)
    let along = min(max(y_m / cell_m - Double(cell.row), 0), 1)
    let weights = SIMD4(
      (1 - across) * (1 - along), across * (1 - along), (1 - across) * along, across * along)
    let scale = 1 / (weights * weights).sum().squareRoot()
    return ((weights * cell.first).sum() * scale, (weights * cell.second).sum() * scale)
  }

  private static func number(_ cells: Double) -> Int32 {
    Int32(min(max(cells.rounded(.down), -2e9), 2e9))
  }
}

/// The movements of vehicles that SUMO wrote with `--fcd-output` (floating-car data).
///
/// `fcd-export` > `timestep` (`time`, s) > `vehicle` (`id`, `x`, `y`, m; also `speed`, m/s, `angle`, degrees
/// clockwise from north, and `type` where given), as in the manual's page "Simulation/Output/FCDOutput".
/// Everything else in the file is ignored; persons and containers are too. (x, y) is the centre of the front
/// bumper in the coordinates of the road network.
public struct FloatingCarTrace: Sendable {
  /// The smallest rectangle that holds every position, in metres.
  public struct Bounds: Sendable, Equatable {
    /// The westernmost x.
    public var minX: Double
    /// The southernmost y.
    public var minY: Double
    /// The easternmost x.
    public var maxX: Double
    /// The northernmost y.
    public var maxY: Double

    /// The rectangle from (`minX`, `minY`) to (`maxX`, `maxY`).
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
      self.minX = minX
      self.minY = minY
      self.maxX = maxX
      self.maxY = maxY
    }
  }

  /// One per stay, ordered by first time, then by id.
  ///
  /// A stay ends where its vehicle is absent from a timestep of the file; one that comes back has another
  /// stay.
  public let trajectories: [Trajectory]
  /// The times of all timesteps in seconds, increasing, including those without vehicles.
  public let timesteps: [Double]
  /// The rectangle around all rows.
  public let bounds: Bounds
  /// The file as it was named.
  public let source: String
  /// How many vehicle rows the file has.
  public let rowCount: Int
  /// How many distinct vehicles the file has.
  public let vehicleCount: Int
  /// How many stays were dropped because they have a single sample, from which no movement follows.
  public let droppedSingles: Int

  /// Reads an XML file, packed with gzip or not, whatever its name.
  ///
  /// - Throws: an error of kind `missingFile` or `unreadable`, or one that says what in the file is wrong and
  ///   on which line: XML that is malformed or brings its own entities, another root, times that do not
  ///   increase, a vehicle twice in a timestep, an attribute that is missing or not a finite number, or
  ///   nothing that moves.
  /// - Complexity: linear in the file; memory is that of the trajectories, twice.
  public init(contentsOf path: String) throws(TraceError) {
    let table = try FloatingCarScanner.scan(path)
    guard table.rowCount > 0 else {
      throw TraceError(path: path, message: "no timestep has a vehicle; a trace needs vehicles that move")
    }
    (trajectories, droppedSingles) = table.trajectories()
    guard !trajectories.isEmpty else {
      throw TraceError(
        path: path, message: "no vehicle is in two timesteps in a row; a trace needs vehicles that move")
    }
    timesteps = table.times
    bounds = table.bounds
    source = path
    rowCount = table.rowCount
    vehicleCount = table.vehicles.count
  }
}

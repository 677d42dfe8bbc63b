/// Where the vehicles of an episode are at every instant, and which slot each of them has.
///
/// Movement does not depend on what is decided about tasks, so it is computed once at the start. The arrays
/// are [instant × slots], row-major; instant k is at k · ``interval_s``. A *stay* is the unbroken time of a
/// vehicle in a slot; a slot may hold many stays one after another.
///
/// A vehicle keeps its slot while it is present. Free slots, the lowest first, go to the vehicles that wait,
/// in the order in which they appeared (of those that appeared together, the lower entity first). A vehicle
/// that returns after an absence waits anew and has a new stay. What is present without a slot is counted in
/// ``unservedInstants``. Made by ``Builder``.
public struct MobilityPlan: Sendable, Equatable {
  /// A vehicle at an instant.
  public struct Vehicle: Sendable, Equatable {
    /// A stable number of the vehicle, for counter-based draws.
    public var entity: UInt64
    /// Position east.
    public var x_m: Double
    /// Position north.
    public var y_m: Double
    /// Speed, not negative.
    public var speed_mps: Double

    /// A vehicle somewhere at some speed.
    public init(entity: UInt64, x_m: Double, y_m: Double, speed_mps: Double) {
      self.entity = entity
      self.x_m = x_m
      self.y_m = y_m
      self.speed_mps = speed_mps
    }
  }

  /// The number of slots.
  public let slots: Int
  /// The number of instants.
  public let instants: Int
  /// The time between instants.
  public let interval_s: Double
  /// The stay in each slot at each instant, −1 where the slot is empty.
  public let occupant: [Int32]
  /// Position east; 0 where the slot is empty.
  public let x_m: [Double]
  /// Position north; 0 where the slot is empty.
  public let y_m: [Double]
  /// Speed; 0 where the slot is empty.
  public let speed_mps: [Double]
  /// The vehicle of each stay.
  public let entity: [UInt64]
  /// The time of the first instant at which each stay is over; infinite if it lasts to the end of the plan.
  public let departure_s: [Double]
  /// The number of instants at which a vehicle is present without a slot, added over all vehicles.
  public let unservedInstants: Int

  /// The number of stays.
  public var stays: Int { entity.count }

  /// The index of a slot at an instant in the arrays.
  public func index(instant: Int, slot: Int) -> Int { instant * slots + slot }
}

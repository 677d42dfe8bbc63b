/// A store of energy that is drawn down to nothing and not below.
public struct Battery: Sendable, Equatable {
  /// What it can hold.
  public let capacity_J: Double
  /// What it holds.
  public private(set) var charge_J: Double

  /// A battery that holds its capacity, or less.
  public init(capacity: Joules, charge: Joules? = nil) {
    let held = charge ?? capacity
    precondition(
      capacity.value > 0 && capacity.value.isFinite, "a capacity must be positive, not \(capacity.value) J")
    precondition(
      held.value >= 0 && held <= capacity, "a charge lies in 0 ... \(capacity.value) J, not at \(held.value) J")
    capacity_J = capacity.value
    charge_J = held.value
  }

  /// Whether nothing is left.
  public var isEmpty: Bool { charge_J <= 0 }

  /// Draws energy and returns what was there of it.
  @discardableResult
  public mutating func draw(_ energy_J: Double) -> Double {
    precondition(energy_J >= 0, "energy is drawn, not put in: \(energy_J) J")
    let drawn = min(energy_J, charge_J)
    charge_J -= drawn
    return drawn
  }
}

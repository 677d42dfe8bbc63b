public import Randomness

/// What the physics draws, each under a number of its own. Numbers are never changed or used again.
extension WorldDraws.Purpose {
  /// Arrival, desired speed and first position of a road vehicle; entity: the vehicle.
  public static let roadVehicle = WorldDraws.Purpose(rawValue: 0x100)
  /// Arrival, size, computation and deadline of a task; entity: the device, time: the slot.
  public static let task = WorldDraws.Purpose(rawValue: 0x101)
  /// Shadow fading of a link; entity: the link, time: the step.
  public static let shadowing = WorldDraws.Purpose(rawValue: 0x102)
  /// The Gaussian process behind a link's line-of-sight state; entity: the link, time: the step.
  public static let lineOfSight = WorldDraws.Purpose(rawValue: 0x103)
  /// Fast fading of a link; entity: the link, time: the block.
  public static let fading = WorldDraws.Purpose(rawValue: 0x104)
  /// Loss by a vehicle that blocks a link; entity: the link, time: the step.
  public static let blockage = WorldDraws.Purpose(rawValue: 0x105)
  /// Arrivals of a Poisson stream; entity: the stream, time: the slot.
  public static let poissonArrivals = WorldDraws.Purpose(rawValue: 0x170)
  /// Changes of phase of a modulated stream; entity: the stream, time: the slot.
  public static let phases = WorldDraws.Purpose(rawValue: 0x171)
  /// Arrivals of a modulated stream; entity: the stream, time: the slot.
  public static let modulatedArrivals = WorldDraws.Purpose(rawValue: 0x172)
  /// Where a replay of arrivals begins; entity: the stream.
  public static let replayStart = WorldDraws.Purpose(rawValue: 0x173)
}

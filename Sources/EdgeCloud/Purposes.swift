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

/// What the air and those on the ground below it draw (0x130 to 0x13F).
extension WorldDraws.Purpose {
  /// The place of a user on the ground; entity: the user.
  public static let userPlace = WorldDraws.Purpose(rawValue: 0x130)
  /// The centre of a cluster of users; entity: the cluster.
  public static let clusterCentre = WorldDraws.Purpose(rawValue: 0x131)
  /// The velocity of a Gauss–Markov walk; entity: the walker, time: the step.
  public static let walk = WorldDraws.Purpose(rawValue: 0x132)
  /// A leg between random waypoints; entity: the walker, time: the leg.
  public static let waypoint = WorldDraws.Purpose(rawValue: 0x133)
  /// Where a walk between random waypoints starts; entity: the walker.
  public static let waypointStart = WorldDraws.Purpose(rawValue: 0x134)
  /// Line of sight and shadowing of a link to the air; entity: the user, time: the node of the field.
  public static let aerialLink = WorldDraws.Purpose(rawValue: 0x135)
  /// Which rows of a table of places are users; entity: the row.
  public static let userChoice = WorldDraws.Purpose(rawValue: 0x136)
  /// Where an aircraft starts and with which charge; entity: the aircraft.
  public static let aircraft = WorldDraws.Purpose(rawValue: 0x137)
  /// The clock speed of a user's device; entity: the user.
  public static let userDevice = WorldDraws.Purpose(rawValue: 0x138)
}

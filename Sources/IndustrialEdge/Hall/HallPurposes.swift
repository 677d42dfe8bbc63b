import Randomness

/// What the hall draws, each under a number of its own. Numbers are never changed or used again.
extension WorldDraws.Purpose {
  /// Position, clock speed and phase of a device; entity: the device.
  static let hallDevice = WorldDraws.Purpose(rawValue: 0x151)
  /// Shadowing and line of sight of a fixed device's link; entity: the device, time: the node.
  static let hallLink = WorldDraws.Purpose(rawValue: 0x152)
  /// Whether a message of a control loop is lost; entity: the device, time: the step and the message in it.
  static let hallLoss = WorldDraws.Purpose(rawValue: 0x153)
  /// Fast fading of an upload; entity: the device, time: the step.
  static let hallFading = WorldDraws.Purpose(rawValue: 0x154)
  /// The size of a job; entity: the device, time: the job.
  static let hallJob = WorldDraws.Purpose(rawValue: 0x155)
  /// The next waypoint of a robot; entity: the robot, time: the leg.
  static let hallWaypoint = WorldDraws.Purpose(rawValue: 0x157)
  /// Shadowing and line of sight of a robot's link; entity: the robot and the node, time: the step.
  static let hallRobotLink = WorldDraws.Purpose(rawValue: 0x158)
}

import Randomness

/// What the world of collectors draws. Numbers are never changed or used again.
extension WorldDraws.Purpose {
  /// Where a sensor stands; entity: the sensor.
  static let sensorPlace = WorldDraws.Purpose(rawValue: 0x140)
  /// Where a collector begins; entity: the collector.
  static let collectorPlace = WorldDraws.Purpose(rawValue: 0x141)
  /// Whether a sensor has a packet in a slot, and its bits; entity: the sensor, time: the slot.
  static let sensorPacket = WorldDraws.Purpose(rawValue: 0x142)
  /// The published world's restlessness of a collector that stays; entity: the collector, time: the slot.
  static let restlessness = WorldDraws.Purpose(rawValue: 0x143)
  /// The published world's choice in place of a batch that is not there; entity: the collector, time: the slot.
  static let stopgap = WorldDraws.Purpose(rawValue: 0x144)
}

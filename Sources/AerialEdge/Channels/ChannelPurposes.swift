import Randomness

/// What the world of channels draws. Numbers are never changed or used again.
extension WorldDraws.Purpose {
  /// Where a relay begins on its circle; entity: the relay.
  static let relayPhase = WorldDraws.Purpose(rawValue: 0x145)
  /// Whether a device becomes or stays busy; entity: the device, time: the slot.
  static let deviceActivity = WorldDraws.Purpose(rawValue: 0x146)
}

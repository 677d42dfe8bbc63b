/// A power in watts.
public struct Watts: AdditiveQuantity {
  /// The number of watts.
  public let value: Double
  /// A power of so many watts.
  public init(_ value: Double) { self.value = value }
}

/// A frequency, a bandwidth or a clock speed (cycles per second) in hertz.
public struct Hertz: AdditiveQuantity {
  /// The number of hertz.
  public let value: Double
  /// A frequency of so many hertz.
  public init(_ value: Double) { self.value = value }
}

/// An amount of data in bits.
public struct Bits: AdditiveQuantity {
  /// The number of bits.
  public let value: Double
  /// An amount of so many bits.
  public init(_ value: Double) { self.value = value }
  /// An amount of so many bytes of eight bits.
  public init(bytes: Double) { value = 8 * bytes }
}

/// An amount of computation in processor cycles.
public struct Cycles: AdditiveQuantity {
  /// The number of cycles.
  public let value: Double
  /// An amount of so many cycles.
  public init(_ value: Double) { self.value = value }
}

/// A duration in seconds.
public struct Seconds: AdditiveQuantity {
  /// The number of seconds.
  public let value: Double
  /// A duration of so many seconds.
  public init(_ value: Double) { self.value = value }
}

/// An energy in joules.
public struct Joules: AdditiveQuantity {
  /// The number of joules.
  public let value: Double
  /// An energy of so many joules.
  public init(_ value: Double) { self.value = value }
}

/// A length in metres.
public struct Metres: AdditiveQuantity {
  /// The number of metres.
  public let value: Double
  /// A length of so many metres.
  public init(_ value: Double) { self.value = value }
}

/// A speed in metres per second.
public struct MetresPerSecond: AdditiveQuantity {
  /// The number of metres per second.
  public let value: Double
  /// A speed of so many metres per second.
  public init(_ value: Double) { self.value = value }
  /// A speed of so many kilometres per hour.
  public init(kilometresPerHour: Double) { value = kilometresPerHour / 3.6 }
}

/// A data rate in bits per second.
public struct BitsPerSecond: AdditiveQuantity {
  /// The number of bits per second.
  public let value: Double
  /// A rate of so many bits per second.
  public init(_ value: Double) { self.value = value }
}

extension Watts {
  /// The energy of a power held for a time.
  public static func * (power: Watts, time: Seconds) -> Joules { Joules(power.value * time.value) }
}

extension Joules {
  /// The mean power of an energy spent over a time.
  public static func / (energy: Joules, time: Seconds) -> Watts { Watts(energy.value / time.value) }
}

extension Cycles {
  /// The time that the cycles take at a clock speed.
  public static func / (cycles: Cycles, clock: Hertz) -> Seconds { Seconds(cycles.value / clock.value) }
}

extension Bits {
  /// The time that the bits take at a rate.
  public static func / (bits: Bits, rate: BitsPerSecond) -> Seconds { Seconds(bits.value / rate.value) }
}

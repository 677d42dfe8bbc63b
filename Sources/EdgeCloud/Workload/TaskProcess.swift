import Glibc
public import Randomness

/// A piece of work that can be computed here or elsewhere.
public struct ComputeTask: Sendable, Equatable {
  /// Its input.
  public let bits: Double
  /// The cycles that each bit of input takes.
  public let cyclesPerBit: Double
  /// The time after its arrival by which it should be finished.
  public let deadline_s: Double
  /// The cycles it takes in all.
  public var cycles: Double { bits * cyclesPerBit }

  /// A task by its input, density and deadline.
  public init(bits: Double, cyclesPerBit: Double, deadline_s: Double) {
    self.bits = bits
    self.cyclesPerBit = cyclesPerBit
    self.deadline_s = deadline_s
  }
}

/// The tasks of devices in slotted time: at most one per device and slot, all sizes uniform and independent.
///
/// A task is a function of (world, device, slot) alone: it is the same whatever was decided before, and
/// nothing is consumed by asking.
public struct TaskProcess: Sendable, Equatable {
  /// The probability that a device has a task in a slot.
  public let arrivalProbability: Double
  /// The range of inputs in bits.
  public let bits: ClosedRange<Double>
  /// The range of cycles per bit.
  public let cyclesPerBit: ClosedRange<Double>
  /// The range of deadlines in seconds.
  public let deadline_s: ClosedRange<Double>

  /// A process by its probability per slot and its ranges.
  public init(
    arrivalProbability: Double, bits: ClosedRange<Bits>, cyclesPerBit: ClosedRange<Double>,
    deadline: ClosedRange<Seconds>
  ) {
    precondition(
      (0...1).contains(arrivalProbability), "a probability lies in 0 ... 1, not at \(arrivalProbability)")
    precondition(
      bits.lowerBound.value > 0 && cyclesPerBit.lowerBound > 0 && deadline.lowerBound.value > 0,
      "bits, cycles per bit and deadlines must be positive, not from \(bits.lowerBound.value), "
        + "\(cyclesPerBit.lowerBound) and \(deadline.lowerBound.value)")
    self.arrivalProbability = arrivalProbability
    self.bits = bits.lowerBound.value...bits.upperBound.value
    self.cyclesPerBit = cyclesPerBit
    deadline_s = deadline.lowerBound.value...deadline.upperBound.value
  }

  /// The probability that a Poisson stream of a rate (tasks per second) has an arrival in a slot: 1 −
  /// e^(−λΔ).
  public static func arrivalProbability(rate: Hertz, interval: Seconds) -> Double {
    precondition(
      rate.value >= 0 && interval.value > 0,
      "a rate must not be negative and an interval positive, not \(rate.value) Hz and \(interval.value) s")
    return -expm1(-rate.value * interval.value)
  }

  /// The task of a device in a slot, or nil if it has none. One block of four words.
  public func task(in world: WorldDraws, device: UInt64, slot: Int) -> ComputeTask? {
    let words = world.block(.task, entity: device, time: UInt64(bitPattern: Int64(slot)))
    guard Variate.uniform(words.0) < arrivalProbability else { return nil }
    return ComputeTask(
      bits: Self.value(words.1, in: bits), cyclesPerBit: Self.value(words.2, in: cyclesPerBit),
      deadline_s: Self.value(words.3, in: deadline_s))
  }

  private static func value(_ word: UInt64, in range: ClosedRange<Double>) -> Double {
    min(range.lowerBound + (range.upperBound - range.lowerBound) * Variate.uniform(word), range.upperBound)
  }
}

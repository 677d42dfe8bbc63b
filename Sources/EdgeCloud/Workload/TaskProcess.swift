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

/// In which slots a device's stream of arrivals has one, where slots do not have them independently.
public enum TaskArrivals: Sendable, Equatable {
  /// Bursts: a stream of each device's own. Its slots are the process's.
  case modulated(MarkovModulated)
  /// A recording, which each device replays from a place of its own.
  case replay(ArrivalReplay, slot_s: Double)

  /// Whether a device has an arrival in a slot.
  func hasOne(in world: WorldDraws, device: UInt64, slot: Int) -> Bool {
    switch self {
    case .modulated(let stream):
      var walk = stream.walk(in: world, entity: device, slot: slot)
      return stream.count(&walk, in: world, entity: device) > 0
    case .replay(let replay, let slot_s):
      let start = replay.start_s(in: world, entity: device)
      var hasOne = false
      let begin = Double(slot) * slot_s
      replay.forEach(from: begin, to: Double(slot + 1) * slot_s, start_s: start) { _, _ in hasOne = true }
      return hasOne
    }
  }
}

/// The tasks of devices in slotted time: at most one per device and slot, all sizes uniform and independent.
///
/// A task is a function of (world, device, slot) alone: it is the same whatever was decided before, and
/// nothing is consumed by asking.
public struct TaskProcess: Sendable, Equatable {
  /// The probability that a device has a task in a slot, where slots have them independently.
  public let arrivalProbability: Double
  /// The slots that have tasks, where they do not have them independently: those in which a stream has arrivals.
  public let arrivals: TaskArrivals?
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
    arrivals = nil
    self.bits = bits.lowerBound.value...bits.upperBound.value
    self.cyclesPerBit = cyclesPerBit
    deadline_s = deadline.lowerBound.value...deadline.upperBound.value
  }

  /// The same tasks in other slots: those in which streams have arrivals.
  public init(_ process: TaskProcess, arriving arrivals: TaskArrivals) {
    arrivalProbability = process.arrivalProbability
    self.arrivals = arrivals
    bits = process.bits
    cyclesPerBit = process.cyclesPerBit
    deadline_s = process.deadline_s
  }

  /// The probability that a Poisson stream of a rate (tasks per second) has an arrival in a slot: 1 −
  /// e^(−λΔ).
  public static func arrivalProbability(rate: Hertz, interval: Seconds) -> Double {
    precondition(
      rate.value >= 0 && interval.value > 0,
      "a rate must not be negative and an interval positive, not \(rate.value) Hz and \(interval.value) s")
    return -expm1(-rate.value * interval.value)
  }

  /// The task of a device in a slot, counted from 0, or nil if it has none. One block of four words, and what the
  /// arrivals take.
  public func task(in world: WorldDraws, device: UInt64, slot: Int) -> ComputeTask? {
    let words = world.block(.task, entity: device, time: UInt64(bitPattern: Int64(slot)))
    if let arrivals {
      guard arrivals.hasOne(in: world, device: device, slot: slot) else { return nil }
    } else {
      guard Variate.uniform(words.0) < arrivalProbability else { return nil }
    }
    return ComputeTask(
      bits: Self.value(words.1, in: bits), cyclesPerBit: Self.value(words.2, in: cyclesPerBit),
      deadline_s: Self.value(words.3, in: deadline_s))
  }

  private static func value(_ word: UInt64, in range: ClosedRange<Double>) -> Double {
    min(range.lowerBound + (range.upperBound - range.lowerBound) * Variate.uniform(word), range.upperBound)
  }
}

public import Randomness

extension WorldDraws.Purpose {
  /// Time until a machine's next breakdown and its repair; entity: the machine, time: the number of the cycle.
  public static let breakdown = WorldDraws.Purpose(rawValue: 0x150)
}

/// How often a machine breaks down and how long its repair takes, both exponential.
///
/// In the long run it is up for the share MTTF / (MTTF + MTTR) of the time.
public struct Breakdowns: Sendable, Equatable {
  /// MTTF; infinite for a machine that never breaks down.
  public let meanTimeToFailure_s: Double
  /// MTTR.
  public let meanTimeToRepair_s: Double

  /// A law by its two means.
  public init(meanTimeToFailure: Seconds, meanTimeToRepair: Seconds) {
    precondition(
      meanTimeToFailure.value > 0 && meanTimeToRepair.value >= 0 && meanTimeToRepair.value.isFinite,
      "a machine needs MTTF > 0 and MTTR >= 0, not \(meanTimeToFailure.value) s and \(meanTimeToRepair.value) s")
    meanTimeToFailure_s = meanTimeToFailure.value
    meanTimeToRepair_s = meanTimeToRepair.value
  }

  /// The law of machines that never break down.
  public static let none = Breakdowns(meanTimeToFailure: Seconds(.infinity), meanTimeToRepair: Seconds(0))

  /// The share of time in which a machine is up in the long run.
  public var availability: Double {
    meanTimeToFailure_s == .infinity ? 1 : meanTimeToFailure_s / (meanTimeToFailure_s + meanTimeToRepair_s)
  }
}

/// A machine that breaks down and is repaired: one path of an alternating renewal process.
///
/// The path is stationary and a function of (world, machine) alone: at time 0 the machine is down with the long-run
/// probability, and what is left of a time is again exponential. A breakdown suspends the work at hand, which goes on
/// after the repair with nothing lost.
///
/// The value holds one cycle, from its first moment up to the end of its repair. A copy is a snapshot; nothing
/// allocates.
public struct Machine: Sendable, Equatable {
  /// The law.
  public let law: Breakdowns
  /// The machine's number in its world.
  public let entity: UInt64
  /// The number of the cycle.
  public private(set) var cycle: UInt64
  /// When the cycle's breakdown comes; infinite if never.
  public private(set) var failure_s: Double
  /// When it is repaired: the end of the cycle.
  public private(set) var repaired_s: Double

  /// The machine of a world at time 0.
  public init(_ law: Breakdowns, entity: UInt64, in world: WorldDraws) {
    self.law = law
    self.entity = entity
    cycle = 0
    (failure_s, repaired_s) = (.infinity, .infinity)
    reset(in: world)
  }

  /// Goes back to time 0, in another world.
  public mutating func reset(in world: WorldDraws) {
    cycle = 0
    if law.meanTimeToFailure_s == .infinity {
      (failure_s, repaired_s) = (.infinity, .infinity)
      return
    }
    let words = world.block(.breakdown, entity: entity, time: 0)
    let isUp = Variate.uniform(words.2) < law.availability
    failure_s = isUp ? law.meanTimeToFailure_s * Variate.exponential(words.0) : 0
    repaired_s = failure_s + law.meanTimeToRepair_s * Variate.exponential(words.1)
  }

  /// Goes on to the cycle in which a time lies. Cycles that have passed cannot be asked about again.
  public mutating func advance(to time_s: Double, in world: WorldDraws) {
    while repaired_s <= time_s { next(in: world) }
  }

  /// Whether the machine is up at a time of the present cycle.
  public func isUp(at time_s: Double) -> Bool { time_s < failure_s || time_s >= repaired_s }

  /// When work begins that wants to begin at a time not before the present cycle, and when it is done.
  ///
  /// - Parameter work_s: the time that it takes while the machine is up.
  public func run(from time_s: Double, work_s: Double, in world: WorldDraws) -> (start_s: Double, finish_s: Double) {
    if law.meanTimeToFailure_s == .infinity { return (time_s, time_s + work_s) }
    var machine = self
    machine.advance(to: time_s, in: world)
    var at = machine.isUp(at: time_s) ? time_s : machine.repaired_s
    machine.advance(to: at, in: world)
    let start = at
    var left = work_s
    while left > machine.failure_s - at {
      left -= machine.failure_s - at
      at = machine.repaired_s
      machine.next(in: world)
    }
    return (start, at + left)
  }

  private mutating func next(in world: WorldDraws) {
    cycle += 1
    let words = world.block(.breakdown, entity: entity, time: cycle)
    failure_s = repaired_s + law.meanTimeToFailure_s * Variate.exponential(words.0)
    repaired_s = failure_s + law.meanTimeToRepair_s * Variate.exponential(words.1)
  }
}

import Glibc
public import Randomness

/// A bursty stream of arrivals: Poisson with a rate that a Markov chain sets, as a function of (world, stream, slot).
///
/// At the instants of a Poisson process of rate ρ the phase is drawn anew, phase i with probability πᵢ; in phase i tasks
/// arrive at the rate λᵢ. Any two-phase MMPP is of this kind: with transition rates r₁ and r₂ out of phases 1 and 2, ρ = r₁
/// + r₂ and π = (r₂, r₁)/ρ. The mean rate is λ̄ = Σ πᵢλᵢ, and since phases at a distance τ are equal or independent, the
/// rate's autocovariance is Var(λ) e^(−ρτ), whence the index of dispersion for counts
///
///     Var N(t)/E N(t) = 1 + 2 Var(λ)/(ρ λ̄) · (1 − (1 − e^(−ρt))/(ρt)).
///
/// For two phases its limit is that of W. Fischer, K. Meier-Hellstern, Performance Evaluation 18 (1993) 149.
///
/// The changes of a slot are drawn for that slot alone, and the phase at a slot's beginning is the last that was drawn
/// before, however long ago; at time 0 it is drawn from π. So any slot can be asked for, at a cost that grows as 1/(ρ
/// slot); who goes on slot by slot keeps a ``Walk``, which costs nothing more.
public struct MarkovModulated: Sendable, Equatable {
  /// One phase.
  public struct Phase: Sendable, Equatable {
    /// πᵢ, the share of time.
    public let share: Double
    /// λᵢ, arrivals per second.
    public let rate_Hz: Double
  }

  /// The phases; their shares add up to 1.
  public let phases: [Phase]
  /// ρ, how often the phase is drawn anew, per second.
  public let redraws_Hz: Double
  /// The length of a slot. Another length is another sample of the same process.
  public let slot_s: Double

  /// A stream of phases with weights, which become shares.
  public init(phases: [(weight: Double, rate: Hertz)], redraws: Hertz, slot: Seconds) {
    let sum = phases.reduce(0) { $0 + $1.weight }
    precondition(
      !phases.isEmpty && sum > 0
        && phases.allSatisfy { $0.weight >= 0 && $0.rate.value >= 0 && $0.rate.value.isFinite },
      "phases need weights and rates that are not negative, not \(phases.map { ($0.weight, $0.rate.value) })")
    precondition(
      redraws.value > 0 && slot.value > 0 && redraws.value.isFinite && slot.value.isFinite,
      "redraws and a slot must be positive, not \(redraws.value) Hz and \(slot.value) s")
    self.phases = phases.map { Phase(share: $0.weight / sum, rate_Hz: $0.rate.value) }
    redraws_Hz = redraws.value
    slot_s = slot.value
  }

  /// Two phases by their mean lengths: quiet and burst.
  public init(quiet: Hertz, burst: Hertz, meanQuiet: Seconds, meanBurst: Seconds, slot: Seconds) {
    precondition(
      meanQuiet.value > 0 && meanBurst.value > 0,
      "phases must have a length, not \(meanQuiet.value) s and \(meanBurst.value) s")
    self.init(
      phases: [(meanQuiet.value, quiet), (meanBurst.value, burst)],
      redraws: Hertz(1 / meanQuiet.value + 1 / meanBurst.value), slot: slot)
  }

  /// λ̄, arrivals per second in the long run.
  public var meanRate_Hz: Double { phases.reduce(0) { $0 + $1.share * $1.rate_Hz } }

  /// Var N(t)/E N(t) for the number N of arrivals in a time; 1 where it were a Poisson stream. Not a number where nothing
  /// ever arrives.
  public func indexOfDispersion(over time: Seconds) -> Double {
    let mean = meanRate_Hz
    let variance = phases.reduce(0) { $0 + $1.share * ($1.rate_Hz - mean) * ($1.rate_Hz - mean) }
    let times = redraws_Hz * time.value
    let seen = times > 0 ? 1 + expm1(-times) / times : 0
    return 1 + 2 * variance / (redraws_Hz * mean) * seen
  }

  /// A place on the path: the phase at the beginning of a slot.
  public struct Walk: Sendable, Equatable {
    /// The slot.
    public fileprivate(set) var slot: Int
    /// The number of the phase.
    public fileprivate(set) var phase: Int
  }

  /// The walk at the beginning of a slot, counted from 0.
  public func walk(in world: WorldDraws, entity: UInt64, slot: Int) -> Walk {
    precondition(slot >= 0, "slots are counted from 0, not \(slot)")
    var before = slot - 1
    while before >= 0 {
      if let phase = lastDraw(in: world, entity: entity, slot: before) { return Walk(slot: slot, phase: phase) }
      before -= 1
    }
    let word = world.block(.phases, entity: entity, time: .max).0
    return Walk(slot: slot, phase: phase(of: word))
  }

  /// The last phase that is drawn in a slot, or nil if none is.
  private func lastDraw(in world: WorldDraws, entity: UInt64, slot: Int) -> Int? {
    var stream = world.stream(.phases, entity: entity, time: UInt64(slot))
    var time = stream.exponential() / redraws_Hz
    var last: Int?
    while time < slot_s {
      last = phase(of: stream.next())
      time += stream.exponential() / redraws_Hz
    }
    return last
  }

  private func phase(of word: UInt64) -> Int {
    let draw = Variate.uniform(word)
    var below = 0.0
    for index in 0..<phases.count - 1 {
      below += phases[index].share
      if draw < below { return index }
    }
    return phases.count - 1
  }

  /// Tells the times of a slot's arrivals since the slot began, rising, and walks on to the next slot.
  public func advance(
    _ walk: inout Walk, in world: WorldDraws, entity: UInt64, _ tell: (Double) -> Void
  ) {
    var changes = world.stream(.phases, entity: entity, time: UInt64(walk.slot))
    var arrivals = world.stream(.modulatedArrivals, entity: entity, time: UInt64(walk.slot))
    var time = 0.0
    var change = changes.exponential() / redraws_Hz
    while true {
      let end = min(change, slot_s)
      let rate = phases[walk.phase].rate_Hz
      if rate > 0 {
        var next = time + arrivals.exponential() / rate
        while next < end {
          tell(next)
          next += arrivals.exponential() / rate
        }
      }
      if change >= slot_s { break }
      walk.phase = phase(of: changes.next())
      time = change
      change += changes.exponential() / redraws_Hz
    }
    walk.slot += 1
  }

  /// The number of a slot's arrivals; walks on to the next slot.
  public func count(_ walk: inout Walk, in world: WorldDraws, entity: UInt64) -> Int {
    var count = 0
    advance(&walk, in: world, entity: entity) { _ in count += 1 }
    return count
  }
}

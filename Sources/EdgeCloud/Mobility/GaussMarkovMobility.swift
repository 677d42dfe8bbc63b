import Glibc
public import Randomness

/// Movement on the ground whose velocity remembers: between a random walk and a straight line.
///
/// In a step of length Δ, for each axis and with w standard normal,
/// ```
/// v' = α v + (1 − α) v̄ + σ √(1 − α²) w        α = e^(−Δ/τ)
/// ```
/// so that velocities are normal about the walker's mean velocity v̄ with deviation σ, at every time and for every Δ, and
/// two of them are correlated by e^(−time/τ). v̄ has the same size for all and a direction of its own for each. Walls of
/// the area throw a walker back. A walk is a function of (world, walker, step). Source: B. Liang, Z. J. Haas,
/// "Predictive distance-based mobility management for PCS networks", INFOCOM 1999.
public struct GaussMarkovMobility: Sendable, Equatable {
  /// Where a walker is and how it moves.
  public struct State: Sendable, Equatable {
    /// Where it is, to the east.
    public var x_m: Double
    /// Where it is, to the north.
    public var y_m: Double
    /// Its velocity to the east.
    public var vx_mps: Double
    /// Its velocity to the north.
    public var vy_mps: Double
    /// Its mean velocity to the east.
    public var meanX_mps: Double
    /// Its mean velocity to the north.
    public var meanY_mps: Double

    /// A state by its parts.
    public init(
      x_m: Double, y_m: Double, vx_mps: Double, vy_mps: Double, meanX_mps: Double, meanY_mps: Double
    ) {
      self.x_m = x_m
      self.y_m = y_m
      self.vx_mps = vx_mps
      self.vy_mps = vy_mps
      self.meanX_mps = meanX_mps
      self.meanY_mps = meanY_mps
    }
  }

  /// The area that is not left.
  public let area: GroundArea
  /// The size of the mean velocity.
  public let meanSpeed_mps: Double
  /// The deviation of the velocity on each axis.
  public let deviation_mps: Double
  /// τ, over which a velocity is forgotten.
  public let memory_s: Double

  /// Movement in an area.
  public init(area: GroundArea, meanSpeed: MetresPerSecond, deviation: MetresPerSecond, memory: Seconds) {
    precondition(
      meanSpeed.value >= 0 && deviation.value >= 0 && memory.value > 0,
      "speed and deviation must not be negative and the memory positive, not \(meanSpeed.value) m/s, "
        + "\(deviation.value) m/s and \(memory.value) s")
    self.area = area
    meanSpeed_mps = meanSpeed.value
    deviation_mps = deviation.value
    memory_s = memory.value
  }

  /// A walker's state at step 0 at a place: its velocity is drawn from where the process settles.
  public func start(x_m: Double, y_m: Double, in world: WorldDraws, walker: UInt64) -> State {
    let words = world.block(.walk, entity: walker, time: 0)
    let angle = 2 * Double.pi * Variate.uniform(words.2)
    let (meanX, meanY) = (meanSpeed_mps * cos(angle), meanSpeed_mps * sin(angle))
    let normals = Variate.normals(words.0, words.1)
    return State(
      x_m: x_m, y_m: y_m, vx_mps: meanX + deviation_mps * normals.0, vy_mps: meanY + deviation_mps * normals.1,
      meanX_mps: meanX, meanY_mps: meanY)
  }

  /// What a velocity keeps and what is added to it in steps of one length.
  public struct Stride: Sendable, Equatable {
    let duration_s: Double
    let kept: Double
    let fresh_mps: Double
  }

  /// Steps of a length. One exponential.
  public func stride(duration_s: Double) -> Stride {
    let kept = exp(-duration_s / memory_s)
    return Stride(
      duration_s: duration_s, kept: kept, fresh_mps: deviation_mps * (1 - kept * kept).squareRoot())
  }

  /// Takes a walker from the step before to `step`, 1 and up.
  public func advance(_ state: inout State, to step: Int, by stride: Stride, in world: WorldDraws, walker: UInt64) {
    let words = world.block(.walk, entity: walker, time: UInt64(step))
    let normals = Variate.normals(words.0, words.1)
    let (kept, fresh, duration_s) = (stride.kept, stride.fresh_mps, stride.duration_s)
    state.vx_mps = kept * state.vx_mps + (1 - kept) * state.meanX_mps + fresh * normals.0
    state.vy_mps = kept * state.vy_mps + (1 - kept) * state.meanY_mps + fresh * normals.1
    state.x_m += state.vx_mps * duration_s
    state.y_m += state.vy_mps * duration_s
    if Self.reflect(&state.x_m, in: area.x_m) {
      state.vx_mps = -state.vx_mps
      state.meanX_mps = -state.meanX_mps
    }
    if Self.reflect(&state.y_m, in: area.y_m) {
      state.vy_mps = -state.vy_mps
      state.meanY_mps = -state.meanY_mps
    }
  }

  /// Folds a coordinate back into a range; whether that turned its direction.
  static func reflect(_ value: inout Double, in range: ClosedRange<Double>) -> Bool {
    if range.contains(value) { return false }
    let width = range.upperBound - range.lowerBound
    let lengths = (value - range.lowerBound) / width
    let whole = lengths.rounded(.down)
    let turned = whole.truncatingRemainder(dividingBy: 2) != 0
    let part = (lengths - whole) * width
    value = turned ? range.upperBound - part : range.lowerBound + part
    value = min(max(value, range.lowerBound), range.upperBound)
    return turned
  }
}

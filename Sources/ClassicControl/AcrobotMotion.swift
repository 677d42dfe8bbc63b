import LinearAlgebra

extension Acrobot {
  /// Angles and angular velocities of four acrobots, or the derivatives of these.
  public struct Motion: LanedMotion {
    var first, second, firstVelocity, secondVelocity: Lanes

    private static let interval = 0.2
    private static let gravity = 9.8

    init(_ first: Lanes, _ second: Lanes, _ firstVelocity: Lanes, _ secondVelocity: Lanes) {
      self.first = first
      self.second = second
      self.firstVelocity = firstVelocity
      self.secondVelocity = secondVelocity
    }

    public static var width: Int { 6 }
    public static var isContinuous: Bool { false }

    @inline(__always)
    public mutating func move(_ actions: Lanes) -> (rewards: Lanes, terminated: SIMDMask<SIMD4<Int64>>) {
      let torque = actions - 1
      let half = Self.interval / 2
      let k1 = derivative(torque: torque)
      let k2 = moved(along: k1, by: half).derivative(torque: torque)
      let k3 = moved(along: k2, by: half).derivative(torque: torque)
      let k4 = moved(along: k3, by: Self.interval).derivative(torque: torque)
      let end = moved(along: k1.sum(k2, k3, k4), by: Self.interval / 6)
      first = Self.wrapped(end.first)
      second = Self.wrapped(end.second)
      let fastest = (first: Lanes(repeating: Acrobot.fastest.first), second: Lanes(repeating: Acrobot.fastest.second))
      firstVelocity = end.firstVelocity.clamped(lowerBound: -fastest.first, upperBound: fastest.first)
      secondVelocity = end.secondVelocity.clamped(lowerBound: -fastest.second, upperBound: fastest.second)
      let height = -Vectorizable.sineAndCosine(first).cosine - Vectorizable.sineAndCosine(second + first).cosine
      let isUp = height .> 1
      return (Lanes(repeating: -1).replacing(with: 0, where: isUp), isUp)
    }

    /// The angle in [−π, π].
    @inline(__always)
    private static func wrapped(_ angle: Lanes) -> Lanes {
      let turn = 2 * Double.pi
      return angle - (angle * (1 / turn)).rounded(.toNearestOrEven) * turn
    }

    @inline(__always)
    private func moved(along slope: Motion, by time: Double) -> Motion {
      Motion(
        first + time * slope.first, second + time * slope.second, firstVelocity + time * slope.firstVelocity,
        secondVelocity + time * slope.secondVelocity)
    }

    /// This slope and the last once, the two between twice.
    @inline(__always)
    private func sum(_ k2: Motion, _ k3: Motion, _ k4: Motion) -> Motion {
      Motion(
        first + 2 * k2.first + 2 * k3.first + k4.first, second + 2 * k2.second + 2 * k3.second + k4.second,
        firstVelocity + 2 * k2.firstVelocity + 2 * k3.firstVelocity + k4.firstVelocity,
        secondVelocity + 2 * k2.secondVelocity + 2 * k3.secondVelocity + k4.secondVelocity)
    }

    /// Equations of motion for links of 1 m, 1 kg, centres at 0.5 m and moments of inertia of 1 kg m²; the cosine of an
    /// angle less a quarter turn is its sine.
    @inline(__always)
    private func derivative(torque: Lanes) -> Motion {
      let (sine, cosine) = Vectorizable.sineAndCosine(second)
      let d1 = 0.25 + (1.25 + cosine) + 2
      let d2 = 0.25 + 0.5 * cosine + 1
      let phi2 = 0.5 * Self.gravity * Vectorizable.sineAndCosine(first + second).sine
      let coupling = 0.5 * (secondVelocity * secondVelocity) * sine + secondVelocity * firstVelocity * sine
      let phi1 = 1.5 * Self.gravity * Vectorizable.sineAndCosine(first).sine + phi2 - coupling
      let push = torque + d2 / d1 * phi1 - 0.5 * (firstVelocity * firstVelocity) * sine - phi2
      let secondAcceleration = push / (1.25 - d2 * d2 / d1)
      let firstAcceleration = -(d2 * secondAcceleration + phi1) / d1
      return Motion(firstVelocity, secondVelocity, firstAcceleration, secondAcceleration)
    }

    @inline(__always)
    public func observe(into rows: inout MutableSpan<Float>) {
      let (firstSine, firstCosine) = Vectorizable.sineAndCosine(first)
      let (secondSine, secondCosine) = Vectorizable.sineAndCosine(second)
      writeColumns(firstCosine, firstSine, secondCosine, secondSine, firstVelocity, secondVelocity, into: &rows)
    }

    @inline(__always)
    public mutating func replace(_ lane: Int, by other: Motion) {
      first[lane] = other.first[lane]
      second[lane] = other.second[lane]
      firstVelocity[lane] = other.firstVelocity[lane]
      secondVelocity[lane] = other.secondVelocity[lane]
    }
  }
}

/// How bodies move and touch.
///
/// A step takes 0.1 s and loses a quarter of the velocity. Two solid bodies at distance d whose radii add up to s push
/// each other apart with 100 N/m · k log(1 + exp((s - d) / k)), k = 1 mm: nothing beyond touching, then 100 N a metre.
///
/// Source: I. Mordatch, P. Abbeel, "Emergence of grounded compositional language in multi-agent populations", AAAI
/// 2018; constants of the code that came with R. Lowe et al., "Multi-agent actor-critic for mixed
/// cooperative-competitive environments", NeurIPS 2017.
enum ParticleMotion {
  /// Seconds in a step.
  static let interval = 0.1
  /// The part of the velocity lost in a step.
  static let damping = 0.25
  /// Newtons a metre of penetration.
  static let stiffness = 100.0
  /// Metres over which a contact begins.
  static let margin = 1e-3

  /// The force between two bodies whose centres meet and whose radii add up to `reach`.
  static func greatestForce(_ reach: Double) -> Double { stiffness * (reach + margin) }

  /// Moves four environments by one step; the forces are those of the actions (x of all agents, then y of all).
  @inline(__always)
  static func move(
    _ block: inout MutableSpan<Lanes>, under forces: inout MutableSpan<Lanes>, _ setup: borrowing ParticleSetup
  ) {
    let layout = setup.layout
    let bodies = setup.agents.span
    let agents = layout.agents
    precondition(block.count == layout.count && forces.count == 2 * agents && bodies.count == agents)
    for a in 0..<agents where bodies[a].isSolid {
      for b in a + 1..<agents where bodies[b].isSolid {
        let (x, y) = contact(
          block[layout.x(a)] - block[layout.x(b)], block[layout.y(a)] - block[layout.y(b)],
          reach: bodies[a].radius + bodies[b].radius)
        forces[a] += x
        forces[agents + a] += y
        forces[b] -= x
        forces[agents + b] -= y
      }
      if setup.landmark.isSolid {
        for landmark in 0..<layout.landmarks {
          let (x, y) = contact(
            block[layout.x(a)] - block[layout.landmarkX(landmark)],
            block[layout.y(a)] - block[layout.landmarkY(landmark)], reach: bodies[a].radius + setup.landmark.radius)
          forces[a] += x
          forces[agents + a] += y
        }
      }
    }
    for agent in 0..<agents {
      let before = (x: block[layout.velocityX(agent)], y: block[layout.velocityY(agent)])
      var after = (
        x: before.x * (1 - damping) + forces[agent] * interval,
        y: before.y * (1 - damping) + forces[agents + agent] * interval
      )
      if bodies[agent].topSpeed < .infinity { limit(&after, to: bodies[agent].topSpeed) }
      block[layout.velocityX(agent)] = after.x
      block[layout.velocityY(agent)] = after.y
      let used = setup.order == .original ? after : before
      block[layout.x(agent)] += used.x * interval
      block[layout.y(agent)] += used.y * interval
    }
  }

  @inline(__always)
  private static func limit(_ velocity: inout (x: Lanes, y: Lanes), to topSpeed: Double) {
    let speed = (velocity.x * velocity.x + velocity.y * velocity.y).squareRoot()
    let isTooFast = speed .> topSpeed
    let divisor = speed.replacing(with: 1, where: .!isTooFast)
    velocity.x.replace(with: velocity.x / divisor * topSpeed, where: isTooFast)
    velocity.y.replace(with: velocity.y / divisor * topSpeed, where: isTooFast)
  }

  /// The force on the first of two bodies at an offset from the second; none where their centres meet, since it has no
  /// direction there.
  ///
  /// It is cut to nothing 40 margins beyond touching, where it has sunk below 10⁻¹⁸ N.
  @inline(__always)
  private static func contact(_ dx: Lanes, _ dy: Lanes, reach: Double) -> (x: Lanes, y: Lanes) {
    let distance = (dx * dx + dy * dy).squareRoot()
    let depth = (reach - distance) * (1 / margin)
    let softened = depth.replacing(with: 0, where: depth .< 0) + logarithmOfOnePlusExponential(-abs(depth))
    let force = (stiffness * margin * softened).replacing(with: 0, where: depth .< -40)
    let scale = force / distance.replacing(with: 1, where: distance .== 0)
    return (scale * dx, scale * dy)
  }

  @inline(__always)
  private static func abs(_ x: Lanes) -> Lanes { x.replacing(with: -x, where: x .< 0) }

  /// `log(1 + exp(x))` for x from -40 to 0; as at -40 below.
  ///
  /// The logarithm of 1 + t is n log 2 + 2 artanh(f / (2 + f)) with 1 + t = 2ⁿ (1 + f), f between √½ - 1 and √2 - 1.
  @inline(__always)
  private static func logarithmOfOnePlusExponential(_ x: Lanes) -> Lanes {
    let t = exponential(x)
    let isLarge = t .> 0.414_213_562_373_095
    let f = t.replacing(with: (t - 1) * 0.5, where: isLarge)
    let s = f / (2 + f)
    let z = s * s
    var series = z * (1 / 19.0) + 1 / 17.0
    series = series * z + 1 / 15.0
    series = series * z + 1 / 13.0
    series = series * z + 1 / 11.0
    series = series * z + 1 / 9.0
    series = series * z + 1 / 7.0
    series = series * z + 1 / 5.0
    series = series * z + 1 / 3.0
    let logarithm = 2 * (s + s * z * series)
    return logarithm + Lanes.zero.replacing(with: 0.693_147_180_559_945_3, where: isLarge)
  }

  /// The exponential function from -40 to 40, within 2 units in the last place; cut to these ends beyond.
  ///
  /// With x = n log 2 + r, |r| ≤ ½ log 2, it is 2ⁿ times the Taylor sum of degree 13; log 2 is taken in two parts, the
  /// first of 32 bits, so that its multiple is subtracted exactly (W. J. Cody, W. Waite, *Software Manual for the
  /// Elementary Functions*, 1980, chapter 6).
  @inline(__always)
  static func exponential(_ x: Lanes) -> Lanes {
    let cut = x.clamped(lowerBound: Lanes(repeating: -40), upperBound: Lanes(repeating: 40))
    // Adding 1.5 * 2^52 leaves the nearest integer in the low bits.
    let shifted = cut * 1.442_695_040_888_963_4 + 6_755_399_441_055_744
    let n = shifted - 6_755_399_441_055_744
    let r = (cut - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33
    var series = r * (1 / 6_227_020_800) + 1 / 479_001_600
    series = series * r + 1 / 39_916_800
    series = series * r + 1 / 3_628_800
    series = series * r + 1 / 362_880
    series = series * r + 1 / 40_320
    series = series * r + 1 / 5_040
    series = series * r + 1 / 720
    series = series * r + 1 / 120
    series = series * r + 1 / 24
    series = series * r + 1 / 6
    series = series * r + 0.5
    series = series * (r * r) + r + 1
    let bits = unsafe unsafeBitCast(shifted, to: SIMD4<UInt64>.self)
    let power = unsafe unsafeBitCast((bits &+ 1023) &<< 52, to: Lanes.self)
    return series * power
  }
}

import Glibc

/// The propulsion of a rotary-wing aircraft in straight level flight.
///
/// ```
/// P(V) = P0 (1 + 3 V²/Utip²) + Pi (√(1 + V⁴/(4 v0⁴)) − V²/(2 v0²))^½ + ½ d0 ρ s A V³
/// P0   = (δ/8) ρ s A Ω³ R³        Pi = (1 + k) W^1.5 / √(2 ρ A)
/// v0   = √(W / (2 ρ A))           Utip = Ω R
/// ```
/// The three parts are blade profile, induced and parasite power. Source: Y. Zeng, J. Xu, R. Zhang, IEEE Transactions on
/// Wireless Communications 18 (2019) 2329. Level flight is all that it speaks of; ``climbing(_:at:)`` is the common
/// addition of the power W v that lifts the weight.
public struct RotaryWing: Sendable, Equatable {
  /// What the model is made of.
  public struct Airframe: Sendable, Equatable {
    /// W, the weight, in newtons.
    public var weight_N: Double
    /// ρ, the density of the air, in kg/m³.
    public var airDensity_kgPerM3: Double
    /// R, the radius of the rotor.
    public var rotorRadius_m: Double
    /// A, the area of the rotor's disc, in m².
    public var discArea_m2: Double
    /// Ω, the speed of the blades, in rad/s.
    public var bladeSpeed_radPerS: Double
    /// s, the part of the disc that is blade.
    public var solidity: Double
    /// d0, the drag of the body over that of the rotor.
    public var fuselageDragRatio: Double
    /// k, by how much the induced power exceeds the ideal.
    public var inducedCorrection: Double
    /// δ, the drag of the blades' profile.
    public var profileDrag: Double

    /// The aircraft of the paper's Table I.
    public static let zeng2019 = Airframe(
      weight_N: 20, airDensity_kgPerM3: 1.225, rotorRadius_m: 0.4, discArea_m2: 0.503, bladeSpeed_radPerS: 300,
      solidity: 0.05, fuselageDragRatio: 0.6, inducedCorrection: 0.1, profileDrag: 0.012)

    /// An airframe by its parts.
    public init(
      weight_N: Double, airDensity_kgPerM3: Double, rotorRadius_m: Double, discArea_m2: Double,
      bladeSpeed_radPerS: Double, solidity: Double, fuselageDragRatio: Double, inducedCorrection: Double,
      profileDrag: Double
    ) {
      self.weight_N = weight_N
      self.airDensity_kgPerM3 = airDensity_kgPerM3
      self.rotorRadius_m = rotorRadius_m
      self.discArea_m2 = discArea_m2
      self.bladeSpeed_radPerS = bladeSpeed_radPerS
      self.solidity = solidity
      self.fuselageDragRatio = fuselageDragRatio
      self.inducedCorrection = inducedCorrection
      self.profileDrag = profileDrag
    }
  }

  /// What the model is made of.
  public let airframe: Airframe
  /// P0, the blade profile power in hover.
  public let profile_W: Double
  /// Pi, the induced power in hover.
  public let induced_W: Double
  /// Utip, the speed of the blades' tips.
  public let tipSpeed_mps: Double
  /// v0, the mean speed of the air through the rotor in hover.
  public let inducedSpeed_mps: Double

  let profileFactor: Double
  let inducedFactor: Double
  let parasiteFactor: Double

  /// The model of an airframe.
  ///
  /// - Parameters:
  ///   - tipSpeed: Utip where it is given beside Ω and R; it must be their product.
  ///   - inducedSpeed: v0 as it was published, where it is rounded (4.03 m/s); by default √(W / (2 ρ A)).
  public init(
    _ airframe: Airframe, tipSpeed: MetresPerSecond? = nil, inducedSpeed: MetresPerSecond? = nil
  ) {
    let a = airframe
    precondition(
      a.weight_N > 0 && a.airDensity_kgPerM3 > 0 && a.rotorRadius_m > 0 && a.discArea_m2 > 0
        && a.bladeSpeed_radPerS > 0 && a.solidity > 0 && a.profileDrag > 0,
      "weight, density, radius, area, blade speed, solidity and profile drag must be positive: \(a)")
    precondition(a.fuselageDragRatio >= 0 && a.inducedCorrection >= 0, "d0 and k must not be negative: \(a)")
    let tip = a.bladeSpeed_radPerS * a.rotorRadius_m
    if let tipSpeed {
      precondition(
        (tipSpeed.value - tip).magnitude <= 1e-9 * tip,
        "the tips move at Ω R = \(tip) m/s, which is not \(tipSpeed.value) m/s")
    }
    if let inducedSpeed {
      precondition(inducedSpeed.value > 0, "the induced speed must be positive, not \(inducedSpeed.value) m/s")
    }
    let disc = a.airDensity_kgPerM3 * a.discArea_m2
    self.airframe = airframe
    tipSpeed_mps = tip
    profile_W = a.profileDrag / 8 * a.solidity * disc * tip * tip * tip
    induced_W = (1 + a.inducedCorrection) * a.weight_N * (a.weight_N / (2 * disc)).squareRoot()
    inducedSpeed_mps = inducedSpeed?.value ?? (a.weight_N / (2 * disc)).squareRoot()
    profileFactor = 3 / (tip * tip)
    inducedFactor = 0.5 / (inducedSpeed_mps * inducedSpeed_mps)
    parasiteFactor = 0.5 * a.fuselageDragRatio * a.solidity * disc
  }

  /// The power in level flight at a speed. Three square roots and a division.
  public func power_W(speed_mps: Double) -> Double {
    let square = speed_mps * speed_mps
    let half = square * inducedFactor
    // √(1 + h²) − h loses digits at speed; 1 / (√(1 + h²) + h) is the same number.
    let induced = (1 / ((1 + half * half).squareRoot() + half)).squareRoot()
    return profile_W * (1 + profileFactor * square) + induced_W * induced + parasiteFactor * square * speed_mps
  }

  /// The power in flight that climbs: that of level flight at the speed over ground, and W v while it rises. What
  /// sinks gives nothing back.
  public func climbing(_ climb_mps: Double, at speed_mps: Double) -> Double {
    power_W(speed_mps: speed_mps) + airframe.weight_N * max(climb_mps, 0)
  }

  /// The speed of least power, at which the aircraft stays up longest; to 1e-7 m/s.
  public var enduranceSpeed_mps: Double {
    Minimum.ofFunction(in: 0...tipSpeed_mps, within: 1e-7) { power_W(speed_mps: $0) }
  }

  /// The speed of least energy per metre, at which the aircraft gets farthest; to 1e-7 m/s.
  public var rangeSpeed_mps: Double {
    Minimum.ofFunction(in: 1e-3...tipSpeed_mps, within: 1e-7) { power_W(speed_mps: $0) / $0 }
  }
}

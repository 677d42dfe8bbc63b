import EdgeCloud
import Testing

@Suite struct RotaryWingTests {
  let published = RotaryWing(.zeng2019, tipSpeed: MetresPerSecond(120), inducedSpeed: MetresPerSecond(4.03))
  let exact = RotaryWing(.zeng2019)

  @Test func `powers in hover are the published ones, and hovering is not free`() {
    for model in [published, exact] {
      #expect((model.profile_W - 79.8563).magnitude < 5.1e-5)
      #expect((model.induced_W - 88.6279).magnitude < 5.1e-5)
      #expect((model.power_W(speed_mps: 0) - 168.4842).magnitude < 5.1e-5)
      #expect(model.tipSpeed_mps == 120)
    }
    #expect(published.inducedSpeed_mps == 4.03)
    #expect((exact.inducedSpeed_mps - 4.0285).magnitude < 5.1e-5)
  }

  @Test(arguments: [
    (5.0, 143.608, 143.595), (10, 126.029, 126.017), (15, 138.543, 138.535), (20, 178.296, 178.289),
    (30, 356.284, 356.280),
  ])
  func `powers in flight are the published ones`(speed: Double, rounded: Double, own: Double) {
    #expect((published.power_W(speed_mps: speed) - rounded).magnitude < 1e-3)
    #expect((exact.power_W(speed_mps: speed) - own).magnitude < 1e-3)
  }

  /// The formula as it stands in the paper, where a difference of large numbers is taken.
  @Test func `the induced part keeps its digits at speed`() {
    for speed in [0.0, 1, 4, 12, 40] {
      let (square, v0) = (speed * speed, exact.inducedSpeed_mps)
      let ratio = square / (2 * v0 * v0)
      let induced = ((1 + ratio * ratio).squareRoot() - ratio).squareRoot()
      let profile = exact.profile_W * (1 + 3 * square / (120 * 120))
      let parasite = 0.5 * 0.6 * 1.225 * 0.05 * 0.503 * square * speed
      let power = profile + exact.induced_W * induced + parasite
      #expect((exact.power_W(speed_mps: speed) - power).magnitude < 1e-9 * power)
    }
  }

  @Test func `least power is at 10.21 m/s and least energy per metre at 18.30 m/s`() {
    #expect((published.enduranceSpeed_mps - 10.212).magnitude < 1e-3)
    #expect((published.power_W(speed_mps: published.enduranceSpeed_mps) - 126.003).magnitude < 1e-3)
    #expect((published.rangeSpeed_mps - 18.295).magnitude < 1e-3)
    let perMetre = published.power_W(speed_mps: published.rangeSpeed_mps) / published.rangeSpeed_mps
    #expect((perMetre - 8.8287).magnitude < 1e-4)
    #expect((exact.enduranceSpeed_mps - 10.212).magnitude < 1e-3)
    #expect((exact.rangeSpeed_mps - 18.294).magnitude < 1e-3)
  }

  @Test func `climbing lifts the weight and sinking gives nothing back`() {
    #expect(exact.climbing(3, at: 5) == exact.power_W(speed_mps: 5) + 60)
    #expect(exact.climbing(-3, at: 5) == exact.power_W(speed_mps: 5))
  }

  /// A published code has Ω = 200 rad/s beside Utip = 120 m/s.
  @Test func `a tip speed that is not the product of blade speed and radius is refused`() async {
    await #expect(processExitsWith: .failure) {
      var airframe = RotaryWing.Airframe.zeng2019
      airframe.bladeSpeed_radPerS = 200
      _ = RotaryWing(airframe, tipSpeed: MetresPerSecond(120))
    }
  }
}

import EdgeCloud
import Glibc
import Testing

@Suite struct IntelligentDriverTests {
  let driver = IntelligentDriver(
    acceleration_mps2: 1, deceleration_mps2: 1.5, standstillGap_m: 2, headway_s: 1.5)

  @Test(arguments: [(10.0, 17.1059), (20.0, 35.7220)])
  func `equilibrium gaps are those of the formula, and the acceleration there is zero`(
    speed: Double, gap: Double
  ) {
    let equilibrium = driver.equilibriumGap_m(speed_mps: speed, desiredSpeed_mps: 30)
    #expect((equilibrium - gap).magnitude < 5e-5)
    let acceleration = driver.acceleration_mps2(
      speed_mps: speed, desiredSpeed_mps: 30, gap_m: equilibrium, closingSpeed_mps: 0)
    #expect(acceleration.magnitude < 1e-9)
  }

  @Test func `a free road gives a from standstill and zero at the desired speed`() {
    #expect(
      driver.acceleration_mps2(speed_mps: 0, desiredSpeed_mps: 30, gap_m: .infinity, closingSpeed_mps: 0) == 1
    )
    #expect(
      driver.acceleration_mps2(speed_mps: 30, desiredSpeed_mps: 30, gap_m: .infinity, closingSpeed_mps: 0)
        == 0)
    #expect(driver.equilibriumGap_m(speed_mps: 30, desiredSpeed_mps: 30) == .infinity)
  }

  /// s* = 2 + 20 · 1.5 + 20 · 5 / (2 √1.5) = 72.8248; 1 − (2/3)⁴ − (s*/40)² = −2.5122.
  @Test func `closing in on the leader brakes as by hand`() {
    #expect((driver.desiredGap_m(speed_mps: 20, closingSpeed_mps: 5) - 72.8248).magnitude < 5e-5)
    let acceleration = driver.acceleration_mps2(
      speed_mps: 20, desiredSpeed_mps: 30, gap_m: 40, closingSpeed_mps: 5)
    #expect((acceleration - (1 - 16.0 / 81 - (72.8248 * 72.8248 / 1600))).magnitude < 1e-5)
    #expect(driver.desiredGap_m(speed_mps: 20, closingSpeed_mps: -50) == 2, "never below the standstill gap")
  }

  @Test func `another exponent is the general power`() {
    let soft = IntelligentDriver(
      acceleration_mps2: 1, deceleration_mps2: 1.5, standstillGap_m: 2, headway_s: 1.5, exponent: 2.5)
    let acceleration = soft.acceleration_mps2(
      speed_mps: 15, desiredSpeed_mps: 30, gap_m: .infinity, closingSpeed_mps: 0)
    #expect((acceleration - (1 - 0.17677669529663687)).magnitude < 1e-12)
  }

  @Test func `a follower settles at the equilibrium gap behind a steady leader`() {
    var (gap, speed) = (120.0, 28.0)
    for _ in 0..<40_000 {
      let acceleration = driver.acceleration_mps2(
        speed_mps: speed, desiredSpeed_mps: 30, gap_m: gap, closingSpeed_mps: speed - 10)
      gap += (10 - speed) * 0.01
      speed += acceleration * 0.01
      #expect(gap > 0)
    }
    #expect((gap - 17.1059).magnitude < 1e-3)
    #expect((speed - 10).magnitude < 1e-6)
  }
}

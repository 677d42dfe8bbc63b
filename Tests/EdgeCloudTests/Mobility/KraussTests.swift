import EdgeCloud
import Randomness
import Testing

@Suite struct KraussTests {
  private func driver(
    _ safeSpeed: KraussDriver.SafeSpeed, imperfection: Double = 0, gap: Double = 0
  ) -> KraussDriver {
    KraussDriver(
      acceleration_mps2: 2.6, deceleration_mps2: 4.5, imperfection: imperfection, standstillGap_m: gap,
      safeSpeed: safeSpeed)
  }

  /// SUMO's formula at b 4.5 m/s², τ 1 s, a leader of 12 m/s, 25 m ahead.
  @Test func `the exact safe speed has its published value and stops where the leader stops`() {
    let driver = driver(.exact)
    let speed = driver.safeSpeed_mps(speed_mps: 14, leaderSpeed_mps: 12, gap_m: 25)
    #expect((speed - 15.2294).magnitude < 5e-5)
    for (leader, gap) in [(12.0, 25.0), (0, 3), (30, 80), (5, 0.5)] {
      let v = driver.safeSpeed_mps(speed_mps: 1, leaderSpeed_mps: leader, gap_m: gap)
      #expect((v + v * v / 9 - gap - leader * leader / 9).magnitude < 1e-9)
    }
  }

  /// v_safe = 12 + (25 − 12) / ((14 + 12)/9 + 1) = 12 + 13 · 9/35.
  @Test func `the original safe speed is that of the paper`() {
    let driver = driver(.original)
    let speed = driver.safeSpeed_mps(speed_mps: 14, leaderSpeed_mps: 12, gap_m: 25)
    #expect((speed - (12 + 117.0 / 35)).magnitude < 1e-12)
    // At equal speeds and a gap of the way of the reaction time both are content.
    for form in KraussDriver.SafeSpeed.allCases {
      #expect((self.driver(form).safeSpeed_mps(speed_mps: 20, leaderSpeed_mps: 20, gap_m: 20) - 20).magnitude < 1e-12)
    }
    #expect(self.driver(.exact, gap: 2.5).safeSpeed_mps(speed_mps: 0, leaderSpeed_mps: 0, gap_m: 2.5) == 0)
    #expect(driver.safeSpeed_mps(speed_mps: 9, leaderSpeed_mps: 0, gap_m: -3) == 0)
    #expect(driver.safeSpeed_mps(speed_mps: 9, leaderSpeed_mps: 0, gap_m: .infinity) == .infinity)
  }

  @Test func `dawdling takes up to σ a Δ, and at low speed σ v Δ`() {
    let driver = driver(.exact, imperfection: 0.5)
    func next(_ speed: Double, _ uniform: Double) -> Double {
      driver.speed_mps(
        after: 0.5, speed_mps: speed, leaderSpeed_mps: 0, gap_m: .infinity, desiredSpeed_mps: 30, uniform: uniform)
    }
    #expect(next(20, 0) == 21.3)
    #expect((next(20, 0.8) - (21.3 - 0.5 * 2.6 * 0.5 * 0.8)).magnitude < 1e-12)
    #expect((next(0.2, 0.8) - (1.5 - 0.5 * 1.5 * 0.5 * 0.8)).magnitude < 1e-12)
    #expect(next(29.9, 0) == 30)
  }

  /// A leader who stops and goes, nine who follow, steps of the reaction time: the hardest case that is safe.
  @Test(arguments: KraussDriver.SafeSpeed.allCases)
  func `nobody runs into anybody`(form: KraussDriver.SafeSpeed) {
    var stream = RandomStream(seed: 7)
    let driver = driver(form, imperfection: 0.5, gap: 2.5)
    var fronts = (0..<10).map { -12.0 * Double($0) }
    var speeds = [Double](repeating: 0, count: 10)
    var (least, fastest) = (Double.infinity, 0.0)
    for step in 0..<2000 {
      var next = speeds
      let brake = step / 40 % 2 == 1
      next[0] = brake ? max(0, speeds[0] - 4.5) : min(speeds[0] + 2.6, 30)
      for k in 1..<10 {
        next[k] = driver.speed_mps(
          after: 1, speed_mps: speeds[k], leaderSpeed_mps: speeds[k - 1], gap_m: fronts[k - 1] - 5 - fronts[k],
          desiredSpeed_mps: 30, uniform: stream.uniform())
      }
      for k in 0..<10 { fronts[k] += next[k] }
      speeds = next
      for k in 1..<10 { least = min(least, fronts[k - 1] - 5 - fronts[k]) }
      fastest = max(fastest, speeds[9])
    }
    #expect(least > 0 && fastest > 10, "\(least) m, \(fastest) m/s")
  }

  @Test func `the cars of SUMO have its values`() {
    #expect(KraussDriver.passenger.deceleration_mps2 == 4.5 && KraussDriver.passenger.imperfection == 0.5)
    #expect(KraussDriver.truck.acceleration_mps2 == 1.3 && KraussDriver.bus.acceleration_mps2 == 1.2)
    #expect(KraussDriver.bus.deceleration_mps2 == 4 && KraussDriver.bus.standstillGap_m == 2.5)
  }
}

import EdgeCloud
import Testing

@Suite struct PeriodicTrafficTests {
  @Test func `the flows of TS 22_104 have their intervals and sizes`() {
    #expect(PeriodicTraffic.motionControl1.interval_s == 500e-6)
    #expect(PeriodicTraffic.motionControl2.bits == 40 * 8 && PeriodicTraffic.motionControl2.interval_s == 1e-3)
    #expect(PeriodicTraffic.motionControl3.bits == 20 * 8 && PeriodicTraffic.motionControl3.interval_s == 2e-3)
    #expect(PeriodicTraffic.closedLoop.survival.intervals == 3)
    #expect((PeriodicTraffic.controlToControl.rate_bps - 800_000).magnitude < 1e-6)
    for flow in [PeriodicTraffic.motionControl1, .motionControl2, .motionControl3, .mobileRobot, .controlToControl] {
      #expect(flow.survival.intervals == 1)
    }
  }

  @Test func `messages and steps fit in whole numbers or not at all`() throws {
    let step = Seconds(0.01)
    for preset in PeriodicTraffic.Preset.allCases {
      let rhythm = try #require(preset.traffic.rhythm(step: step))
      let perSecond = rhythm.messagesPerStep > 0 ? 100 * rhythm.messagesPerStep : 100 / rhythm.stepsPerMessage
      #expect((Double(perSecond) * preset.traffic.interval_s - 1).magnitude < 1e-12)
    }
    let flow = PeriodicTraffic(interval: Seconds(0.003), message: Bits(100), survivalIntervals: 1)
    #expect(flow.rhythm(step: step) == nil)
    #expect(try #require(flow.rhythm(step: Seconds(0.009))) == (3, 0))
    #expect(try #require(flow.rhythm(step: Seconds(0.001))) == (0, 3))
  }
}

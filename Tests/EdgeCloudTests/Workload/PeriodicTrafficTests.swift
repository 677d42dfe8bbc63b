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

  @Test func `every message falls into one window`() {
    let flow = PeriodicTraffic(interval: Seconds(0.003), message: Bits(100), survivalIntervals: 1)
    var sent = 0
    for window in 0..<300 {
      let transfers = flow.transfers(from: 0.01 * Double(window), to: 0.01 * Double(window + 1), offset_s: 0.002)
      #expect((3...4).contains(transfers))
      sent += transfers
    }
    #expect(sent == flow.transfers(from: 0, to: 3, offset_s: 0.002))
    #expect(sent == 1000)
    #expect(PeriodicTraffic.motionControl2.transfers(from: 0.01, to: 0.02) == 10)
    #expect(PeriodicTraffic.closedLoop.transfers(from: 0.07, to: 0.08) == 1)
  }
}

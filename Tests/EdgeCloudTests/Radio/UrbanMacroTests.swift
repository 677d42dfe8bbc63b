import EdgeCloud
import Glibc
import Testing

@Suite struct UrbanMacroTests {
  let model = UrbanMacro(carrier: Hertz(3.5e9))

  /// TR 38.901 evaluated at 3.5 GHz, 25 m and 1.5 m.
  @Test(arguments: [(100.0, 83.1382, 103.0375), (500, 98.2692, 129.9158), (1000, 109.4119, 141.6660)])
  func `path loss has the values of TR 38.901`(distance: Double, clear: Double, blocked: Double) {
    #expect((model.pathLoss_dB(distance2D_m: distance, lineOfSight: true) - clear).magnitude < 1e-4)
    #expect((model.pathLoss_dB(distance2D_m: distance, lineOfSight: false) - blocked).magnitude < 1e-4)
  }

  @Test func `the line-of-sight law is continuous at the break point of 560 m`() {
    #expect((model.breakPoint_m - 560).magnitude < 1e-9)
    for (carrier, terminal) in [(3.5e9, 1.5), (2e9, 10), (28e9, 22.5)] {
      let model = UrbanMacro(carrier: Hertz(carrier), terminalHeight: Metres(terminal))
      let near = model.pathLoss_dB(distance2D_m: model.breakPoint_m, lineOfSight: true)
      let far = model.pathLoss_dB(distance2D_m: model.breakPoint_m.nextUp, lineOfSight: true)
      #expect((near - far).magnitude < 1e-9)
    }
  }

  @Test func `line of sight is certain up to 18 m and has probability 0.3477 at 100 m`() {
    #expect(model.lineOfSightProbability(distance2D_m: 18) == 1)
    #expect((model.lineOfSightProbability(distance2D_m: 100) - 0.3477).magnitude < 5e-5)
  }

  @Test func `a terminal above 13 m sees more, by C'`() {
    for (height, factor) in [(13.0, 0.0), (18, pow(0.5, 1.5)), (22.5, pow(0.95, 1.5))] {
      let high = UrbanMacro(carrier: Hertz(3.5e9), terminalHeight: Metres(height))
      let rise = 1 + factor * 1.25 * 8 * exp(-200.0 / 150)
      let expected = min(1, model.lineOfSightProbability(distance2D_m: 200) * rise)
      #expect((high.lineOfSightProbability(distance2D_m: 200) - expected).magnitude < 1e-12)
    }
  }

  @Test func `path loss below 10 m is that at 10 m`() {
    for clear in [true, false] {
      #expect(
        model.pathLoss_dB(distance2D_m: 0, lineOfSight: clear)
          == model.pathLoss_dB(distance2D_m: 10, lineOfSight: clear))
    }
  }
}

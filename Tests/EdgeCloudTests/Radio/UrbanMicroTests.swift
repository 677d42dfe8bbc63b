import EdgeCloud
import Glibc
import Testing

@Suite struct UrbanMicroTests {
  let model = UrbanMicroStreetCanyon(carrier: Hertz(3.5e9))

  /// TR 38.901 evaluated at 3.5 GHz, 10 m and 1.5 m.
  @Test(arguments: [
    (100.0, 85.3142, 104.6438), (500, 107.1138, 129.2645), (1000, 119.1531, 139.8892),
    (10, 66.7610, 73.4569),
  ])
  func `path loss has the values of TR 38.901`(distance: Double, clear: Double, blocked: Double) {
    #expect((model.pathLoss_dB(distance2D_m: distance, lineOfSight: true) - clear).magnitude < 1e-4)
    #expect((model.pathLoss_dB(distance2D_m: distance, lineOfSight: false) - blocked).magnitude < 1e-4)
  }

  @Test func `the line-of-sight law is continuous at the break point`() {
    #expect((model.breakPoint_m - 210).magnitude < 1e-9)
    for (carrier, base, terminal) in [(3.5e9, 10.0, 1.5), (28e9, 10, 1.5), (2e9, 12, 3)] {
      let model = UrbanMicroStreetCanyon(
        carrier: Hertz(carrier), baseHeight: Metres(base), terminalHeight: Metres(terminal))
      let near = model.pathLoss_dB(distance2D_m: model.breakPoint_m, lineOfSight: true)
      let far = model.pathLoss_dB(distance2D_m: model.breakPoint_m.nextUp, lineOfSight: true)
      #expect((near - far).magnitude < 1e-9)
    }
  }

  @Test func `path loss below 10 m is that at 10 m`() {
    for lineOfSight in [true, false] {
      let nearest = model.pathLoss_dB(distance2D_m: 10, lineOfSight: lineOfSight)
      #expect(model.pathLoss_dB(distance2D_m: 0, lineOfSight: lineOfSight) == nearest)
      #expect(model.pathLoss_dB(distance2D_m: 9.99, lineOfSight: lineOfSight) == nearest)
      #expect(model.pathLoss_dB(distance2D_m: 10.01, lineOfSight: lineOfSight) > nearest)
    }
  }

  @Test func `path loss grows with distance and is never smaller without line of sight`() {
    var last = (0.0, 0.0)
    for distance in stride(from: 10.0, through: 5000, by: 7) {
      let clear = model.pathLoss_dB(distance2D_m: distance, lineOfSight: true)
      let blocked = model.pathLoss_dB(distance2D_m: distance, lineOfSight: false)
      #expect(clear > last.0 && blocked > last.1 && blocked >= clear)
      last = (clear, blocked)
    }
  }

  @Test func `a higher terminal gains 0.3 dB per metre without line of sight`() {
    let high = UrbanMicroStreetCanyon(carrier: Hertz(3.5e9), terminalHeight: Metres(4.5))
    let distance3D = hypot(400, 5.5)
    let expected = 22.4 + 35.3 * log10(distance3D) + 21.3 * log10(3.5) - 0.9
    #expect((high.pathLoss_dB(distance2D_m: 400, lineOfSight: false) - expected).magnitude < 1e-9)
  }

  @Test func `line of sight is certain up to 18 m and has probability 0.2310 at 100 m`() {
    #expect(model.lineOfSightProbability(distance2D_m: 0) == 1)
    #expect(model.lineOfSightProbability(distance2D_m: 18) == 1)
    #expect((model.lineOfSightProbability(distance2D_m: 18.000001) - 1).magnitude < 1e-6)
    #expect((model.lineOfSightProbability(distance2D_m: 100) - 0.2310).magnitude < 5e-5)
  }

  @Test func `shadowing has the constants of Tables 7.4.1-1, 7.5-6 and 7.6.3.1-2`() {
    #expect(model.shadowingDeviation_dB(lineOfSight: true) == 4)
    #expect(model.shadowingDeviation_dB(lineOfSight: false) == 7.82)
    #expect(model.shadowingDecorrelation_m(lineOfSight: true) == 10)
    #expect(model.shadowingDecorrelation_m(lineOfSight: false) == 13)
    #expect(model.lineOfSightCorrelation_m == 50)
  }
}

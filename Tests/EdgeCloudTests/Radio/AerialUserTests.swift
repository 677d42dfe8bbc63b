import EdgeCloud
import Glibc
import Testing

@Suite struct AerialUserTests {
  @Test(arguments: [
    (AerialUser.Scenario.urbanMacro, 50.0, 200.0, 0.9672), (.urbanMacro, 100, 500, 0.9446),
    (.urbanMacro, 100, 1000, 0.8533), (.urbanMicro, 300, 1000, 0.4206),
  ])
  func `line of sight has the probabilities of TR 36.777`(
    scenario: AerialUser.Scenario, height: Double, distance: Double, probability: Double
  ) {
    let law = AerialUser(scenario, carrier: Hertz(2e9)).at(height_m: height)
    #expect((law.lineOfSightProbability(distance2D_m: distance) - probability).magnitude < 5.1e-5)
  }

  @Test func `line of sight is certain near, and everywhere above the range`() {
    for scenario in AerialUser.Scenario.allCases {
      let law = AerialUser(scenario, carrier: Hertz(2e9))
      for height in [30.0, 40, 80, 100] {
        let here = law.at(height_m: height)
        #expect(here.lineOfSightProbability(distance2D_m: 0) == 1)
        #expect(here.lineOfSightProbability(distance2D_m: here.certain_m) == 1)
        #expect((here.lineOfSightProbability(distance2D_m: here.certain_m + 1e-6) - 1).magnitude < 1e-6)
      }
    }
    #expect(
      AerialUser(.urbanMacro, carrier: Hertz(2e9)).at(height_m: 100.1).lineOfSightProbability(distance2D_m: 4e3) == 1)
    #expect(
      AerialUser(.ruralMacro, carrier: Hertz(2e9)).at(height_m: 40.1).lineOfSightProbability(distance2D_m: 9e3) == 1)
    #expect(AerialUser(.ruralMacro, carrier: Hertz(2e9)).at(height_m: 40).lineOfSightProbability(distance2D_m: 9e3) < 1)
  }

  /// The transcription that gives UMi-AV the p1 of UMa-AV: up to 20 dB on the mean loss at 30 m.
  @Test func `p1 of the street canyon is not that of the macro cell`() {
    let micro = AerialUser(.urbanMicro, carrier: Hertz(2e9)).at(height_m: 30)
    let macro = AerialUser(.urbanMacro, carrier: Hertz(2e9)).at(height_m: 30)
    #expect((micro.decay_m - (233.98 * log10(30) - 0.95)).magnitude < 1e-9)
    #expect((macro.decay_m - (4300 * log10(30) - 3800)).magnitude < 1e-9)
    var worst = 0.0
    for distance in stride(from: 20.0, through: 4000, by: 5) {
      let apart = hypot(distance, 20)
      let clear = micro.pathLoss_dB(distance3D_m: apart, lineOfSight: true)
      let blocked = micro.pathLoss_dB(distance3D_m: apart, lineOfSight: false)
      let share = 18 / distance
      let mixedUp = distance <= 18 ? 1 : share + exp(-distance / macro.decay_m) * (1 - share)
      let right = micro.lineOfSightProbability(distance2D_m: distance)
      worst = max(worst, (mixedUp - right) * (blocked - clear))
    }
    #expect((worst - 20.1).magnitude < 0.1)
  }

  /// The laws of Table B-2, written out once more with natural logarithms.
  @Test(arguments: [30.0, 39, 60, 99])
  func `path loss is that of Table B-2`(height: Double) {
    let carrier = 3.5
    func lg(_ x: Double) -> Double { log(x) / log(10) }
    for distance in [100.0, 700, 3000] {
      func loss(_ scenario: AerialUser.Scenario, _ clear: Bool) -> Double {
        AerialUser(scenario, carrier: Hertz(carrier * 1e9)).at(height_m: height).pathLoss_dB(
          distance3D_m: distance, lineOfSight: clear)
      }
      let wave = 20 * lg(40 * Double.pi * carrier / 3)
      #expect((loss(.urbanMacro, true) - (28 + 22 * lg(distance) + 20 * lg(carrier))).magnitude < 1e-9)
      #expect((loss(.urbanMacro, false) - (-17.5 + (46 - 7 * lg(height)) * lg(distance) + wave)).magnitude < 1e-9)
      let free = 20 * lg(distance) + wave
      let micro = max(free, 30.9 + (22.25 - 0.5 * lg(height)) * lg(distance) + 20 * lg(carrier))
      #expect((loss(.urbanMicro, true) - micro).magnitude < 1e-9)
      let street = 32.4 + (43.2 - 7.6 * lg(height)) * lg(distance) + 20 * lg(carrier)
      #expect((loss(.urbanMicro, false) - max(micro, street)).magnitude < 1e-9)
      let rural = max(23.9 - 1.8 * lg(height), 20) * lg(distance) + wave
      #expect((loss(.ruralMacro, true) - rural).magnitude < 1e-9)
      let far = -12 + (35 - 5.3 * lg(height)) * lg(distance) + wave
      #expect((loss(.ruralMacro, false) - max(rural, far)).magnitude < 1e-9)
    }
  }

  @Test func `shadowing has the deviations of Table B-3`() {
    func sigma(_ scenario: AerialUser.Scenario, _ height: Double, _ clear: Bool) -> Double {
      AerialUser(scenario, carrier: Hertz(2e9)).at(height_m: height).shadowingDeviation_dB(lineOfSight: clear)
    }
    #expect((sigma(.urbanMacro, 100, true) - 4.64 * exp(-0.66)).magnitude < 1e-12)
    #expect((sigma(.urbanMicro, 50, true) - 5 * exp(-0.5)).magnitude < 1e-12)
    #expect(sigma(.urbanMicro, 200, true) == 2)
    #expect((sigma(.ruralMacro, 100, true) - 4.2 * exp(-0.46)).magnitude < 1e-12)
    #expect(
      sigma(.urbanMacro, 50, false) == 6 && sigma(.urbanMicro, 50, false) == 8 && sigma(.ruralMacro, 20, false) == 6)
  }

  @Test func `heights outside the range are refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = AerialUser(.urbanMacro, carrier: Hertz(2e9)).at(height_m: 22.5)
    }
    await #expect(processExitsWith: .failure) {
      _ = AerialUser(.ruralMacro, carrier: Hertz(2e9)).at(height_m: 301)
    }
  }
}

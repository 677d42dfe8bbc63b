import EdgeCloud
import Glibc
import Testing

@Suite struct WinnerB1Tests {
  private let low = WinnerB1(carrier: Hertz(2e9))
  private let high = WinnerB1(carrier: Hertz(5.9e9))

  /// Values of the equations of TR 36.885 Table A.1.4-1, computed apart from this code.
  @Test func `the golden values with line of sight`() {
    for (law, values) in [
      (high, [(3.0, 53.2683), (10, 65.1376), (50, 88.0185), (100, 100.0597)]),
      (low, [(3.0, 43.8719), (10, 58.7912), (50, 86.7500), (100, 98.7912)]),
    ] {
      for (distance, loss) in values {
        #expect((law.lineOfSight_dB(distance_m: distance) - loss).magnitude < 5.1e-5, "\(distance) m")
      }
    }
    #expect((low.breakPoint_m - 6.67).magnitude < 0.005 && (high.breakPoint_m - 19.67).magnitude < 0.005)
  }

  @Test func `the golden values around a corner, the same from both sides`() {
    #expect((high.corner_dB(50, 50) - 120.2666).magnitude < 5.1e-5)
    #expect((high.corner_dB(100, 20) - 112.9566).magnitude < 5.1e-5)
    #expect(high.corner_dB(20, 100) == high.corner_dB(100, 20))
  }

  /// 51.744 dB before and 51.748 dB after: the constants of the standard are rounded.
  @Test func `the law is continuous at the break to a hundredth of a dB`() {
    #expect((low.lineOfSight_dB(distance_m: low.breakPoint_m * (1 - 1e-12)) - 51.744).magnitude < 5.1e-4)
    #expect((low.lineOfSight_dB(distance_m: low.breakPoint_m) - 51.748).magnitude < 5.1e-4)
    for carrier in [1e9, 2e9, 3.5e9, 5.9e9, 30e9] {
      let law = WinnerB1(carrier: Hertz(carrier))
      let step =
        law.lineOfSight_dB(distance_m: law.breakPoint_m)
        - law.lineOfSight_dB(distance_m: law.breakPoint_m * (1 - 1e-12))
      // The break point of a low carrier may lie below the least distance of 3 m.
      if law.breakPoint_m > 3 { #expect(step.magnitude < 0.01, "\(carrier) Hz: \(step) dB") }
    }
  }

  @Test func `no distance is nearer than 3 m`() {
    #expect(low.lineOfSight_dB(distance_m: 0) == low.lineOfSight_dB(distance_m: 3))
    #expect(low.corner_dB(0, 50) == low.corner_dB(3, 50) && low.corner_dB(50, 1) == low.corner_dB(50, 3))
    #expect(low.lineOfSight_dB(distance_m: 3.01) > low.lineOfSight_dB(distance_m: 3))
  }

  /// 20 log(4 π d f / c) with c = 3·10⁸ m/s: 78.459 dB at 100 m and 2 GHz.
  @Test func `a freeway loses no less than free space`() {
    let freeway = WinnerB1(road: .freeway, carrier: Hertz(2e9))
    for distance in [3.0, 4, 5, 6, 10, 100] {
      let freeSpace = 20 * log10(4 * Double.pi * distance * 2e9 / 3e8)
      let manhattan = low.lineOfSight_dB(distance_m: distance)
      #expect((freeway.lineOfSight_dB(distance_m: distance) - max(freeSpace, manhattan)).magnitude < 1e-9)
    }
    // At 3 m free space, 48.00 dB, exceeds the law, 43.87 dB.
    #expect((freeway.lineOfSight_dB(distance_m: 3) - 48.004).magnitude < 1e-3)
    #expect(freeway.shadowingDecorrelation_m == 25 && low.shadowingDecorrelation_m == 10)
    #expect(low.shadowingDeviation_dB(lineOfSight: true) == 3 && low.shadowingDeviation_dB(lineOfSight: false) == 4)
  }

  /// The equations once more, written with fc in GHz and constants 27.02 and 7.563 as the standard also has them.
  @Test func `the law agrees with its other form`() {
    for carrier in [2.0, 5.9] {
      let law = WinnerB1(
        carrier: Hertz(carrier * 1e9), transmitterHeight: Metres(1.5), receiverHeight: Metres(5))
      for distance in stride(from: 3.0, to: 400, by: 7.3) {
        let far = 40 * log10(distance) + 7.563 - 17.3 * log10(0.5) - 17.3 * log10(4.0) + 2.7 * log10(carrier)
        let near = 22.7 * log10(distance) + 27.02 + 20 * log10(carrier)
        let expected = distance < 4 * 0.5 * 4 * carrier * 1e9 / 3e8 ? near : far
        #expect((law.lineOfSight_dB(distance_m: distance) - expected).magnitude < 1e-2)
      }
    }
  }
}

@Suite struct Liang2019PathLossTests {
  private let faulty = Liang2019PathLoss(carrier: Hertz(2e9))
  private let law = WinnerB1(carrier: Hertz(2e9))

  /// What the published code gives, computed apart from this one.
  @Test func `the compatibility values`() {
    for (distance, loss) in [(3.0, 43.8719), (10, 42.2828), (50, 70.2416), (100, 82.2828)] {
      #expect((faulty.lineOfSight_dB(distance_m: distance) - loss).magnitude < 5.1e-5, "\(distance) m")
    }
    #expect((faulty.lineOfSight_dB(distance_m: 6.6) - 51.64).magnitude < 5.1e-3)
    #expect((faulty.lineOfSight_dB(distance_m: 6.7) - 35.33).magnitude < 5.1e-3)
    let added = 10 + Liang2019PathLoss.addedDistance_m
    #expect((faulty.lineOfSight_dB(distance_m: added) - 42.2845).magnitude < 5.1e-5)
  }

  @Test func `the faulty law falls by 16.50 dB at the break and stays 16.51 dB too low`() {
    let before = faulty.lineOfSight_dB(distance_m: faulty.breakPoint_m * (1 - 1e-12))
    #expect((faulty.lineOfSight_dB(distance_m: faulty.breakPoint_m) - before + 16.50).magnitude < 5.1e-3)
    for distance in [7.0, 20, 100, 500] {
      let error = law.lineOfSight_dB(distance_m: distance) - faulty.lineOfSight_dB(distance_m: distance)
      #expect((error - 34.6 * log10(3)).magnitude < 1e-9)
    }
  }

  /// PL(dk) + 20 − 12.5 n + 10 n log dl + 3 log(fc/5) with n of dl, the smaller of both labellings, in plain numbers.
  @Test func `around a corner the exponent is the other street's and 3 m is no limit for dl`() {
    func one(_ dk: Double, _ dl: Double) -> Double {
      let n = max(2.8 - 0.0024 * dl, 1.84)
      return faulty.lineOfSight_dB(distance_m: dk) + 20 - 12.5 * n + 10 * n * log10(dl) + 3 * log10(0.4)
    }
    for (a, b) in [(100.0, 20.0), (250, 30), (8, 300), (60, 60)] {
      #expect((faulty.corner_dB(a, b) - min(one(a, b), one(b, a))).magnitude < 1e-9)
    }
    // With dk = dl only the far branch differs.
    #expect((law.corner_dB(60, 60) - faulty.corner_dB(60, 60) - 34.6 * log10(3)).magnitude < 1e-9)
    // With dk ≠ dl the exponent differs too.
    #expect((law.corner_dB(250, 30) - faulty.corner_dB(250, 30) - 34.6 * log10(3)).magnitude > 0.5)
    #expect(faulty.corner_dB(1, 50) != faulty.corner_dB(3, 50))
    #expect(faulty.shadowingDeviation_dB == 3)
  }
}

@Suite struct VehicleToBaseTests {
  @Test func `the golden value at 200 m on the ground`() {
    let law = VehicleToBase()
    #expect((law.pathLoss_dB(groundDistance_m: 200) - 101.93).magnitude < 5.1e-3)
    // 128.1 dB at a straight distance of 1 km, 37.6 dB less at 100 m.
    let ground = { (straight: Double) in (straight * straight - 23.5 * 23.5).squareRoot() }
    #expect((law.pathLoss_dB(groundDistance_m: ground(1000)) - 128.1).magnitude < 1e-9)
    #expect((law.pathLoss_dB(groundDistance_m: ground(100)) - 90.5).magnitude < 1e-9)
    #expect(law.shadowingDeviation_dB == 8 && law.shadowingDecorrelation_m == 50)
  }
}

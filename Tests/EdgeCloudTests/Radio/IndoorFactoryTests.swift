import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct IndoorFactoryTests {
  private func hall(_ clutter: IndoorFactory.Clutter, size: Double = 2, density: Double = 0.6) -> IndoorFactory {
    IndoorFactory(
      clutter: clutter, carrier: Hertz(3.5e9), nodeHeight: Metres(8), deviceHeight: Metres(1.5),
      clutterSize: Metres(size), density: density, clutterHeight: Metres(6))
  }

  /// TR 38.901 Table 7.4.1-1 evaluated at 3.5 GHz.
  @Test(arguments: [
    (10.0, 63.6773, 69.3814, 69.3814, 66.2814, 66.4114), (50, 78.7051, 87.2051, 90.1346, 82.3577, 81.7188),
    (100, 85.1773, 94.8814, 100.8814, 89.2814, 88.3114),
  ])
  func `path loss has the values of TR 38.901`(
    distance: Double, clear: Double, sparseLow: Double, denseLow: Double, sparseHigh: Double, denseHigh: Double
  ) {
    let blocked: [IndoorFactory.Clutter: Double] = [
      .sparseLow: sparseLow, .denseLow: denseLow, .sparseHigh: sparseHigh, .denseHigh: denseHigh, .bothHigh: clear,
    ]
    for (clutter, expected) in blocked {
      let model = hall(clutter)
      #expect((model.pathLoss_dB(distance3D_m: distance, lineOfSight: true) - clear).magnitude < 1e-4)
      #expect((model.pathLoss_dB(distance3D_m: distance, lineOfSight: false) - expected).magnitude < 1e-4)
    }
  }

  @Test func `line of sight has the distances of clause 7_4_2`() {
    let sparse = hall(.sparseLow, size: 10, density: 0.2)
    #expect((sparse.lineOfSightDistance_m - 44.814).magnitude < 5e-4)
    #expect((sparse.lineOfSightProbability(distance2D_m: 10) - 0.8).magnitude < 1e-4)
    #expect((hall(.denseLow).lineOfSightDistance_m - 2.1827).magnitude < 5e-5)
    #expect((hall(.denseHigh).lineOfSightDistance_m - 3.1528).magnitude < 5e-5)
    #expect(hall(.bothHigh).lineOfSightProbability(distance2D_m: 300) == 1)
  }

  @Test func `the share of links with line of sight is that of the law`() {
    let model = hall(.sparseLow, size: 10, density: 0.2)
    let draws = WorldDraws(seed: 5)
    let links = 20_000
    for distance in [5.0, 20, 60, 120] {
      let probability = model.lineOfSightProbability(distance2D_m: distance)
      var clear = 0
      for link in 0..<links
      where LineOfSight.isClear(
        probability: probability, process: draws.normal(.lineOfSight, entity: UInt64(link), time: UInt64(distance)))
      { clear += 1 }
      let deviation = (probability * (1 - probability) * Double(links)).squareRoot()
      #expect((Double(clear) - probability * Double(links)).magnitude < 3 * deviation)
    }
  }

  @Test func `shadowing and correlation have the constants of the tables`() {
    let deviations: [IndoorFactory.Clutter: Double] = [
      .sparseLow: 5.7, .denseLow: 7.2, .sparseHigh: 5.9, .denseHigh: 4, .bothHigh: 4.3,
    ]
    for (clutter, deviation) in deviations {
      #expect(hall(clutter).shadowingDeviation_dB(lineOfSight: false) == deviation)
      #expect(hall(clutter).shadowingDeviation_dB(lineOfSight: true) == 4.3)
    }
    #expect(IndoorFactory.shadowingDecorrelation_m == 10)
    #expect(IndoorFactory.ricianMean_dB == 7 && IndoorFactory.ricianDeviation_dB == 8)
    #expect(hall(.sparseLow, size: 10, density: 0.2).lineOfSightCorrelation_m == 5)
  }

  @Test func `distances below one metre count as one`() {
    for clutter in IndoorFactory.Clutter.allCases {
      for lineOfSight in [true, false] {
        let model = hall(clutter)
        let nearest = model.pathLoss_dB(distance3D_m: 1, lineOfSight: lineOfSight)
        #expect(model.pathLoss_dB(distance3D_m: 0, lineOfSight: lineOfSight) == nearest)
        #expect(model.pathLoss_dB(distance3D_m: 1.01, lineOfSight: lineOfSight) > nearest)
      }
    }
    #expect((hall(.denseHigh).distance3D_m(distance2D_m: 10) - (100 + 42.25).squareRoot()).magnitude < 1e-12)
  }

  /// The two halls of TR 38.857: log delay spreads −7.2781 and −7.2288 with line of sight.
  @Test func `the delay spread follows the hall's volume and surface`() {
    for (hall, clear) in [(FactoryHall.small, -7.2781), (.large, -7.2288)] {
      let mean = IndoorFactory.logDelaySpread(
        volume_m3: hall.volume_m3, surface_m2: hall.surface_m2, lineOfSight: true)
      #expect((mean - clear).magnitude < 5e-5)
    }
    let blocked = IndoorFactory.logDelaySpread(volume_m3: 72_000, surface_m2: 18_000, lineOfSight: false)
    #expect((blocked - (log10(152) - 9.44)).magnitude < 1e-12)
  }
}

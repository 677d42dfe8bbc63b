import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct AirToGroundTests {
  typealias Surroundings = AirToGround.Surroundings

  /// Al-Hourani's law in degrees: P(LOS) at 10, 30, 45, 60 and 90 degrees, mean loss at h = r = 100 m and 2 GHz, and the
  /// best elevation that the paper states.
  static let table: [(Surroundings, [Double], Double, Double)] = [
    (.suburban, [0.6494, 0.9999, 1, 1, 1], 81.573, 20.34),
    (.urban, [0.0997, 0.7310, 0.9677, 0.9970, 1], 83.087, 42.44),
    (.denseUrban, [0.0618, 0.3728, 0.7558, 0.9416, 0.9977], 88.299, 54.62),
    (.highRise, [0.0092, 0.0438, 0.1321, 0.3357, 0.8478], 111.286, 75.52),
  ]

  @Test(arguments: table.indices)
  func `line of sight has the published probabilities, by degrees`(row: Int) {
    let (surroundings, probabilities, _, _) = Self.table[row]
    let law = AirToGround(carrier: Hertz(2e9), over: surroundings)
    for (angle, probability) in zip([10.0, 30, 45, 60, 90], probabilities) {
      #expect((law.lineOfSightProbability(elevation_deg: angle) - probability).magnitude < 5.1e-5)
    }
  }

  @Test func `degrees are not radians`() {
    let law = AirToGround(carrier: Hertz(2e9), over: .urban)
    let fedRadians = law.lineOfSightProbability(elevation_deg: 60 * Double.pi / 180)
    #expect((fedRadians - 0.0258).magnitude < 1e-3)
    let seen = AirToGround.elevation_deg(ground_m: 100, height_m: 100 * 3.0.squareRoot())
    #expect((seen - 60).magnitude < 1e-9)
  }

  @Test(arguments: table.indices)
  func `the mean loss has the published values`(row: Int) {
    let (surroundings, _, loss, _) = Self.table[row]
    let law = AirToGround(carrier: Hertz(2e9), over: surroundings)
    #expect((law.meanPathLoss_dB(ground_m: 100, height_m: 100) - loss).magnitude < 6e-4)
    let distance = 100 * 2.0.squareRoot()
    #expect((law.freeSpace_dB(distance3D_m: distance) - 81.473).magnitude < 6e-4)
    let excess = law.pathLoss_dB(distance3D_m: distance, lineOfSight: false) - law.freeSpace_dB(distance3D_m: distance)
    #expect((excess - surroundings.blockedExcess_dB).magnitude < 1e-9)
  }

  @Test(arguments: table.indices)
  func `the best elevation is the published one, whatever the radius and the carrier`(row: Int) {
    let (surroundings, _, _, best) = Self.table[row]
    for (radius, carrier) in [(50.0, 2e9), (700, 5.8e9)] {
      let law = AirToGround(carrier: Hertz(carrier), over: surroundings)
      #expect((law.bestElevation_deg - best).magnitude < 0.01)
      // By the loss itself, over the altitude at a fixed radius.
      let height = radius * tan(law.bestElevation_deg * Double.pi / 180)
      let least = law.meanPathLoss_dB(ground_m: radius, height_m: height)
      for factor in [0.5, 0.9, 0.99, 1.01, 1.1, 2] {
        #expect(law.meanPathLoss_dB(ground_m: radius, height_m: height * factor) > least)
      }
    }
  }

  @Test func `drawn states have the probability of the law within three deviations`() {
    let law = AirToGround(carrier: Hertz(2e9), over: .urban)
    let field = SpatialField(purpose: .aerialLink, cell: Metres(50))
    for (ground, height) in [(100.0, 40.0), (100, 100), (300, 100)] {
      let probability = law.lineOfSightProbability(
        elevation_deg: AirToGround.elevation_deg(ground_m: ground, height_m: height))
      let count = 20_000
      var clear = 0
      for user in 0..<count {
        let cell = field.cell(in: WorldDraws(seed: 3), entity: UInt64(user), x_m: ground, y_m: 17)
        let process = field.values(cell, x_m: ground, y_m: 17).0
        clear += LineOfSight.isClear(probability: probability, process: process) ? 1 : 0
      }
      let deviation = (probability * (1 - probability) / Double(count)).squareRoot()
      #expect((Double(clear) / Double(count) - probability).magnitude < 3 * deviation)
    }
  }
}

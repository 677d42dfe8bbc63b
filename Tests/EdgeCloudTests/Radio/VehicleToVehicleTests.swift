import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct VehicleToVehicleTests {
  let urban = VehicleToVehicle(environment: .urban, carrier: Hertz(5.9e9))
  let highway = VehicleToVehicle(environment: .highway, carrier: Hertz(5.9e9))

  /// The vectors of the ns-3 test suite at 5.0 GHz, and the laws at 5.9 GHz.
  @Test(arguments: [
    (5.0, 10.0, 68.1913, 80.0605, 66.3794), (5.0, 100, 84.8913, 110.0605, 86.3794),
    (5.0, 1000, 101.5913, 140.0605, 106.3794), (5.9, 10, 69.4995, 81.4191, 67.8170),
    (5.9, 100, 86.1995, 111.4191, 87.8170),
  ])
  func `path loss has the published values`(
    carrier: Double, distance: Double, urbanClear: Double, building: Double, highwayClear: Double
  ) {
    let urban = VehicleToVehicle(environment: .urban, carrier: Hertz(carrier * 1e9))
    let highway = VehicleToVehicle(environment: .highway, carrier: Hertz(carrier * 1e9))
    #expect((urban.pathLoss_dB(distance3D_m: distance, state: .lineOfSight) - urbanClear).magnitude < 1e-4)
    #expect(
      (urban.pathLoss_dB(distance3D_m: distance, state: .blockedByBuilding) - building).magnitude < 1e-4)
    #expect(
      (highway.pathLoss_dB(distance3D_m: distance, state: .lineOfSight) - highwayClear).magnitude < 1e-4)
    #expect(
      (highway.pathLoss_dB(distance3D_m: distance, state: .blockedByVehicle) - highwayClear).magnitude < 1e-4)
  }

  @Test func `probabilities of line of sight have the published values`() {
    #expect((urban.lineOfSightProbability(distance_m: 100) - 0.3358).magnitude < 5e-5)
    for (distance, expected) in [(100.0, 0.8403), (300, 0.6084), (475, 0.5434), (500, 0.5150)] {
      #expect((highway.lineOfSightProbability(distance_m: distance) - expected).magnitude < 5e-5)
    }
    #expect(urban.lineOfSightProbability(distance_m: 0) == 1)
    #expect(highway.lineOfSightProbability(distance_m: 0) == 1)
    #expect(highway.lineOfSightProbability(distance_m: 2000) == 0)
  }

  @Test func `the highway keeps the standard's step at 475 m`() {
    let before = highway.lineOfSightProbability(distance_m: 475)
    let after = highway.lineOfSightProbability(distance_m: 475.0.nextUp)
    #expect((before - 0.543406).magnitude < 1e-6)
    #expect((after - 0.54).magnitude < 1e-12)
  }

  @Test(arguments: [30.0, 100, 300, 474, 600])
  func `states occur as often as their probability says`(distance: Double) {
    var stream = RandomStream(seed: 3)
    let draws = 100_000
    for model in [urban, highway] {
      var clear = 0
      for _ in 0..<draws {
        let state = model.state(distance_m: distance, buildingBetween: false, uniform: stream.uniform())
        #expect(state != .blockedByBuilding)
        if state == .lineOfSight { clear += 1 }
      }
      let exact =
        model.environment == .urban
        ? min(1, 1.05 * exp(-0.0114 * distance))
        : distance <= 475
          ? 2.1013e-6 * distance * distance - 0.002 * distance + 1.0193 : 0.54 - 0.001 * (distance - 475)
      let deviation = (exact * (1 - exact) / Double(draws)).squareRoot()
      #expect((Double(clear) / Double(draws) - exact).magnitude < 3 * deviation)
    }
  }

  @Test func `a building between decides the state`() {
    #expect(urban.state(distance_m: 1, buildingBetween: true, uniform: 0) == .blockedByBuilding)
  }

  @Test func `blockage moments follow the antenna heights`() {
    func moments(_ tx: Double, _ rx: Double, _ distance: Double) -> [Double] {
      let moments = highway.blockageMoments_dB(
        distance_m: distance, transmitterHeight_m: tx, receiverHeight_m: rx, blockerHeight_m: 1.6)
      return [moments.mean, moments.deviation]
    }
    #expect(moments(3, 3, 1000) == [0, 0])
    #expect(moments(0.75, 0.75, 1000) == [13, 4.5])
    #expect(moments(0.75, 0.75, 541) == [9, 4.5])
    #expect(moments(0.75, 0.75, 541.3)[0] > 9)
    #expect(moments(0.75, 3, 100) == [5, 4])
    #expect(moments(1.6, 1.6, 100) == [5, 4], "at the blocker's height: neither above nor below")
  }

  /// E max(0, A) = μ Φ(μ/σ) + σ φ(μ/σ) and E max(0, A)² = (μ² + σ²) Φ(μ/σ) + μ σ φ(μ/σ) for normal A.
  @Test func `normal blockage has the moments of a normal variable cut at zero`() {
    for (height, mean, deviation) in [(0.75, 9.0, 4.5), (3.0, 5.0, 4.0)] {
      let ratio = mean / deviation
      let below = 0.5 * erfc(-ratio / 2.0.squareRoot())
      let density = exp(-ratio * ratio / 2) / (2 * Double.pi).squareRoot()
      let first = mean * below + deviation * density
      let second = (mean * mean + deviation * deviation) * below + mean * deviation * density
      checkBlockage(.normal, height: height, mean: first, deviation: (second - first * first).squareRoot())
    }
  }

  @Test func `log-normal blockage keeps mean and deviation`() {
    checkBlockage(.logNormal, height: 0.75, mean: 9, deviation: 4.5)
    checkBlockage(.logNormal, height: 3, mean: 5, deviation: 4)
  }

  /// Four standard errors, since eight moments are compared.
  private func checkBlockage(
    _ law: VehicleToVehicle.BlockageLaw, height: Double, mean: Double, deviation: Double
  ) {
    let model = VehicleToVehicle(environment: .highway, carrier: Hertz(5.9e9), blockageLaw: law)
    var stream = RandomStream(seed: 17)
    let draws = 200_000.0
    var sums = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<Int(draws) {
      let loss = model.blockage_dB(
        distance_m: 100, transmitterHeight_m: 0.75, receiverHeight_m: height, blockerHeight_m: 1.6,
        normal: stream.normal())
      let square = (loss - mean) * (loss - mean)
      sums = (sums.0 + loss, sums.1 + square, sums.2 + square * square, min(sums.3, loss))
    }
    let variance = sums.1 / draws
    let errorOfVariance = ((sums.2 / draws - variance * variance) / draws).squareRoot()
    #expect((sums.0 / draws - mean).magnitude < 4 * deviation / draws.squareRoot())
    #expect((variance - deviation * deviation).magnitude < 4 * errorOfVariance)
    #expect(sums.3 >= 0)
  }

  @Test func `shadowing constants follow the state and not what was asked before`() {
    for model in [urban, highway] {
      #expect(model.shadowingDeviation_dB(state: .lineOfSight) == 3)
      #expect(model.shadowingDeviation_dB(state: .blockedByBuilding) == 4)
      #expect(model.shadowingDeviation_dB(state: .blockedByVehicle) == 3)
      #expect(model.shadowingDeviation_dB(state: .lineOfSight) == 3)
      #expect(model.shadowingDecorrelation_m(state: .lineOfSight) == 10)
      #expect(model.shadowingDecorrelation_m(state: .blockedByBuilding) == 13)
      #expect(model.shadowingDecorrelation_m(state: .blockedByVehicle) == 13)
    }
    let freeway = VehicleToVehicle(
      environment: .highway, carrier: Hertz(5.9e9), lineOfSightDecorrelation: Metres(25))
    #expect(freeway.shadowingDecorrelation_m(state: .lineOfSight) == 25)
  }
}

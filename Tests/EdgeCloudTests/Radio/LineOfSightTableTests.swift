import EdgeCloud
import Randomness
import Testing

@Suite struct LineOfSightTableTests {
  private let model = UrbanMicroStreetCanyon(carrier: Hertz(5.9e9))

  @Test func `what the table knows is what the law says, and it knows nearly all`() {
    let table = LineOfSightTable { model.lineOfSightProbability(distance2D_m: $0) }
    var stream = RandomStream(seed: 5)
    var (known, wrong, clear) = (0, 0, 0)
    let count = 400_000
    for index in 0..<count {
      // Half of the distances near the threshold's steep part, half anywhere.
      let distance = stream.uniform() * (index.isMultiple(of: 2) ? 60 : 2400)
      let process = stream.normal()
      let law = LineOfSight.isClear(
        probability: model.lineOfSightProbability(distance2D_m: distance), process: process)
      if law { clear += 1 }
      if let answer = table.known(distance_m: distance, process: process) {
        known += 1
        if answer != law { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    #expect(known > count * 85 / 100 && clear > count / 10)
  }

  /// Processes as near to the threshold as numbers can be.
  @Test func `at the very threshold the table leaves the answer to the law`() {
    let table = LineOfSightTable { model.lineOfSightProbability(distance2D_m: $0) }
    for distance in stride(from: 18.5, to: 2000, by: 7.3) {
      let probability = model.lineOfSightProbability(distance2D_m: distance)
      var (low, high) = (-9.0, 9.0)
      while (0.5 * (low + high)) != low, (0.5 * (low + high)) != high {
        if standardNormalCDF(0.5 * (low + high)) < probability {
          low = 0.5 * (low + high)
        } else {
          high = 0.5 * (low + high)
        }
      }
      #expect(table.known(distance_m: distance, process: low) == nil)
      #expect(table.known(distance_m: distance, process: high) == nil)
    }
  }

  @Test func `within 18 m everything is clear, and beyond its end the table says nothing`() {
    let table = LineOfSightTable { model.lineOfSightProbability(distance2D_m: $0) }
    for process in [-8.5, 0, 8.5] {
      #expect(table.known(distance_m: 15, process: process) == true)
      #expect(table.known(distance_m: 2048, process: process) == nil)
    }
  }
}

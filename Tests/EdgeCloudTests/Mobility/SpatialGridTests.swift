import EdgeCloud
import Randomness
import Testing

@Suite struct SpatialGridTests {
  /// Against looking at all pairs.
  @Test(arguments: [10.0, 90, 400, 5000, .infinity])
  func `every point in range is found, once`(range: Double) {
    var stream = RandomStream(seed: 2)
    var grid = SpatialGrid(range_m: range, capacity: 300)
    for count in [1, 2, 300, 40] {
      let x = (0..<count).map { _ in stream.uniform(in: -500..<500) }
      let y = (0..<count).map { _ in stream.uniform(in: 3..<900) }
      grid.place(x_m: x, y_m: y)
      for point in 0..<count {
        var found: [Int32] = []
        grid.appendCandidates(x_m: x[point], y_m: y[point], to: &found)
        #expect(Set(found).count == found.count)
        let near = Set(
          (0..<count).filter {
            (x[$0] - x[point]) * (x[$0] - x[point]) + (y[$0] - y[point]) * (y[$0] - y[point]) <= range * range
          }
          .map(Int32.init))
        #expect(near.isSubset(of: found))
      }
    }
  }

  @Test func `points at one place and an empty grid are no trouble`() {
    var grid = SpatialGrid(range_m: 1, capacity: 4)
    grid.place(x_m: [], y_m: [])
    var found: [Int32] = []
    grid.appendCandidates(x_m: 0, y_m: 0, to: &found)
    #expect(found == [])
    grid.place(x_m: [5, 5, 5], y_m: [1, 1, 1])
    grid.appendCandidates(x_m: 5, y_m: 1, to: &found)
    #expect(found == [0, 1, 2])
  }

  /// The work per point does not grow with the number of points at one density.
  @Test func `candidates grow with density, not with the number of points`() {
    var means: [Double] = []
    for count in [1000, 16_000] {
      var stream = RandomStream(seed: 3)
      let side = Double(count).squareRoot() * 10
      let x = (0..<count).map { _ in stream.uniform(in: 0..<side) }
      let y = (0..<count).map { _ in stream.uniform(in: 0..<side) }
      var grid = SpatialGrid(range_m: 25, capacity: count)
      grid.place(x_m: x, y_m: y)
      var found: [Int32] = []
      for point in 0..<count { grid.appendCandidates(x_m: x[point], y_m: y[point], to: &found) }
      means.append(Double(found.count) / Double(count))
    }
    #expect(means[1] < 1.3 * means[0] && means[1] < 100)
  }
}

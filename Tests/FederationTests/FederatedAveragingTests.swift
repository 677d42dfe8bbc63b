import Federation
import Testing

struct WeightedMeanTests {
  @Test func `samples of one and three give the exact weighted mean`() {
    var mean: [Float] = [0, 0]
    WeightedMean.write(
      [
        ClientUpdate(client: 0, weight: 1, parameters: [1, -2]),
        ClientUpdate(client: 1, weight: 3, parameters: [5, 2]),
      ], into: &mean)
    #expect(mean == [4, 1])
  }
}

import Federation
import Randomness
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

  @Test(arguments: [1, 2, 3, 4, 5, 8, 101])
  func `blocks of parameters and fours of clients give the sums in the clients' order`(clients: Int) {
    var stream = RandomStream(seed: 7)
    let count = 5_003
    let updates = clientUpdates(
      (0..<clients).map { _ in (0..<count).map { _ in Float(stream.normal()) } },
      weights: (0..<clients).map { _ in 0.01 + stream.uniform() })
    var mean = [Float](repeating: .nan, count: count)
    WeightedMean.write(updates, into: &mean)
    let total = updates.reduce(0) { $0 + $1.weight }
    let plain = (0..<count).map { place in
      Float(updates.reduce(0) { $0 + $1.weight * Double($1.parameters[place]) } / total)
    }
    let isEqual = mean == plain
    #expect(isEqual)
  }

  @Test func `equal parameters give themselves to the bit, under any weights`() {
    var stream = RandomStream(seed: 8)
    let parameters: [Float] =
      [
        0, -0.0, 1, -3, .pi, .leastNonzeroMagnitude, -1_000 * .leastNonzeroMagnitude, .leastNormalMagnitude,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e30,
      ] + (0..<500).map { _ in Float(stream.normal() * stream.normal()) }
    for clients in [1, 3, 7, 100, 1_001] {
      for scale in [1e-6, 1, 1e9] {
        let updates = clientUpdates(
          Array(repeating: parameters, count: clients),
          weights: (0..<clients).map { _ in scale * (0.001 + stream.uniform()) })
        var mean = [Float](repeating: .nan, count: parameters.count)
        WeightedMean.write(updates, into: &mean)
        let isEqual = mean.map(\.bitPattern).dropFirst(2) == parameters.map(\.bitPattern).dropFirst(2)
        #expect(isEqual, "\(clients) clients, weights of \(scale)")
        #expect(mean[0] == 0 && mean[1] == 0)
      }
    }
  }
}

/// Pairs in range: for each vehicle those with a higher number.
struct SpectrumPairs: Sendable, Equatable {
  var start: [Int32] = [0]
  var other: [Int32] = []
  var process: [Double] = []
  var isClear: [Bool] = []
  var gain: [Double] = []

  mutating func removeAll() {
    start.removeAll(keepingCapacity: true)
    other.removeAll(keepingCapacity: true)
    process.removeAll(keepingCapacity: true)
    isClear.removeAll(keepingCapacity: true)
    gain.removeAll(keepingCapacity: true)
    start.append(0)
  }

  mutating func reserve(_ pairs: Int, vehicles: Int) {
    start.reserveCapacity(vehicles + 1)
    other.reserveCapacity(pairs)
    process.reserveCapacity(pairs)
    isClear.reserveCapacity(pairs)
    gain.reserveCapacity(pairs)
  }

  mutating func assign(from source: SpectrumPairs) {
    removeAll()
    start.removeAll(keepingCapacity: true)
    start.append(contentsOf: source.start)
    other.append(contentsOf: source.other)
    process.append(contentsOf: source.process)
    isClear.append(contentsOf: source.isClear)
    gain.append(contentsOf: source.gain)
  }
}

import Federation
import Randomness

extension Benchmark {
  /// Every rule merging the updates of 100 clients with a million parameters each, beside a copy of as many bytes.
  ///
  /// A rate counts the bytes that a rule must move at least: all updates are read and the model is written. A copy
  /// counts what it reads and what it writes; it is the floor.
  func measureFederation(_ report: (Row) -> Void) {
    let (clients, size) = (100, 1_000_000)
    let updates = (0..<clients).map { client in
      var stream = RandomStream(seed: UInt64(client))
      var parameters = [Float](repeating: 0, count: size)
      var span = parameters.mutableSpan
      stream.fill(uniform: &span)
      return ClientUpdate(client: client, weight: Double(1 + client % 7), parameters: parameters)
    }
    var (model, source) = ([Float](repeating: 0, count: size), [Float](repeating: 1, count: (clients + 1) * size / 2))
    var target = source.map { -$0 }
    let gigabytes = 4e-9 * Double((clients + 1) * size)
    let copying = { (count: Int) in
      for _ in 0..<count {
        // The copy of the C library, which knows the machine.
        unsafe source.withUnsafeMutableBytes { source in
          unsafe target.withUnsafeMutableBytes { unsafe $0.copyMemory(from: UnsafeRawBufferPointer(source)) }
        }
      }
    }
    for (index, rule) in Self.aggregationRules.enumerated() {
      var rule = rule
      let pair = Timing.paired(
        seconds: seconds, repeats: repeats,
        { count in
          for _ in 0..<count { rule.merge(updates, into: &model) { Double($0[0]) } }
        }, copying)
      if index == 0 { report(.rate(.federation, "copy of as many bytes", "GB/s", pair.second, count: gigabytes)) }
      let name = "\(type(of: rule).name) of \(clients) clients with \(size) parameters"
      report(.rate(.federation, name, "GB/s", pair.first, count: gigabytes, floorRatio: pair.ratio))
    }
  }

  /// One of each rule that does something, against a fifth of liars where it has to know.
  private static let aggregationRules: [any AggregationRule] = [
    FederatedAveraging(), FederatedMomentum(), FederatedAdam(), FederatedYogi(), CoordinateMedian(),
    TrimmedMean(trim: 0.2), Krum(liars: 20), MultiKrum(liars: 20), Bulyan(liars: 20), GradientFilter(),
    ParameterEvaluation(temperature: 1),
  ]
}

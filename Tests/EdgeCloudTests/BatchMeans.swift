/// The mean of a correlated sequence with its standard error by the method of batch means.
struct BatchMeans {
  let batchSize: Int
  private var current = 0.0
  private var inCurrent = 0
  private(set) var batches: [Double] = []

  init(batchSize: Int) { self.batchSize = batchSize }

  mutating func add(_ value: Double) {
    current += value
    inCurrent += 1
    if inCurrent == batchSize {
      batches.append(current / Double(batchSize))
      current = 0
      inCurrent = 0
    }
  }

  var mean: Double { batches.reduce(0, +) / Double(batches.count) }

  var standardError: Double {
    let mean = mean
    let squares = batches.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(batches.count - 1) / Double(batches.count)).squareRoot()
  }

  /// Whether an exact value lies within three standard errors, and these are below a share of it.
  func agrees(with exact: Double, precision: Double) -> Bool {
    isWithin(3, of: exact, precision: precision)
  }

  /// Whether an exact value lies within some standard errors, and these are below a share of it.
  func isWithin(_ errors: Double, of exact: Double, precision: Double) -> Bool {
    (mean - exact).magnitude < errors * standardError && standardError < precision * exact.magnitude
  }
}

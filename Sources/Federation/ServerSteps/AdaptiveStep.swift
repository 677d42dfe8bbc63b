internal import Configuration

/// What the server's adaptive steps have in common: their keys, their first moment and their division.
struct AdaptiveStep: Sendable {
  /// η.
  let rate: Double
  /// β₁, of the first moment.
  let beta1: Double
  /// β₂, of the second moment.
  let beta2: Double
  /// τ, added to the root of the second moment.
  let tau: Double

  init(rate: Double, beta1: Double, beta2: Double, tau: Double) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.tau = tau
  }

  /// Reads the keys, with the default of the rate.
  init(from mapping: inout ConfigurationMapping, rate: Double) throws(ConfigurationError) {
    self.rate = try mapping.number("server_learning_rate", in: .positive.to(100), default: rate)
    beta1 = try mapping.number("beta1", in: .nonNegative.to(1, excluding: true), default: 0.9)
    beta2 = try mapping.number("beta2", in: .nonNegative.to(1, excluding: true), default: 0.99)
    tau = try mapping.number("tau", in: .between(1e-12, 1), default: 1e-3)
  }

  /// Moves the model by `rate` · m / (√v + τ), after both moments have followed Δ = mean − model.
  ///
  /// - Parameter second: the new v of Δ² and the old v.
  @inline(__always)
  func move(
    _ model: inout [Float], towards mean: [Float], _ moments: inout AdaptiveMoments, rate: Double,
    second: (_ square: Double, _ v: Double) -> Double
  ) {
    var means = startingMoments(moments.means, for: model)
    var squares = startingMoments(moments.squares, for: model)
    (moments.means, moments.squares) = ([], [])
    let (beta, tau) = (beta1, tau)
    do {
      let target = mean.span
      var modelSpan = model.mutableSpan
      var meansSpan = means.mutableSpan
      var squaresSpan = squares.mutableSpan
      for index in 0..<modelSpan.count {
        let old = Double(modelSpan[index])
        let difference = Double(target[index]) - old
        let m = beta * meansSpan[index] + (1 - beta) * difference
        let v = second(difference * difference, squaresSpan[index])
        meansSpan[index] = m
        squaresSpan[index] = v
        modelSpan[index] = Float(old + rate * m / (v.squareRoot() + tau))
      }
    }
    (moments.means, moments.squares) = (means, squares)
  }
}

internal import LinearAlgebra

/// What the outputs of a network say of the return of each action.
public enum ValueHead: Sendable, Equatable {
  /// One output: its expectation.
  case expected

  /// Logits of a distribution on given values (Bellemare, Dabney, Munos 2017, arXiv 1707.06887).
  case categorical(CategoricalSupport)

  /// So many quantiles, at even probabilities (Dabney et al. 2018, arXiv 1710.10044).
  case quantile(count: Int)

  /// The number of outputs for each action.
  public var atoms: Int {
    switch self {
    case .expected: 1
    case .categorical(let support): support.count
    case .quantile(let count): count
    }
  }

  /// The expected return of each action.
  ///
  /// - Parameters:
  ///   - outputs: `[actions, atoms]`; actions of several rows may follow each other.
  ///   - values: `[actions]`, overwritten.
  public func values(of outputs: Span<Float>, into values: inout MutableSpan<Float>) {
    let atoms = atoms
    precondition(
      atoms > 0 && outputs.count == values.count * atoms,
      "\(outputs.count) outputs are not \(atoms) for each of \(values.count) actions")
    switch self {
    case .expected:
      copy(outputs, into: &values)
    case .categorical(let support):
      for action in 0..<values.count {
        values[action] = support.expectation(
          ofLogits: outputs.extracting(action * atoms..<(action + 1) * atoms))
      }
    case .quantile:
      let share = 1 / Float(atoms)
      for action in 0..<values.count {
        values[action] = sum(outputs.extracting(action * atoms..<(action + 1) * atoms)) * share
      }
    }
  }
}

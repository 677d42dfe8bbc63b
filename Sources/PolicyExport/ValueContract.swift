internal import Configuration
internal import NeuralNetworks

/// What `q_values` are, as `policy.json` has them: `kind`, the settings of a distribution, and a sentence.
enum ValueContract {
  static func json(_ head: ValueHead) -> JSONValue {
    switch head {
    case .expected:
      return .object([
        "kind": .text("expected"),
        "meaning": .text("the expected return of each option, before the mask"),
      ])
    case .categorical(let support):
      return .object([
        "kind": .text("categorical"),
        "atoms": .integer(support.count),
        "minimum": .float(support.minimum),
        "maximum": .float(support.maximum),
        "meaning": .text(
          "the mean of each option's distribution of returns over evenly spaced atoms from minimum to maximum, "
            + "before the mask"),
      ])
    case .quantile(let count):
      return .object([
        "kind": .text("quantile"),
        "atoms": .integer(count),
        "meaning": .text("the mean of each option's quantiles of the return, before the mask"),
      ])
    }
  }
}

public import Configuration

/// `independent`: nothing is merged; every client learns by itself.
///
/// What a federated learner is compared with. The model stays as it was at the start.
public struct IndependentLearning: AggregationRule {
  public static let name = "independent"
  public static let summary = "no merging: every client learns by itself, to compare with"

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {}

  /// The rule, which has no parameters.
  public init() {}

  public var isPersonal: Bool { true }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] { [] }

  public func blend(own: [Float], merged: [Float], contributors: Int) -> [Float] { own }
}

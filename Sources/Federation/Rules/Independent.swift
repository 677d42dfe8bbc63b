public import Configuration

/// `independent`: nothing is merged, and every client goes on with its own parameters; what a federation is compared
/// with.
public struct Independent: AggregationRule {
  public static let name = "independent"
  public static let summary = "no merging: each client learns by itself"

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {}

  /// The only one there is.
  public init() {}

  public var exchanges: Bool { false }
  public var isPersonal: Bool { true }

  @discardableResult
  public mutating func merge(
    _ updates: [ClientUpdate], into model: inout [Float], judge: ((_ parameters: [Float]) -> Double)?
  ) -> [Int] { [] }

  public func blend(own: [Float], merged: [Float], contributors: Int) -> [Float] { own }
}

/// The rules that experiment files can name.
public enum AggregationRules {
  /// All of them.
  public static let all: [any AggregationRule.Type] = [
    FederatedAveraging.self,
    Independent.self,
  ]
}

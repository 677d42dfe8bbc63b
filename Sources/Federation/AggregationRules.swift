/// The rules that experiment files can name.
public enum AggregationRules {
  /// All of them.
  public static let all: [any AggregationRule.Type] = [
    FederatedAveraging.self, FederatedProximal.self, FederatedMomentum.self, FederatedAdam.self, FederatedYogi.self,
    OmegaMerge.self, Independent.self, CoordinateMedian.self, TrimmedMean.self, Krum.self, MultiKrum.self,
    Bulyan.self, GradientFilter.self, ParameterEvaluation.self,
  ]
}

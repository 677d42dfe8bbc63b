/// The attacks that experiment files can name.
public enum Attacks {
  /// All of them.
  public static let all: [any Attack.Type] = [
    RandomNoise.self,
    SignFlip.self,
    ScaledUpdate.self,
    RandomAction.self,
    RewardPoisoning.self,
  ]
}

/// One part of a reward: what it measures and how much it weighs.
///
/// Weights stand in a scenario's `reward` block, so that a person can weigh the parts anew; a cost has a negative
/// weight.
public struct RewardTerm: Sendable, Equatable {
  /// The part's name, ending in its unit if it has one: `energy_j`.
  public let name: String
  /// The factor of the part's value in the reward.
  public let weight: Double
  /// What it measures, in a phrase.
  public let meaning: String

  /// A part by its name, weight and meaning.
  public init(_ name: String, weight: Double, _ meaning: String) {
    self.name = name
    self.weight = weight
    self.meaning = meaning
  }
}

public import EdgeCloud

/// What the ground is built with, as scenario files name it.
public enum Surroundings: String, Sendable, CaseIterable {
  case suburban
  case urban
  case denseUrban = "dense-urban"
  case highRise = "high-rise"

  /// The constants of Al-Hourani, Kandeepan and Lardner (2014).
  public var constants: AirToGround.Surroundings {
    switch self {
    case .suburban: .suburban
    case .urban: .urban
    case .denseUrban: .denseUrban
    case .highRise: .highRise
    }
  }
}

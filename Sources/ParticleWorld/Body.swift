/// What a round body is made of; its mass is 1 kg.
public struct Body: Sendable, Equatable {
  /// Radius in metres.
  public let radius: Double
  /// The force of a full push along an axis in newtons.
  public let push: Double
  /// The greatest speed in metres per second; infinite where none is set.
  public let topSpeed: Double
  /// Whether it touches others that do so too.
  public let isSolid: Bool

  /// A body by its parts.
  public init(radius: Double, push: Double = 5, topSpeed: Double = .infinity, isSolid: Bool) {
    self.radius = radius
    self.push = push
    self.topSpeed = topSpeed
    self.isSolid = isSolid
  }
}

/// Which of velocity and position moves first in a step.
public enum MotionOrder: String, Sendable, CaseIterable {
  /// Velocity first, and position with the new velocity: the code that came with the papers.
  case original
  /// Position first, with the velocity before the step: PettingZoo and its successor mpe2.
  case pettingzoo
}

/// Whose rewards are paid.
public enum RewardConvention: String, Sendable, CaseIterable {
  /// The code that came with the papers.
  case original
  /// PettingZoo and its successor mpe2.
  case pettingzoo
}

/// What a world of particles is made of; constant over its life.
public struct ParticleSetup: Sendable, Equatable {
  /// What a group of agents does.
  public enum Role: Sendable, Equatable {
    /// Pushes itself along the axes.
    case moves
    /// Says one of several words and stays where it is.
    case speaks
  }

  /// One group of agents.
  public struct Part: Sendable, Equatable {
    let first: Int
    let count: Int
    let role: Role
  }

  /// The agents' bodies, group after group.
  public let agents: [Body]
  /// The landmarks' body; they do not move.
  public let landmark: Body
  /// The groups of agents.
  public let parts: [Part]
  /// Whether actions are real numbers.
  public let isContinuous: Bool
  /// Which of velocity and position moves first.
  public let order: MotionOrder
  /// Where everything stands in a block.
  public let layout: ParticleLayout

  init(
    groups: [(count: Int, body: Body, role: Role)], landmarks: Int, landmark: Body, words: Int = 0,
    isContinuous: Bool, order: MotionOrder
  ) {
    precondition(groups.allSatisfy { $0.count > 0 } && landmarks >= 0, "\(groups.map(\.count)) agents")
    var parts: [Part] = []
    for group in groups {
      parts.append(Part(first: parts.reduce(0) { $0 + $1.count }, count: group.count, role: group.role))
    }
    self.parts = parts
    agents = groups.flatMap { [Body](repeating: $0.body, count: $0.count) }
    self.landmark = landmark
    self.isContinuous = isContinuous
    self.order = order
    layout = ParticleLayout(agents: agents.count, landmarks: landmarks, words: words)
  }

  /// The greatest velocity of an agent along an axis in metres per second.
  ///
  /// A velocity v becomes at most 0.75 v + 0.1 f, so that it stays below 0.4 f, where the force f is the push and what
  /// all other solid bodies exert when their centres meet.
  func velocityLimit(of agent: Int) -> Float {
    let body = agents[agent]
    var force = body.push
    if body.isSolid {
      var others = agents
      others.remove(at: agent)
      others += [Body](repeating: landmark, count: layout.landmarks)
      for other in others where other.isSolid { force += ParticleMotion.greatestForce(body.radius + other.radius) }
    }
    return Float(min(force * ParticleMotion.interval / ParticleMotion.damping, body.topSpeed) * (1 + 1e-6))
  }
}

import Foundation
import ParticleWorld
import ReinforcementLearning

/// The worlds once more in plain loops over one environment, after the papers' definitions: the naive twin.
enum PlainParticles {
  typealias Point = SIMD2<Double>

  static func length(_ point: Point) -> Double { (point.x * point.x + point.y * point.y).squareRoot() }

  /// The state after a step under forces.
  static func moved(_ state: ParticleState, under forces: [Point], _ setup: ParticleSetup) -> ParticleState {
    let bodies = setup.agents + [Body](repeating: setup.landmark, count: state.landmarks.count)
    let places = state.positions + state.landmarks
    var after = state
    for agent in state.positions.indices {
      var force = forces[agent]
      for other in bodies.indices where other != agent && bodies[agent].isSolid && bodies[other].isSolid {
        let offset = places[agent] - places[other]
        let depth = bodies[agent].radius + bodies[other].radius - length(offset)
        let soft = max(depth, 0) / 1e-3 + log1p(exp(-abs(depth) / 1e-3))
        if length(offset) > 0 { force += offset / length(offset) * (100 * 1e-3 * soft) }
      }
      var velocity = state.velocities[agent] * 0.75 + force * 0.1
      if length(velocity) > bodies[agent].topSpeed { velocity *= bodies[agent].topSpeed / length(velocity) }
      after.velocities[agent] = velocity
      after.positions[agent] += 0.1 * (setup.order == .original ? velocity : state.velocities[agent])
    }
    return after
  }

  static func touch(_ a: Int, _ b: Int, _ state: ParticleState, _ setup: ParticleSetup) -> Bool {
    length(state.positions[a] - state.positions[b]) < setup.agents[a].radius + setup.agents[b].radius
  }

  static func spreadRewards(_ state: ParticleState, _ world: SimpleSpread) -> [Double] {
    let agents = state.positions.indices
    var distance = 0.0
    for landmark in state.landmarks { distance += state.positions.map { length($0 - landmark) }.min() ?? .nan }
    switch world.rewards {
    case .original:
      var own: [Double] = []
      // Each agent also touches itself.
      for a in agents { own.append(-distance - Double(agents.filter { touch(a, $0, state, world.setup) }.count)) }
      return agents.map { _ in own.reduce(0, +) }
    case .pettingzoo(let ratio):
      return agents.map { a in
        let touching = agents.filter { $0 != a && touch(a, $0, state, world.setup) }.count
        return (1 - ratio) * -distance + ratio * -Double(touching)
      }
    }
  }

  static func listenerRewards(_ state: ParticleState, _ world: SimpleSpeakerListener) -> [Double] {
    let distance = length(state.positions[1] - state.landmarks[state.goal])
    let own = [-distance * distance, -distance * distance]
    return world.rewards == .original ? own.map { _ in own[0] + own[1] } : own
  }

  static func tagRewards(_ state: ParticleState, _ world: SimpleTag) -> [Double] {
    let hunters = 0..<world.groups[0].count
    let prey = hunters.count..<state.positions.count
    func bound(_ x: Double) -> Double { x < 0.9 ? 0 : x < 1 ? (x - 0.9) * 10 : min(exp(2 * x - 2), 10) }
    var rewards = state.positions.map { _ in 0.0 }
    for a in prey {
      for hunter in hunters where touch(hunter, a, state, world.setup) {
        rewards[a] -= 10
        for other in hunters { rewards[other] += 10 }
      }
      rewards[a] -= bound(abs(state.positions[a].x)) + bound(abs(state.positions[a].y))
    }
    return rewards
  }

  static func adversaryRewards(_ state: ParticleState, _ world: SimpleAdversary) -> [Double] {
    let distances = state.positions.map { length($0 - state.landmarks[state.goal]) }
    let nearest = distances.dropFirst().min() ?? .nan
    return distances.indices.map { agent in
      guard agent == 0 else { return distances[0] - nearest }
      return world.rewards == .original ? -distances[0] * distances[0] : -distances[0]
    }
  }

  static func rewards(_ world: some ParticleEnvironment, _ state: ParticleState) -> [Double] {
    switch world {
    case let world as SimpleSpread: spreadRewards(state, world)
    case let world as SimpleSpeakerListener: listenerRewards(state, world)
    case let world as SimpleTag: tagRewards(state, world)
    case let world as SimpleAdversary: adversaryRewards(state, world)
    default: []
    }
  }
}

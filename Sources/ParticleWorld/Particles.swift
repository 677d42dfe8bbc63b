import ReinforcementLearning

/// The state of one environment, in the first lane of a block, with room for the forces and rewards of a step.
public struct Particles: Sendable {
  var block: [Lanes]
  var forces: [Lanes]
  var rewards: [Lanes]

  static let none = Particles(block: [], forces: [], rewards: [])

  private init(block: [Lanes], forces: [Lanes], rewards: [Lanes]) {
    self.block = block
    self.forces = forces
    self.rewards = rewards
  }

  init(_ setup: ParticleSetup) {
    block = [Lanes](repeating: .zero, count: setup.layout.count)
    forces = [Lanes](repeating: .zero, count: 2 * setup.agents.count)
    rewards = [Lanes](repeating: .zero, count: setup.agents.count)
  }

  /// Moves the bodies under the actions of one environment.
  @inline(__always)
  mutating func move(_ actions: borrowing JointAction, _ setup: borrowing ParticleSetup) {
    Self.move(&block, &forces, actions, setup)
  }

  @inline(__always)
  private static func move(
    _ block: inout [Lanes], _ forces: inout [Lanes], _ actions: borrowing JointAction, _ setup: borrowing ParticleSetup
  ) {
    let choices = actions.discrete.span
    let numbers = actions.continuous.span
    var block = block.mutableSpan
    var forces = forces.mutableSpan
    for group in 0..<setup.parts.count {
      let part = setup.parts[group]
      let width = setup.isContinuous ? setup.values(of: part) : 1
      let first = setup.isContinuous ? actions.continuousStart[group] : actions.discreteStart[group]
      for slot in 0..<part.count {
        let rows = ActionRows(first: first + slot * width, stride: 0, lanes: 1)
        setup.take(
          rows, of: part.first + slot, part.role, choices: choices, numbers: numbers, forces: &forces, block: &block)
      }
    }
    ParticleMotion.move(&block, under: &forces, setup)
  }
}

public import ReinforcementLearning

/// A batch of four environments to a vector register.
///
/// It works on tiles of blocks that stay in the nearest cache, so that the arrays of the frame are opened once a tile.
public struct ParticleBatch<World: ParticleEnvironment>: EnvironmentBatch {
  private let start: World
  public let count: Int
  private var blocks: [Lanes]
  /// The forces of a tile.
  private var forces: [Lanes]
  /// The rewards of a tile.
  private var rewards: [Lanes]

  private static var tile: Int { 16 }

  public init(_ world: World, count: Int) {
    start = world
    self.count = count
    let size = world.particles.block.count
    let agents = world.setup.agents.count
    blocks = [Lanes](repeating: .zero, count: (count + 3) / 4 * size)
    forces = [Lanes](repeating: .zero, count: Self.tile * 2 * agents)
    rewards = [Lanes](repeating: .zero, count: Self.tile * agents)
    for index in 0..<count { self[index] = world }
  }

  public subscript(index: Int) -> World {
    get {
      var world = start
      let size = start.setup.layout.count
      world.physicalState = ParticleState(
        lane: index % 4, of: blocks.span.extracting(droppingFirst: index / 4 * size).extracting(first: size),
        start.setup.layout)
      return world
    }
    set {
      let layout = start.setup.layout
      let size = layout.count
      let state = newValue.physicalState
      var all = blocks.mutableSpan
      var block = all._mutatingExtracting(index / 4 * size..<(index / 4 + 1) * size)
      state.write(to: index % 4, of: &block, layout)
    }
  }

  @specialized(where World == SimpleSpread)
  @specialized(where World == SimpleSpeakerListener)
  @specialized(where World == SimpleTag)
  @specialized(where World == SimpleAdversary)
  public mutating func step(_ frame: inout VectorFrame) {
    let total = (count + 3) / 4
    let setup = start.setup
    for first in stride(from: 0, to: total, by: Self.tile) {
      let tile = first..<min(first + Self.tile, total)
      for group in 0..<setup.parts.count {
        Self.take(frame.groups[group], setup.parts[group], setup, tile, &blocks, &forces, count: count)
      }
      Self.move(&blocks, &forces, &rewards, start, setup, tile)
      for group in 0..<setup.parts.count {
        pay(&frame.groups[group].rewards, setup.parts[group], tile)
        Self.observe(&frame.groups[group].nextObservations, group, blocks.span, start, setup, tile, count: count)
      }
    }
    for group in 0..<setup.parts.count {
      Self.clear(&frame.groups[group].terminated)
      Self.clear(&frame.groups[group].truncated)
    }
    Self.clear(&frame.episodeOver)
  }

  @inline(__always)
  private static func clear(_ flags: inout [Bool]) {
    var flags = flags.mutableSpan
    for index in 0..<flags.count { flags[index] = false }
  }

  /// The lanes in use of a block.
  @inline(__always)
  private static func lanes(_ block: Int, count: Int) -> Int { min(4, count - 4 * block) }

  /// Turns a group's actions into forces and words.
  @inline(__always)
  private static func take(
    _ group: borrowing VectorFrame.Group, _ part: ParticleSetup.Part, _ setup: borrowing ParticleSetup,
    _ tile: Range<Int>, _ blocks: inout [Lanes], _ forces: inout [Lanes], count: Int
  ) {
    let size = setup.layout.count
    let agents = setup.layout.agents
    let width = setup.isContinuous ? setup.values(of: part) : 1
    let choices = group.actions.span
    let numbers = group.continuousActions.span
    var allForces = forces.mutableSpan
    var allBlocks = blocks.mutableSpan
    for block in tile {
      let place = block - tile.lowerBound
      var forces = allForces._mutatingExtracting(place * 2 * agents..<(place + 1) * 2 * agents)
      var lanes = allBlocks._mutatingExtracting(block * size..<(block + 1) * size)
      for slot in 0..<part.count {
        let rows = ActionRows(
          first: (4 * block * part.count + slot) * width, stride: part.count * width,
          lanes: Self.lanes(block, count: count))
        setup.take(
          rows, of: part.first + slot, part.role, choices: choices, numbers: numbers, forces: &forces, block: &lanes)
      }
    }
  }

  /// Moves the bodies of a tile and finds what the step is worth.
  @inline(__always)
  private static func move(
    _ blocks: inout [Lanes], _ forces: inout [Lanes], _ rewards: inout [Lanes], _ world: borrowing World,
    _ setup: borrowing ParticleSetup, _ tile: Range<Int>
  ) {
    let size = setup.layout.count
    let agents = setup.layout.agents
    var blocks = blocks.mutableSpan
    var forces = forces.mutableSpan
    var rewards = rewards.mutableSpan
    for block in tile {
      let place = block - tile.lowerBound
      var lanes = blocks._mutatingExtracting(block * size..<(block + 1) * size)
      var pushed = forces._mutatingExtracting(place * 2 * agents..<(place + 1) * 2 * agents)
      ParticleMotion.move(&lanes, under: &pushed, setup)
      var paid = rewards._mutatingExtracting(place * agents..<(place + 1) * agents)
      world.reward(in: lanes.span, into: &paid)
    }
  }

  @inline(__always)
  private func pay(_ values: inout [Double], _ part: ParticleSetup.Part, _ tile: Range<Int>) {
    let agents = start.setup.layout.agents
    let rewards = rewards.span
    var values = values.mutableSpan
    for block in tile {
      for slot in 0..<part.count {
        let earned = rewards[(block - tile.lowerBound) * agents + part.first + slot]
        let first = 4 * block * part.count + slot
        for lane in 0..<Self.lanes(block, count: count) { values[first + lane * part.count] = earned[lane] }
      }
    }
  }

  @inline(__always)
  private static func observe(
    _ observations: inout [Float], _ group: Int, _ blocks: Span<Lanes>, _ world: borrowing World,
    _ setup: borrowing ParticleSetup, _ tile: Range<Int>, count: Int
  ) {
    let size = setup.layout.count
    let part = setup.parts[group]
    let width = observations.count / (count * part.count)
    var rows = observations.mutableSpan
    for block in tile {
      let lanes = blocks.extracting(droppingFirst: block * size).extracting(first: size)
      for slot in 0..<part.count {
        var cursor = RowCursor(
          next: (4 * block * part.count + slot) * width, stride: part.count * width,
          lanes: Self.lanes(block, count: count))
        world.observe(agent: part.first + slot, ofGroup: group, in: lanes, at: &cursor, into: &rows)
      }
    }
  }

  @specialized(where World == SimpleSpread)
  @specialized(where World == SimpleSpeakerListener)
  @specialized(where World == SimpleTag)
  @specialized(where World == SimpleAdversary)
  public mutating func reset(_ indices: Span<Int>, seeds: Span<UInt64>, in frame: inout VectorFrame) {
    let setup = start.setup
    let size = setup.layout.count
    let start = start
    do {
      var all = blocks.mutableSpan
      for place in 0..<indices.count {
        let index = indices[place]
        var block = all._mutatingExtracting(index / 4 * size..<(index / 4 + 1) * size)
        start.begin(index % 4, of: &block, seed: seeds[place])
      }
    }
    for group in 0..<setup.parts.count {
      Self.show(indices, &frame.groups[group].observations, group, blocks.span, start, setup, count: count)
      Self.arrive(indices, &frame.groups[group].active, setup.parts[group].count)
    }
  }

  @inline(__always)
  private static func show(
    _ indices: Span<Int>, _ observations: inout [Float], _ group: Int, _ blocks: Span<Lanes>, _ world: borrowing World,
    _ setup: borrowing ParticleSetup, count: Int
  ) {
    let size = setup.layout.count
    let part = setup.parts[group]
    let width = observations.count / (count * part.count)
    var rows = observations.mutableSpan
    for place in 0..<indices.count {
      let index = indices[place]
      let lanes = blocks.extracting(droppingFirst: index / 4 * size).extracting(first: size)
      for slot in 0..<part.count {
        var cursor = RowCursor(next: (index * part.count + slot) * width, lane: index % 4)
        world.observe(agent: part.first + slot, ofGroup: group, in: lanes, at: &cursor, into: &rows)
      }
    }
  }

  @inline(__always)
  private static func arrive(_ indices: Span<Int>, _ active: inout [Bool], _ slots: Int) {
    var active = active.mutableSpan
    for place in 0..<indices.count {
      for row in indices[place] * slots..<(indices[place] + 1) * slots { active[row] = true }
    }
  }

  /// All agents are always there.
  public func writeActive(in frame: inout VectorFrame) {}
}

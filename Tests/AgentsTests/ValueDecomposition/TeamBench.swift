import Agents
import ReinforcementLearning
import Snapshots

/// A small recipe of a team, shared by the tests of this folder.
struct TeamBench {
  var recipe: ValueDecompositionConfiguration

  init(
    _ mixing: ValueDecompositionConfiguration.Mixing = .sum,
    _ change: (inout ValueDecompositionConfiguration) -> Void = { _ in }
  ) {
    recipe = ValueDecompositionConfiguration(agents: LearningBench().recipe, reward: .mean, mixing: mixing)
    change(&recipe)
  }

  static let mixings: [ValueDecompositionConfiguration.Mixing] = [
    .sum, .monotonic(embedding: 8, hypernetHidden: 0), .monotonic(embedding: 6, hypernetHidden: 16),
  ]

  func start<World: Environment>(
    _ world: World, seed: UInt64, environments: Int = 1
  ) -> (vector: VectorEnvironment<World>, learner: ValueDecompositionLearner) {
    (
      VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: seed)),
      ValueDecompositionLearner(recipe, groups: world.groups, environments: environments, seed: seed)
    )
  }

  /// All parameters of a learner: the agents' networks, then the mixing.
  static func parameters(_ learner: ValueDecompositionLearner, _ name: String = "online") throws -> [Float] {
    try learner.snapshot().group("learner").group("team").floats(name)
  }
}

/// What a team has stored, read from its snapshot by the names of the columns.
struct TeamRows {
  let count: Int
  private let width: Int
  private let columns: [String: Int]
  private let values: [Float]

  init(of learner: ValueDecompositionLearner) throws {
    let replay = try learner.snapshot().group("replay").group("team")
    let rows = try replay.dataset("rows")
    (count, width) = (rows.shape[0], rows.shape[1])
    values = try replay.floats("rows")
    guard case .texts(let names)? = rows.attributes["columns"] else {
      throw replay.mismatch("rows", expected: "names of columns", found: "none")
    }
    columns = [String: Int](uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  subscript(row: Int, name: String) -> Float { columns[name].map { values[row * width + $0] } ?? .nan }

  /// A slot's values of the first group.
  func values(_ row: Int, _ name: String, slot: Int, _ count: Int) -> [Float] {
    (slot * count..<(slot + 1) * count).map { self[row, "0_\(name)_\($0)"] }
  }
}

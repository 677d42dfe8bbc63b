import ReinforcementLearning

/// Which run's episodes each environment plays, and how far it is.
struct EpisodeRuns: Sendable {
  private var seeds: [EpisodeSeeds]
  private var numbers: [Int]
  private var episodes: [Int]
  private var present: [UInt64]

  /// The evaluation episodes of seed 0.
  init(environments count: Int) {
    seeds = [EpisodeSeeds](repeating: EpisodeSeeds(.evaluation, seed: 0), count: count)
    numbers = Array(0..<count)
    episodes = [Int](repeating: 0, count: count)
    present = [UInt64](repeating: 0, count: count)
  }

  /// Environment i plays the episodes of a run's i-th environment.
  mutating func begin(_ seed: UInt64, for purpose: EpisodeSeeds.Purpose) {
    for index in seeds.indices {
      seeds[index] = EpisodeSeeds(purpose, seed: seed)
      numbers[index] = index
      episodes[index] = 0
    }
  }

  /// Each environment plays the episodes of the first environment of a run of its own.
  mutating func begin(each own: [UInt64], for purpose: EpisodeSeeds.Purpose) {
    precondition(own.count == seeds.count, "\(own.count) seeds for \(seeds.count) environments")
    for index in seeds.indices {
      seeds[index] = EpisodeSeeds(purpose, seed: own[index])
      numbers[index] = 0
      episodes[index] = 0
    }
  }

  /// The seed of an environment's next episode, which becomes the present one.
  mutating func next(of index: Int) -> UInt64 {
    present[index] = seeds[index].seed(environment: numbers[index], episode: episodes[index])
    episodes[index] += 1
    return present[index]
  }

  /// The seed of an environment's present episode.
  func seed(of index: Int) -> UInt64 { present[index] }
}

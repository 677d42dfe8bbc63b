import ReinforcementLearning
import Testing

struct EpisodeSeedsTests {
  @Test func `no two purposes, runs, environments or episodes share a seed`() {
    var seen: Set<UInt64> = []
    var count = 0
    for purpose in [EpisodeSeeds.Purpose.training, .selection, .evaluation] {
      for run in 0..<4 as Range<UInt64> {
        let seeds = EpisodeSeeds(purpose, seed: run)
        for environment in 0..<16 {
          for episode in 0..<100 {
            seen.insert(seeds.seed(environment: environment, episode: episode))
            count += 1
          }
        }
      }
    }
    #expect(seen.count == count)
  }

  @Test func `a seed is a function of its place alone`() {
    let a = EpisodeSeeds(.evaluation, seed: 5)
    let b = EpisodeSeeds(.evaluation, seed: 5)
    let forwards = (0..<10).map { a.seed(episode: $0) }
    #expect(forwards == (0..<10).reversed().map { b.seed(environment: 0, episode: $0) }.reversed())
  }
}

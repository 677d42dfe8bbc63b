import Randomness
import Testing

@Suite struct WorldDrawsTests {
  private let arrivals = WorldDraws.Purpose(rawValue: 1)
  private let fading = WorldDraws.Purpose(rawValue: 2)

  /// Philox4x64-10 of Random123 and NumPy, at counter (time, entity, purpose, 0) and key (seed, tag).
  @Test func `a draw is the published generator's block at its address`() {
    let expected = Philox.block((7, 5, 2, 0), key: (9, 0x776F_726C_6400_0001))
    #expect(WorldDraws(seed: 9).block(fading, entity: 5, time: 7) == expected)
  }

  @Test func `seed, purpose, entity and time each change the draw and their order of asking does not`() {
    let world = WorldDraws(seed: 1)
    let draw = world.uniform(arrivals, entity: 3, time: 4)
    _ = world.uniform(fading, entity: 8, time: 9)
    #expect(world.uniform(arrivals, entity: 3, time: 4) == draw)
    #expect(WorldDraws(seed: 2).uniform(arrivals, entity: 3, time: 4) != draw)
    #expect(world.uniform(fading, entity: 3, time: 4) != draw)
    #expect(world.uniform(arrivals, entity: 4, time: 4) != draw)
    #expect(world.uniform(arrivals, entity: 3, time: 3) != draw)
    #expect(world.uniform(arrivals, entity: 4, time: 3) != draw)
  }

  @Test func `neighbouring addresses are uncorrelated`() {
    let world = WorldDraws(seed: 3)
    let count = 50_000
    var alongTime = 0.0
    var alongEntities = 0.0
    for index in 0..<UInt64(count) {
      let here = world.uniform(arrivals, entity: 1, time: index) - 0.5
      alongTime += here * (world.uniform(arrivals, entity: 1, time: index + 1) - 0.5)
      alongEntities += here * (world.uniform(arrivals, entity: 2, time: index) - 0.5)
    }
    let bound = 4 / 12 / Double(count).squareRoot()
    #expect(abs(alongTime / Double(count)) < bound)
    #expect(abs(alongEntities / Double(count)) < bound)
  }
}

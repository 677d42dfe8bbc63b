import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct GaussMarkovMobilityTests {
  private let open = GaussMarkovMobility(
    area: GroundArea(width: Metres(1e6), depth: Metres(1e6)), meanSpeed: MetresPerSecond(1.5),
    deviation: MetresPerSecond(0.5), memory: Seconds(10))

  @Test func `velocities keep their distribution and are forgotten over the memory`() {
    let world = WorldDraws(seed: 2)
    let count = 20_000
    var (mean, square, product, sizes) = (0.0, 0.0, 0.0, 0.0)
    for walker in 0..<count {
      var state = open.start(x_m: 5e5, y_m: 5e5, in: world, walker: UInt64(walker))
      let early = state.vx_mps - state.meanX_mps
      for step in 1...5 {
        open.advance(&state, to: step, by: open.stride(duration_s: 2), in: world, walker: UInt64(walker))
      }
      let late = state.vx_mps - state.meanX_mps
      mean += late
      square += late * late
      product += early * late
      sizes += hypot(state.meanX_mps, state.meanY_mps)
    }
    let n = Double(count)
    #expect((sizes / n - 1.5).magnitude < 1e-9)
    #expect((mean / n).magnitude < 4 * 0.5 / n.squareRoot())
    #expect((square / n / 0.25 - 1).magnitude < 4 * (2 / n).squareRoot())
    #expect((product / n / 0.25 - exp(-1)).magnitude < 4 * (1.2 / n).squareRoot())
  }

  @Test func `walls throw walkers back and a walk is a function of the world`() {
    let small = GaussMarkovMobility(
      area: GroundArea(x_m: -20...30, y_m: 100...140), meanSpeed: MetresPerSecond(8), deviation: MetresPerSecond(4),
      memory: Seconds(5))
    var (reached, turned) = (0, 0)
    for walker in 0..<20 as Range<UInt64> {
      var state = small.start(x_m: 0, y_m: 120, in: WorldDraws(seed: 9), walker: walker)
      var twin = state
      for step in 1...300 {
        let before = state.meanX_mps
        small.advance(&state, to: step, by: small.stride(duration_s: 1), in: WorldDraws(seed: 9), walker: walker)
        small.advance(&twin, to: step, by: small.stride(duration_s: 1), in: WorldDraws(seed: 9), walker: walker)
        #expect(small.area.contains(state.x_m, state.y_m) && state == twin)
        reached += state.x_m < -10 || state.x_m > 20 ? 1 : 0
        turned += state.meanX_mps != before ? 1 : 0
      }
    }
    #expect(reached > 100 && turned > 100)
  }
}

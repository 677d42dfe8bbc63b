import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct RandomWaypointTests {
  private let movement = RandomWaypoint(
    area: GroundArea(x_m: 0...200, y_m: 0...100), speed: MetresPerSecond(1)...MetresPerSecond(5),
    pause: Seconds(0)...Seconds(40))

  /// What walkers do at a moment.
  private func picture(after_s time: Double, walkers: Range<UInt64>) -> (
    paused: Double, speed: Double, offCentre: Double
  ) {
    let world = WorldDraws(seed: 12)
    var (paused, moving, speed, squares) = (0.0, 0.0, 0.0, 0.0)
    for walker in walkers {
      var state = movement.start(in: world, walker: walker)
      if time > 0 { movement.advance(&state, duration_s: time, in: world, walker: walker) }
      #expect(movement.area.contains(state.x_m, state.y_m))
      squares += (state.x_m - 100) * (state.x_m - 100)
      if state.pause_s > 0 {
        paused += 1
      } else {
        moving += 1
        speed += state.speed_mps
      }
    }
    let count = Double(walkers.count)
    return (paused / count, speed / moving, squares / count)
  }

  @Test func `walkers start as they go on`() {
    let (early, late) = (picture(after_s: 0, walkers: 0..<20_000), picture(after_s: 500, walkers: 20_000..<40_000))
    let share = movement.pausedShare
    let deviation = (share * (1 - share) / 20_000).squareRoot()
    #expect((early.paused - share).magnitude < 4 * deviation && (late.paused - share).magnitude < 4 * deviation)
    // On a leg, speeds have density 1/(v ln 5): mean 4/ln 5.
    #expect((early.speed - 4 / log(5)).magnitude < 0.05 && (late.speed - 4 / log(5)).magnitude < 0.05)
    #expect((early.offCentre / late.offCentre - 1).magnitude < 0.04)
    // Less than uniform walkers, 200²/12: those on legs are drawn to the middle.
    #expect(early.offCentre < 3100)
  }

  @Test func `a walk does not depend on how it is cut into steps`() {
    let world = WorldDraws(seed: 1)
    for walker in 0..<50 as Range<UInt64> {
      var whole = movement.start(in: world, walker: walker)
      var parts = whole
      movement.advance(&whole, duration_s: 400, in: world, walker: walker)
      for _ in 0..<800 { movement.advance(&parts, duration_s: 0.5, in: world, walker: walker) }
      #expect(whole.leg == parts.leg && hypot(whole.x_m - parts.x_m, whole.y_m - parts.y_m) < 1e-6)
    }
  }

  @Test func `the mean distance of two places is the closed form`() {
    #expect((GroundArea(width: Metres(1), depth: Metres(1)).meanDistance_m - 0.5214054331).magnitude < 1e-9)
    var stream = RandomStream(seed: 3)
    var sum = 0.0
    let count = 200_000
    for _ in 0..<count {
      sum += hypot(200 * (stream.uniform() - stream.uniform()), 100 * (stream.uniform() - stream.uniform()))
    }
    #expect((sum / Double(count) - movement.area.meanDistance_m).magnitude < 0.4)
  }
}

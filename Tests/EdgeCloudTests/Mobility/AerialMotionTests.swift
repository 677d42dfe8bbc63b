import EdgeCloud
import Randomness
import Testing

@Suite struct AerialMotionTests {
  let motion = AerialMotion(
    speedLimit: MetresPerSecond(20), climbLimit: MetresPerSecond(5), accelerationLimit_mps2: 4,
    area: GroundArea(width: Metres(300), depth: Metres(200)), altitude_m: 50...150)

  private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

  @Test func `a command is reached at the acceleration allowed, then kept`() {
    var state = AerialMotion.State(position_m: SIMD3(10, 100, 80))
    state = motion.advanced(state, command_mps: SIMD3(10, 0, 0), duration_s: 0.5)
    #expect(state.velocity_mps == SIMD3(2, 0, 0) && state.position_m == SIMD3(11, 100, 80))
    for _ in 0..<4 { state = motion.advanced(state, command_mps: SIMD3(10, 0, 0), duration_s: 0.5) }
    #expect(length(state.velocity_mps - SIMD3(10, 0, 0)) < 1e-12)
    #expect(length(state.position_m - SIMD3(25, 100, 80)) < 1e-12)
  }

  @Test func `nothing that is commanded breaks a limit or leaves the fence`() {
    var stream = RandomStream(seed: 4)
    var state = AerialMotion.State(position_m: SIMD3(0, 0, 50))
    var onFence = 0
    for step in 0..<20_000 {
      let wild = step % 50 < 25
      let command = SIMD3(
        (wild ? 200 : 40) * (stream.uniform() - 0.3), 100 * (stream.uniform() - 0.5), 30 * (stream.uniform() - 0.5))
      let next = motion.advanced(state, command_mps: command, duration_s: 0.5)
      for axis in 0..<3 {
        #expect(next.position_m[axis] >= motion.low_m[axis] && next.position_m[axis] <= motion.high_m[axis])
      }
      let isFree = (0..<3).allSatisfy {
        next.position_m[$0] > motion.low_m[$0] && next.position_m[$0] < motion.high_m[$0]
      }
      onFence += isFree ? 0 : 1
      if isFree { #expect(length(next.velocity_mps - state.velocity_mps) <= 2 * (1 + 1e-12)) }
      #expect(next.groundSpeed_mps <= 20 * (1 + 1e-12) && next.velocity_mps.z.magnitude <= 5 * (1 + 1e-12))
      // The velocity is the one that was flown.
      #expect(length(next.position_m - state.position_m - next.velocity_mps * 0.5) < 1e-9)
      state = next
    }
    #expect(onFence > 100)
  }

  @Test func `the free part of a way ends where the distance is reached`() {
    let origin = SIMD3(0.0, 0, 0)
    let part = AerialMotion.freePart(from: origin, to: SIMD3(10, 0, 0), near: SIMD3(15, 0, 0), distance_m: 10)
    #expect((part - 0.5).magnitude < 1e-12)
    #expect(AerialMotion.freePart(from: origin, to: SIMD3(10, 0, 0), near: SIMD3(-15, 0, 0), distance_m: 10) == 1)
    #expect(AerialMotion.freePart(from: origin, to: SIMD3(10, 0, 0), near: SIMD3(5, 11, 0), distance_m: 10) == 1)
    // 6-8-10: the ball around (20, 8) is entered at x = 14.
    let touch = AerialMotion.freePart(from: origin, to: SIMD3(28, 0, 0), near: SIMD3(20, 8, 0), distance_m: 10)
    #expect((touch - 0.5).magnitude < 1e-12)
    #expect(AerialMotion.freePart(from: origin, to: SIMD3(1, 0, 0), near: SIMD3(10, 0, 0), distance_m: 10) == 0)
  }
}

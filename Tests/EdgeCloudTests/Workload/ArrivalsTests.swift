import AllocationCounting
import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct PoissonArrivalsTests {
  let arrivals = PoissonArrivals(rate: Hertz(30), slot: Seconds(0.1))

  @Test func `counts and gaps are those of a Poisson stream, over slots too`() {
    let world = WorldDraws(seed: 4)
    var counts: [Double] = []
    var gaps: [Double] = []
    var last = 0.0
    for slot in 0..<100_000 {
      var count = 0.0
      arrivals.forEach(in: world, entity: 1, slot: slot) { time in
        gaps.append(Double(slot) * 0.1 + time - last)
        last = Double(slot) * 0.1 + time
        count += 1
      }
      counts.append(count)
      if slot < 100 { #expect(arrivals.count(in: world, entity: 1, slot: slot) == Int(count)) }
    }
    let n = Double(counts.count)
    let mean = counts.reduce(0, +) / n
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect((mean - 3).magnitude < 3 * (3 / n).squareRoot())
    // The variance of a sample variance of Poisson counts: (μ + 2μ²)/n.
    #expect((variance - 3).magnitude < 3 * ((3.0 + 18) / n).squareRoot())
    let none = counts.reduce(0) { $0 + ($1 == 0 ? 1 : 0) } / n
    #expect((none - exp(-3)).magnitude < 3 * (exp(-3) * (1 - exp(-3)) / n).squareRoot())
    let m = Double(gaps.count)
    let long = gaps.reduce(0) { $0 + ($1 > 0.1 ? 1 : 0) } / m
    #expect((gaps.reduce(0, +) / m - 1.0 / 30).magnitude < 3 / 30 / m.squareRoot())
    #expect((long - exp(-3)).magnitude < 3 * (exp(-3) * (1 - exp(-3)) / m).squareRoot())
  }

  @Test func `a slot is a function of world, stream and slot alone`() {
    func times(_ seed: UInt64, _ entity: UInt64, _ slot: Int) -> [Double] {
      var times: [Double] = []
      arrivals.forEach(in: WorldDraws(seed: seed), entity: entity, slot: slot) { times.append($0) }
      return times
    }
    let all = (0..<50).map { times(1, 2, $0) }
    for slot in stride(from: 49, through: 0, by: -1) { #expect(times(1, 2, slot) == all[slot]) }
    #expect(all != (0..<50).map { times(1, 3, $0) } && all != (0..<50).map { times(2, 2, $0) })
    #expect(PoissonArrivals(rate: Hertz(0), slot: Seconds(1)).count(in: WorldDraws(seed: 1), entity: 0, slot: 0) == 0)
  }
}

@Suite struct MarkovModulatedTests {
  /// Quiet for 2 s at 1/s, bursts of 0.5 s at 20/s.
  let bursty = MarkovModulated(
    quiet: Hertz(1), burst: Hertz(20), meanQuiet: Seconds(2), meanBurst: Seconds(0.5), slot: Seconds(0.1))

  /// W. Fischer, K. Meier-Hellstern 1993: the limit for r₁, r₂, λ₁, λ₂ is 1 + 2 (λ₁ − λ₂)² r₁r₂ / ((r₁ + r₂)² (λ₁r₂ + λ₂r₁)).
  @Test func `mean and dispersion are the closed forms`() {
    let (r1, r2) = (0.5, 2.0)
    #expect((bursty.meanRate_Hz - 4.8).magnitude < 1e-12)
    let limit = 1 + 2 * 19 * 19 * r1 * r2 / ((r1 + r2) * (r1 + r2) * (1 * r2 + 20 * r1))
    #expect((bursty.indexOfDispersion(over: Seconds(1e9)) - limit).magnitude < 1e-6)
    #expect((bursty.indexOfDispersion(over: Seconds(1e-9)) - 1).magnitude < 1e-6)
    #expect(bursty.indexOfDispersion(over: Seconds(0)) == 1)
    let plain = MarkovModulated(
      phases: [(1, Hertz(3)), (2, Hertz(3))], redraws: Hertz(1), slot: Seconds(1))
    #expect(plain.indexOfDispersion(over: Seconds(10)) == 1)
  }

  /// Counts in windows of 1 s and of 10 s over many independent streams.
  @Test(arguments: [10, 100])
  func `counts have the mean and the variance of the closed form`(slots: Int) {
    let world = WorldDraws(seed: 12)
    let windows = 40_000
    var counts: [Double] = []
    for stream in 0..<windows {
      var walk = bursty.walk(in: world, entity: UInt64(stream), slot: 0)
      var count = 0
      for _ in 0..<slots { count += bursty.count(&walk, in: world, entity: UInt64(stream)) }
      counts.append(Double(count))
    }
    let time = 0.1 * Double(slots)
    let n = Double(windows)
    let mean = counts.reduce(0, +) / n
    let squares = counts.map { ($0 - mean) * ($0 - mean) }
    let variance = squares.reduce(0, +) / n
    let fourth = squares.reduce(0) { $0 + $1 * $1 } / n
    #expect((mean - 4.8 * time).magnitude < 3 * (variance / n).squareRoot())
    let expected = bursty.indexOfDispersion(over: Seconds(time)) * 4.8 * time
    let error = ((fourth - variance * variance) / n).squareRoot()
    #expect((variance - expected).magnitude < 3 * error, "\(variance) against \(expected) ± \(error)")
    #expect(error < 0.05 * expected)
  }

  @Test func `phases take their share of time and last as long as they should`() {
    let world = WorldDraws(seed: 3)
    var walk = bursty.walk(in: world, entity: 0, slot: 0)
    var inBurst = 0
    var changes = 0
    let slots = 400_000
    for _ in 0..<slots {
      let before = walk.phase
      if before == 1 { inBurst += 1 }
      _ = bursty.count(&walk, in: world, entity: 0)
      if walk.phase != before { changes += 1 }
    }
    // The phase at slots' beginnings is a two-state chain with correlation e^(−ρΔ), so of effective size n (1 − c)/(1 + c).
    let c = exp(-2.5 * 0.1)
    let effective = Double(slots) * (1 - c) / (1 + c)
    #expect((Double(inBurst) / Double(slots) - 0.2).magnitude < 3 * (0.16 / effective).squareRoot())
    // Different at both ends: 2 π₁π₂ (1 − c).
    let share = 2 * 0.16 * (1 - c)
    #expect((Double(changes) / Double(slots) / share - 1).magnitude < 0.02)
  }

  @Test func `any slot can be asked for, and gives what a walk gives`() {
    let world = WorldDraws(seed: 8)
    var walk = bursty.walk(in: world, entity: 5, slot: 0)
    var places: [MarkovModulated.Walk] = []
    var counts: [Int] = []
    for _ in 0..<400 {
      places.append(walk)
      counts.append(bursty.count(&walk, in: world, entity: 5))
    }
    for slot in stride(from: 399, through: 0, by: -7) {
      var there = bursty.walk(in: WorldDraws(seed: 8), entity: 5, slot: slot)
      #expect(there == places[slot])
      #expect(bursty.count(&there, in: world, entity: 5) == counts[slot])
    }
    #expect(Set(places.map(\.phase)) == [0, 1])
    var other = bursty.walk(in: world, entity: 6, slot: 0)
    #expect((0..<400).map { _ in bursty.count(&other, in: world, entity: 6) } != counts)
  }

  @Test func `asks for no memory`() {
    let world = WorldDraws(seed: 8)
    var walk = bursty.walk(in: world, entity: 5, slot: 0)
    let poisson = PoissonArrivals(rate: Hertz(30), slot: Seconds(0.1))
    var total = 0
    let before = edgewise_allocations()
    for slot in 0..<1000 {
      total += bursty.count(&walk, in: world, entity: 5)
      total += poisson.count(in: world, entity: 5, slot: slot)
    }
    #expect(edgewise_allocations() == before && total > 1000)
  }
}

@Suite struct ArrivalReplayTests {
  @Test func `goes around the ring and has every arrival once`() throws {
    // Gaps of 1, 3 and 2 s, so a ring of 8 s.
    let replay = try #require(ArrivalReplay(times_s: [10, 11, 14, 16]))
    #expect(replay.period_s == 8 && replay.meanRate_Hz == 0.5)
    var seen: [(Double, Int)] = []
    replay.forEach(from: 0, to: 20, start_s: 3) { seen.append(($0, $1)) }
    #expect(seen.map(\.0) == [1, 3, 5, 6, 9, 11, 13, 14, 17, 19])
    #expect(seen.map(\.1) == [2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
    let fast = try #require(ArrivalReplay(times_s: [10, 11, 14, 16], speed: 2))
    #expect(fast.meanRate_Hz == 1)
  }

  @Test func `slots of any length share the arrivals out`() throws {
    var stream = RandomStream(seed: 2)
    var time = 0.0
    let times = (0..<500).map { _ in
      time += stream.uniform() < 0.3 ? 0 : stream.exponential()
      return time
    }
    let replay = try #require(ArrivalReplay(times_s: times))
    let start = replay.start_s(in: WorldDraws(seed: 9), entity: 4)
    #expect((0..<replay.period_s).contains(start))
    #expect(start != replay.start_s(in: WorldDraws(seed: 9), entity: 5))
    var whole: [Int] = []
    replay.forEach(from: 0, to: 3 * replay.period_s, start_s: start) { whole.append($1) }
    // Three rounds have everything three times, whatever falls on the seam.
    #expect((1499...1501).contains(whole.count))
    var pieces: [Int] = []
    let slot = 3 * replay.period_s / 7001
    for piece in 0..<7001 {
      let (begin, end) = (Double(piece) * slot, piece == 7000 ? 3 * replay.period_s : Double(piece + 1) * slot)
      replay.forEach(from: begin, to: end, start_s: start) { time, row in
        #expect(time >= begin && time < end)
        pieces.append(row)
      }
    }
    #expect(pieces == whole)
  }

  @Test func `no replay is made of what is none`() {
    #expect(ArrivalReplay(times_s: [1]) == nil)
    #expect(ArrivalReplay(times_s: [1, 1]) == nil)
    #expect(ArrivalReplay(times_s: [2, 1, 3]) == nil)
    #expect(ArrivalReplay(times_s: [0, .infinity]) == nil)
  }
}

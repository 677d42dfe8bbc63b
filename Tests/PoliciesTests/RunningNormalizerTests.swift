import Policies
import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T10: normalisers.
struct RunningNormalizerTests {
  /// A small and a large quantity, a constant, a flag, a cosine and a quantity without ends.
  static let space = ObservationSpace([
    ObservationField("speed", unit: "m/s", in: -50...50, "of scale 1"),
    ObservationField("size", unit: "bit", in: 0...10_000, "of scale 1,000"),
    ObservationField("capacity", unit: "bit", in: 0...4000, "always the same"),
    ObservationField("is_edge", unit: "1", in: 0...1, "a flag"),
    ObservationField("heading", unit: "1", in: -1...1, "a cosine"),
    ObservationField("height", unit: "m", in: -.infinity ... .infinity, "without ends"),
  ])

  static let group = AgentGroup(
    name: "vehicle", count: 2, observation: space, action: .discrete(labels: ["stay", "go"]))

  /// A frame of two environments in which each row is there with probability ½.
  private func frame(_ stream: inout RandomStream) -> VectorFrame {
    var frame = VectorFrame([Self.group], environments: 2)
    for row in 0..<4 {
      let values = [
        20 + Float(stream.normal()), 5000 + 1000 * Float(stream.normal()), 2500, stream.bernoulli(0.3) ? 1 : 0,
        Float(2 * stream.uniform() - 1), -3 + 0.01 * Float(stream.normal()),
      ]
      for (column, value) in values.enumerated() { frame.groups[0].observations[row * 6 + column] = value }
      frame.groups[0].active[row] = stream.bernoulli(0.5)
    }
    return frame
  }

  private func trained(frames: Int) -> (normalizer: RunningNormalizer, seen: [[Float]]) {
    var stream = RandomStream(seed: 1)
    var running = RunningNormalizer(of: Self.space)
    var seen: [[Float]] = []
    for _ in 0..<frames {
      let frame = frame(&stream)
      running.count(frame.groups[0])
      for row in 0..<4 where frame.groups[0].active[row] {
        seen.append(Array(frame.groups[0].observations[row * 6..<row * 6 + 6]))
      }
    }
    return (running, seen)
  }

  private func apply(_ normalizer: Normalizer, _ row: [Float]) -> [Float] {
    var result = row
    var span = result.mutableSpan
    normalizer.apply(inPlace: &span)
    return result
  }

  @Test func `columns of scale 1 and 1,000 both come out with mean 0 and unit variance`() {
    let (running, seen) = trained(frames: 2000)
    let mapped = seen.map { apply(running.normalizer, $0) }
    for column in [0, 1, 5] {
      let values = mapped.map { Double($0[column]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count) - mean * mean
      #expect(abs(mean) < 1e-3 && abs(variance - 1) < 1e-2, "column \(column): \(mean), \(variance)")
    }
  }

  @Test func `flags, one-hot codes and cosines pass unchanged to the bit`() {
    let (running, seen) = trained(frames: 100)
    #expect(running.isScaled == [true, true, true, false, false, true])
    for row in seen {
      let mapped = apply(running.normalizer, row)
      #expect(mapped[3].bitPattern == row[3].bitPattern && mapped[4].bitPattern == row[4].bitPattern)
    }
  }

  @Test func `a constant stays finite, and so does the first other value`() {
    let (running, seen) = trained(frames: 100)
    #expect(seen.allSatisfy { apply(running.normalizer, $0)[2] == 0 })
    var other = seen[0]
    other[2] = 4000
    #expect(apply(running.normalizer, other)[2] == 0.75, "by half the range")
  }

  @Test func `absent agents add no counts, whatever they show`() {
    var stream = RandomStream(seed: 1)
    var calm = RunningNormalizer(of: Self.space)
    var wild = RunningNormalizer(of: Self.space)
    var present = 0
    for _ in 0..<50 {
      var frame = frame(&stream)
      calm.count(frame.groups[0])
      for row in 0..<4 where !frame.groups[0].active[row] {
        for column in 0..<6 { frame.groups[0].observations[row * 6 + column] = .nan }
      }
      wild.count(frame.groups[0])
      present += frame.groups[0].active.count { $0 }
    }
    #expect(calm.moments.count == present && calm.snapshot() == wild.snapshot())
    #expect(calm.normalizer == wild.normalizer)
  }

  @Test func `before anything is seen, and where nobody is there, fields go by their ranges`() {
    var running = RunningNormalizer(of: Self.space)
    let before = running.normalizer
    #expect(apply(before, [50, 0, 4000, 1, -1, 9]) == [1, -1, 1, 1, -1, 9])
    var stream = RandomStream(seed: 1)
    var frame = frame(&stream)
    for row in 0..<4 { frame.groups[0].active[row] = false }
    running.count(frame.groups[0])
    #expect(running.normalizer == before && running.moments.count == 0)
  }

  @Test func `undoing gives back what was normalised`() {
    let (running, seen) = trained(frames: 500)
    for row in seen {
      var mapped = apply(running.normalizer, row)
      var span = mapped.mutableSpan
      running.normalizer.undo(inPlace: &span)
      for column in 0..<6 { #expect(abs(mapped[column] - row[column]) <= 1e-6 * max(1, abs(row[column]))) }
    }
  }

  @Test func `a restored normaliser goes on to the bit, and a damaged one is refused`() throws {
    var (running, _) = trained(frames: 30)
    var other = RunningNormalizer(of: Self.space)
    try other.restore(from: running.snapshot())
    #expect(other.normalizer == running.normalizer && other.snapshot() == running.snapshot())
    var stream = RandomStream(seed: 77)
    let next = frame(&stream)
    running.count(next.groups[0])
    other.count(next.groups[0])
    #expect(other.normalizer == running.normalizer && other.snapshot() == running.snapshot())
    var damaged = running.snapshot()
    damaged.set("scale", [Float](repeating: 0, count: 6))
    #expect(throws: SnapshotError.self) { try other.restore(from: damaged) }
    #expect(other.snapshot() == running.snapshot())
  }

  @Test func `an adopted normaliser is the start and moves slowly; one that scales a flag is refused`() {
    let (trained, _) = trained(frames: 200)
    var running = RunningNormalizer(of: Self.space)
    let fits = running.adopt(trained.normalizer)
    #expect(fits)
    #expect(running.normalizer == trained.normalizer)
    var stream = RandomStream(seed: 5)
    running.count(frame(&stream).groups[0])
    #expect(running.moments.count > RunningNormalizer.adoptedCount)
    for column in [0, 1, 5] {
      let (old, new) = (trained.normalizer.scale[column], running.normalizer.scale[column])
      #expect(abs(new / old - 1) < 1e-3, "column \(column)")
    }
    let before = running.snapshot()
    let fitsToo = running.adopt(.ranges(of: Self.space))
    #expect(!fitsToo)
    #expect(running.snapshot() == before)
  }
}

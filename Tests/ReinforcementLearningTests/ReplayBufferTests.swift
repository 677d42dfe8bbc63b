import Foundation
import ReinforcementLearning
import Snapshots
import Testing

struct ReplayBufferTests {
  let layout = TransitionLayout(observations: 2, actions: 2, mask: 3)

  /// A buffer of 3 rows after the transitions 0 ..< count, each made of its own number.
  func buffer(after count: Int) -> ReplayBuffer {
    var buffer = ReplayBuffer(layout: layout, capacity: 3)
    for number in 0..<count { Self.append(number, to: &buffer) }
    return buffer
  }

  @discardableResult
  static func append(_ number: Int, to buffer: inout ReplayBuffer) -> Int {
    let value = Float(number)
    return buffer.append(
      observation: [value, value + 0.25].span, actions: [value + 0.5, value + 0.75].span, reward: -value,
      discount: value / 8, nextObservation: [value + 1, value + 1.25].span,
      nextMask: [true, number % 2 == 0, false].span,
      terminated: number % 3 == 0, truncated: number % 3 == 1)
  }

  func gather(_ columns: Range<Int>, _ rows: [Int], of buffer: ReplayBuffer) -> [Float] {
    var values = [Float](repeating: .nan, count: rows.count * columns.count)
    var span = values.mutableSpan
    buffer.gather(columns, rows: rows.span, into: &span)
    return values
  }

  @Test func `columns follow one another and fill a row`() {
    let parts = [
      layout.observation, layout.actions, layout.reward, layout.discount, layout.terminated, layout.truncated,
      layout.nextObservation, layout.nextMask,
    ]
    #expect(parts.map(\.count) == [2, 2, 1, 1, 1, 1, 2, 1])
    #expect(layout.width == 11)
    #expect(parts.flatMap { Array($0) }.sorted() == Array(0..<11))
  }

  @Test func `a group's layout holds its integers, its real numbers and its masks`() {
    let field = ObservationField("x", unit: "1", in: 0...1, "a number")
    let group = AgentGroup(
      name: "g", count: 2, observation: ObservationSpace([field]),
      action: .hybrid(labels: [String](repeating: "a", count: 25), box: [0...1, 0...1]))
    #expect(TransitionLayout(of: group) == TransitionLayout(observations: 1, actions: 3, mask: 25))
    #expect(TransitionLayout(of: group).nextMask.count == 2)
  }

  /// 32 observations twice, an action, a reward and a discount of 4 bytes each, two flags of a byte, 16 bits of mask.
  @Test func `a row of 32 observations and 16 options takes at most a tenth more than its raw bytes`() {
    let raw = Double((2 * 32 + 3) * 4 + 2 + 2)
    let layout = TransitionLayout(observations: 32, actions: 1, mask: 16)
    #expect(Double(layout.width * 4) <= 1.1 * raw)
  }

  /// Resident memory, in a process of its own, of 200,000 rows; then of a snapshot and of a buffer restored from it.
  @Test func `a full buffer takes at most a tenth more memory than its raw bytes, and restoring takes none`() async {
    await #expect(processExitsWith: .success) {
      let rows = 200_000
      let raw = rows * ((2 * 32 + 2) * 4 + 1)
      let layout = TransitionLayout(observations: 32, actions: 1, mask: 16)
      let observation = [Float](repeating: 0.5, count: 32)
      let mask = [Bool](repeating: true, count: 16)
      let before = try residentByteCount()
      var buffer = ReplayBuffer(layout: layout, capacity: rows)
      for row in 0..<rows {
        buffer.append(
          observation: observation.span, actions: [Float(row % 16)].span, reward: 1, discount: 0.99,
          nextObservation: observation.span, nextMask: mask.span, terminated: false, truncated: false)
      }
      let filled = try residentByteCount() - before
      precondition(filled >= raw && filled * 10 <= raw * 11, "\(filled) bytes for \(raw)")
      var restored = ReplayBuffer(layout: layout, capacity: rows)
      try restored.restore(from: buffer.snapshot())
      let both = try residentByteCount() - before
      precondition(restored.count == rows && both * 10 <= raw * 11, "\(both) bytes for two that share \(raw)")
    }
  }

  @Test func `the newest transitions take the places of the oldest`() {
    for count in 0...8 {
      let buffer = buffer(after: count)
      #expect(buffer.count == min(count, 3) && buffer.head == count % 3)
      let rewards = gather(layout.reward, Array(0..<buffer.count), of: buffer)
      #expect(Set(rewards) == Set((max(0, count - 3)..<count).map { -Float($0) }))
    }
    #expect(gather(layout.reward, [0, 1, 2], of: buffer(after: 5)) == [-3, -4, -2])
  }

  @Test func `every column of a row is what was stored, in the order of the rows asked for`() {
    let buffer = buffer(after: 5)
    #expect(gather(layout.observation, [1, 2, 1], of: buffer) == [4, 4.25, 2, 2.25, 4, 4.25])
    #expect(gather(layout.actions, [1, 2, 0], of: buffer) == [4.5, 4.75, 2.5, 2.75, 3.5, 3.75])
    #expect(gather(layout.discount, [0, 1, 2], of: buffer) == [0.375, 0.5, 0.25])
    #expect(gather(layout.nextObservation, [0], of: buffer) == [4, 4.25])
    #expect((0..<3).map { buffer.permits(row: 0, option: $0) } == [true, false, false])
    #expect((0..<3).map { buffer.permits(row: 1, option: $0) } == [true, true, false])
    let masks = gather(layout.nextMask, [0, 1], of: buffer)
    #expect((0..<3).map { layout.mask.permits(masks.span, row: 1, option: $0) } == [true, true, false])
    #expect(gather(layout.terminated, [0, 1, 2], of: buffer) == [1, 0, 0])
    #expect(gather(layout.truncated, [0, 1, 2], of: buffer) == [0, 1, 0])
    #expect(buffer.value(row: 2, column: layout.reward.lowerBound) == -2)
  }

  @Test func `memory is capacity times width times four bytes`() {
    #expect(ReplayBuffer.bytes(layout: layout, capacity: 1_000) == 44_000)
  }

  @Test func `a row says where it was stored`() {
    var buffer = buffer(after: 2)
    #expect((2..<7).map { Self.append($0, to: &buffer) } == [2, 0, 1, 2, 0])
  }

  @Test func `a copy and a snapshot keep what they had`() throws {
    for count in [2, 5] {
      var buffer = buffer(after: count)
      let copy = buffer
      let snapshot = buffer.snapshot()
      for number in 10..<13 { Self.append(number, to: &buffer) }
      #expect(gather(layout.reward, [0, 1], of: copy) == (count == 2 ? [0, -1] : [-3, -4]))
      #expect(copy.snapshot() == snapshot && buffer.snapshot() != snapshot)
      #expect(Set(gather(layout.reward, [0, 1, 2], of: buffer)) == [-10, -11, -12])
    }
  }

  @Test func `a snapshot names its columns`() throws {
    #expect(
      try buffer(after: 1).snapshot().dataset("rows").attributes["columns"]
        == .texts([
          "observation_0", "observation_1", "actions_0", "actions_1", "reward", "discount", "terminated", "truncated",
          "next_observation_0", "next_observation_1", "next_mask_0",
        ]))
  }

  @Test(arguments: [0, 2, 3, 5])
  func `a restored buffer goes on as the saved one`(count: Int) throws {
    var saved = buffer(after: count)
    var restored = buffer(after: 1)
    try restored.restore(from: saved.snapshot())
    #expect(restored.snapshot() == saved.snapshot())
    for number in 20..<24 {
      Self.append(number, to: &saved)
      Self.append(number, to: &restored)
      #expect(restored.count == saved.count && restored.head == saved.head)
      let rows = Array(0..<saved.count)
      #expect(gather(0..<layout.width, rows, of: restored) == gather(0..<layout.width, rows, of: saved))
    }
  }

  @Test func `what does not fit is refused and changes nothing`() {
    let good = buffer(after: 2).snapshot()
    var damaged: [Snapshot] = []
    damaged.append(ReplayBuffer(layout: layout, capacity: 4).snapshot())
    damaged.append(
      ReplayBuffer(layout: TransitionLayout(observations: 3, actions: 2, mask: 3), capacity: 3).snapshot())
    for head in [-1, 0, 1, 3] {
      var snapshot = good
      snapshot.set("head", integer: head)
      damaged.append(snapshot)
    }
    // As many numbers, but in rows of half the width.
    var narrow = good
    narrow.set("rows", [Float](repeating: 0, count: 22), shape: [1, 22])
    damaged.append(narrow)
    narrow.set("rows", [Float](repeating: 0, count: 22))
    damaged.append(narrow)
    var long = good
    long.set("rows", [Float](repeating: 0, count: 44), shape: [4, 11])
    damaged.append(long)
    for name in ["rows", "head", "capacity"] {
      var snapshot = good
      snapshot[name] = nil
      damaged.append(snapshot)
    }
    for snapshot in damaged {
      var buffer = buffer(after: 5)
      let before = buffer.snapshot()
      #expect(throws: SnapshotError.self) { try buffer.restore(from: snapshot) }
      #expect(buffer.snapshot() == before)
    }
  }
}

/// The memory that the process holds.
private func residentByteCount() throws -> Int {
  let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
  return (Int(pages) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}

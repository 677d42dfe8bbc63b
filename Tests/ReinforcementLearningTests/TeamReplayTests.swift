import ReinforcementLearning
import Snapshots
import Testing

/// A team's transitions as they are stored.
@Suite struct TeamReplayTests {
  private let groups = [
    AgentGroup(
      name: "pair", count: 2,
      observation: ObservationSpace(["x", "y"].map { ObservationField($0, unit: "1", in: -9...9, "a number") }),
      action: .discrete(labels: ["a", "b", "c"])),
    AgentGroup(
      name: "single", count: 1, observation: ObservationSpace([ObservationField("z", unit: "1", in: -9...9, "")]),
      action: .box([-1...1])),
  ]

  /// Two environments; all numbers differ.
  private func frame() -> VectorFrame {
    var frame = VectorFrame(groups, environments: 2)
    for group in 0..<2 {
      for index in frame.groups[group].observations.indices {
        frame.groups[group].observations[index] = Float(100 * group + index)
        frame.groups[group].nextObservations[index] = Float(100 * group + index) + 0.5
      }
      for row in 0..<frame.groups[group].rows {
        frame.groups[group].active[row] = true
        frame.groups[group].rewards[row] = Double(10 * group + row)
      }
    }
    frame.groups[0].nextMasks[3 * 2 + 1] = false
    return frame
  }

  private let choices: [[Float]] = [[0, 1, 2, 0], [3, 4]]

  private func row(_ replay: TeamReplay, _ row: Int) -> [Float] {
    (0..<replay.layout.width).map { replay.value(row: row, column: $0) }
  }

  @Test func `a row holds one environment's agents, each observation once`() {
    let layout = TeamLayout(groups, choices: [1, 1])
    var replay = TeamReplay(layout: layout, capacity: 3)
    #expect(layout.width == 2 * (2 + 1 + 1 + 2 + 1 + 1) + (1 + 1 + 1 + 1 + 1) + 3)
    #expect(TeamReplay.bytes(layout: layout, capacity: 3) == 3 * 4 * Double(layout.width))
    let isStored = replay.append(frame(), environment: 1, choices: choices, reward: 7)
    #expect(isStored)
    #expect(
      row(replay, 0) == [4, 5, 6, 7, 2, 0, 1, 1, 4.5, 5.5, 6.5, 7.5, 0b101, 0b111, 1, 1]
        + [101, 4, 1, 101.5, 1] + [7, 0, 0])
  }

  @Test func `who is absent is zeros, who left has nothing behind it, and nobody's step is no row`() {
    var replay = TeamReplay(layout: TeamLayout(groups, choices: [1, 1]), capacity: 3)
    var frame = frame()
    frame.groups[0].active[0] = false
    frame.groups[0].observations[0] = .nan
    frame.groups[0].terminated[1] = true
    frame.groups[0].nextObservations[2] = .nan
    frame.groups[1].truncated[0] = true
    let first = replay.append(frame, environment: 0, choices: choices, reward: 1)
    #expect(first)
    #expect(
      row(replay, 0) == [0, 0, 2, 3, 0, 1, 0, 1, 0, 0, 0, 0, 0b111, 0b111, 0, 0] + [100, 3, 1, 100.5, 1] + [1, 0, 1])
    frame.groups[1].terminated[0] = true
    let second = replay.append(frame, environment: 0, choices: choices, reward: 1)
    #expect(second)
    #expect(row(replay, 1).suffix(4) == [0, 1, 1, 1])
    frame.groups[0].active[1] = false
    frame.groups[1].active[0] = false
    let third = replay.append(frame, environment: 0, choices: choices, reward: 1)
    #expect(!third)
    #expect(replay.count == 2)
  }

  @Test func `the oldest row is overwritten first, and a snapshot goes on with it`() throws {
    let layout = TeamLayout(groups, choices: [1, 1])
    var replay = TeamReplay(layout: layout, capacity: 3)
    for reward in 0..<4 { replay.append(frame(), environment: 0, choices: choices, reward: Double(reward)) }
    var other = TeamReplay(layout: layout, capacity: 3)
    try other.restore(from: replay.snapshot())
    for _ in 0..<2 {
      replay.append(frame(), environment: 1, choices: choices, reward: 9)
      other.append(frame(), environment: 1, choices: choices, reward: 9)
    }
    let rewards = (0..<3).map { replay.value(row: $0, column: layout.reward.lowerBound) }
    #expect(rewards == [3, 9, 9] && other.snapshot() == replay.snapshot())
    var smaller = TeamReplay(layout: layout, capacity: 2)
    #expect(throws: SnapshotError.self) { try smaller.restore(from: replay.snapshot()) }
  }

  @Test func `a team's reward is the mean or the sum over who is there`() {
    var frame = frame()
    #expect(TeamReward.mean.value(frame, environment: 1) == (2 + 3 + 11) / 3.0)
    #expect(TeamReward.sum.value(frame, environment: 1) == 16)
    frame.groups[0].active[2] = false
    #expect(TeamReward.mean.value(frame, environment: 1) == 7)
    #expect(TeamReward.sum.value(frame, environment: 1) == 14)
    for group in 0..<2 { for row in 0..<frame.groups[group].rows { frame.groups[group].active[row] = false } }
    #expect(TeamReward.mean.value(frame, environment: 1) == 0)
  }
}

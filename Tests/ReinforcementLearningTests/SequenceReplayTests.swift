import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Traps T2 and T3: sequences that join two episodes, and padding that counts.
struct SequenceReplayTests {
  static let length = 5
  /// Observations (slot, episode, step), actions (step, 0.5), 30 options, states (slot, 100 · episode + step).
  let layout = SequenceLayout(length: length, observations: 3, actions: 2, mask: 30, state: 2)

  struct Step: Hashable {
    var slot, episode, step: Int
    var ending = 0

    var observation: [Float] { [Float(slot), Float(episode), Float(step)] }
    var next: Step { Step(slot: slot, episode: episode, step: step + 1) }
    var state: [Float] { [Float(slot), Float(100 * episode + step)] }
    var mask: [Bool] { (0..<30).map { ($0 + step + episode) % 3 != 0 } }
    var reward: Float { Float(1000 * slot + 100 * episode + step) }
  }

  /// Episodes of 1 ... 17 steps in every slot, ended by turns, interleaved at random.
  func steps(slots: Int, count: Int, seed: UInt64) -> [Step] {
    var stream = RandomStream(seed: seed)
    var at = (0..<slots).map { Step(slot: $0, episode: 0, step: 0) }
    var length = (0..<slots).map { _ in 1 + stream.integer(below: 17) }
    var steps: [Step] = []
    for _ in 0..<count {
      let slot = stream.integer(below: slots)
      var step = at[slot]
      if step.step + 1 == length[slot] {
        step.ending = 1 + stream.integer(below: 2)
        at[slot] = Step(slot: slot, episode: step.episode + 1, step: 0)
        length[slot] = 1 + stream.integer(below: 17)
      } else {
        at[slot].step += 1
      }
      steps.append(step)
    }
    return steps
  }

  @discardableResult
  func push(_ step: Step, to replay: inout SequenceReplay) -> Int? {
    replay.push(
      slot: step.slot, observation: step.observation.span, state: step.state.span,
      actions: [Float(step.step), 0.5].span, reward: step.reward, nextObservation: step.next.observation.span,
      mask: step.mask.span, nextMask: step.next.mask.span, terminated: step.ending == 1, truncated: step.ending == 2)
  }

  func batch(_ rows: [Int], of replay: SequenceReplay) -> SequenceBatch {
    var batch = SequenceBatch(layout: layout, count: rows.count)
    // Whatever stood in the batch must not matter.
    for index in batch.observations.indices { batch.observations[index] = .nan }
    for index in batch.actions.indices { batch.actions[index] = .nan }
    for index in batch.rewards.indices {
      batch.rewards[index] = .nan
      batch.isValid[index] = .nan
      batch.terminated[index] = .nan
      batch.truncated[index] = .nan
    }
    for index in batch.masks.indices { batch.masks[index] = false }
    replay.gather(rows.span, into: &batch)
    return batch
  }

  /// The steps of a batch's sequence, every part of them checked against the first.
  func read(_ batch: SequenceBatch, _ sequence: Int, among known: Set<Step>) -> [Step] {
    var steps: [Step] = []
    let count = batch.steps[sequence]
    let origin = Array(batch.observations[sequence * 3..<sequence * 3 + 3]).map { Int($0) }
    let first = Step(slot: origin[0], episode: origin[1], step: origin[2])
    #expect(Array(batch.states[sequence * 2..<sequence * 2 + 2]) == first.state)
    for time in 0...Self.length {
      let row = time * batch.count + sequence
      let observation = Array(batch.observations[row * 3..<row * 3 + 3])
      let mask = Array(batch.masks[row * 30..<row * 30 + 30])
      let here = Step(slot: first.slot, episode: first.episode, step: first.step + time)
      #expect(observation == (time <= count ? here.observation : [0, 0, 0]))
      #expect(mask == (time <= count ? here.mask : [Bool](repeating: true, count: 30)))
      if time == Self.length { break }
      let ending = batch.terminated[row] == 1 ? 1 : batch.truncated[row] == 1 ? 2 : 0
      let step = Step(slot: here.slot, episode: here.episode, step: here.step, ending: ending)
      #expect(batch.isValid[row] == (time < count ? 1 : 0))
      if time < count {
        #expect(known.contains(step), "\(step) is no real step")
        #expect(Array(batch.actions[row * 2..<row * 2 + 2]) == [Float(step.step), 0.5])
        #expect(batch.rewards[row] == step.reward)
        #expect(ending == 0 || time == count - 1)
        steps.append(step)
      } else {
        #expect(Array(batch.actions[row * 2..<row * 2 + 2]) == [0, 0] && batch.rewards[row] == 0 && ending == 0)
      }
    }
    return steps
  }

  @Test(arguments: [0, 1, 2, 4], [1, 3])
  func `no sequence joins two episodes and every real step is stored`(overlap: Int, slots: Int) {
    for seed in 0..<3 as Range<UInt64> {
      let steps = steps(slots: slots, count: 400, seed: seed)
      var replay = SequenceReplay(layout: layout, overlap: overlap, slots: slots, capacity: 1000)
      for step in steps { push(step, to: &replay) }
      let known = Set(steps)
      let rows = Array(0..<replay.count)
      let batch = batch(rows, of: replay)
      var seen: [Step: Int] = [:]
      for sequence in rows {
        let steps = read(batch, sequence, among: known)
        #expect(steps.count == replay.steps(ofSequence: sequence))
        #expect(steps.count == Self.length || steps.last?.ending != 0, "only a trajectory's last sequence is short")
        for step in steps { seen[step, default: 0] += 1 }
      }
      let ended = Set(steps.filter { $0.ending > 0 }.map { [$0.slot, $0.episode] })
      for step in steps where ended.contains([step.slot, step.episode]) {
        #expect(seen[step, default: 0] >= 1, "\(step) was lost")
        if overlap == 0 { #expect(seen[step] == 1) }
      }
    }
  }

  @Test func `neighbouring sequences share the overlap`() {
    var replay = SequenceReplay(layout: layout, overlap: 2, slots: 1, capacity: 10)
    var taken: [Int?] = []
    for step in 0..<12 {
      taken.append(push(Step(slot: 0, episode: 0, step: step, ending: step == 11 ? 2 : 0), to: &replay))
    }
    #expect(taken.indices.filter { taken[$0] != nil } == [4, 7, 10, 11])
    let batch = batch([0, 1, 2, 3], of: replay)
    let starts = (0..<4).map { batch.observations[$0 * 3 + 2] }
    #expect(starts == [0, 3, 6, 9])
    #expect(batch.steps == [5, 5, 5, 3])
  }

  @Test func `a wrapped ring keeps the newest sequences`() {
    let steps = steps(slots: 2, count: 600, seed: 5)
    var replay = SequenceReplay(layout: layout, overlap: 1, slots: 2, capacity: 4)
    let known = Set(steps)
    var stored = 0
    for step in steps {
      guard let row = push(step, to: &replay) else { continue }
      #expect(row == stored % 4)
      stored += 1
      #expect(read(batch([row], of: replay), 0, among: known).last == step)
    }
    #expect(stored > 100 && replay.count == 4)
  }

  @Test(arguments: [0, 3])
  func `a restored replay goes on as the saved one, sequences in the making included`(overlap: Int) throws {
    let steps = steps(slots: 3, count: 300, seed: 9)
    var replay = SequenceReplay(layout: layout, overlap: overlap, slots: 3, capacity: 9)
    for (index, step) in steps.enumerated() {
      if index % 41 == 0 {
        var first = replay
        var second = SequenceReplay(layout: layout, overlap: overlap, slots: 3, capacity: 9)
        for step in steps[..<7] { push(step, to: &second) }
        try second.restore(from: replay.snapshot())
        #expect(second.snapshot() == replay.snapshot())
        for later in steps[index...].prefix(50) { #expect(push(later, to: &first) == push(later, to: &second)) }
        #expect(second.snapshot() == first.snapshot())
      }
      push(step, to: &replay)
    }
  }

  @Test func `a snapshot that does not fit is refused and changes nothing`() {
    var replay = SequenceReplay(layout: layout, overlap: 1, slots: 2, capacity: 9)
    for step in steps(slots: 2, count: 60, seed: 1) { push(step, to: &replay) }
    let good = replay.snapshot()
    var damaged = [
      SequenceReplay(layout: layout, overlap: 1, slots: 2, capacity: 8).snapshot(),
      SequenceReplay(layout: layout, overlap: 1, slots: 3, capacity: 9).snapshot(),
    ]
    var snapshot = good
    snapshot.set("making_steps", [5, 0])
    damaged.append(snapshot)
    snapshot = good
    snapshot.set("rows", [Float](repeating: 0, count: 9 * layout.width), shape: [9, layout.width])
    damaged.append(snapshot)
    for snapshot in damaged {
      #expect(throws: SnapshotError.self) { try replay.restore(from: snapshot) }
      #expect(replay.snapshot() == good)
    }
  }

  @Test func `memory is bounded in bytes`() {
    // 2 + 2 + 6 · 3 + 6 · 2 + 5 · 2 + 5 = 49 numbers a sequence.
    #expect(layout.bytes == 196)
    // 12 sequences, and for each of two slots the two numbers of five states.
    #expect(SequenceReplay.bytes(layout: layout, slots: 2, capacity: 10) == 2432)
  }
}

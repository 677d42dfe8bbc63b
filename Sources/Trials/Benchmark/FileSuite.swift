import Checkpointing
import ReinforcementLearning
import Snapshots

extension Benchmark {
  /// A replay of a million transitions of 32 observed values and 16 actions, to a checkpoint on storage and back.
  func measureFiles(_ report: (Row) -> Void) throws(Failure) {
    let layout = TransitionLayout(observations: 32, actions: 1, mask: 16)
    var replay = ReplayBuffer(layout: layout, capacity: 1_000_000)
    var observation = [Float](repeating: 0, count: 32)
    let mask = [Bool](repeating: true, count: 16)
    for row in 0..<replay.capacity {
      for column in 0..<32 { observation[column] = Float((row &* 31 &+ column &* 17) % 1_009) * 0.002 - 1 }
      replay.append(
        observation: observation.span, actions: [Float(row % 16)].span, reward: Float(row % 3), discount: 0.99,
        nextObservation: observation.span, nextMask: mask.span, terminated: false, truncated: false)
    }
    let path = "\(TextFile.temporaryFolder)/edgewise-benchmark-\(replay.count).h5"
    defer { TextFile.remove(path) }
    let size = Int(ReplayBuffer.bytes(layout: layout, capacity: replay.capacity) / 1e6)
    var failure: Failure?
    func attempt(_ body: () throws(CheckpointError) -> Void) {
      do throws(Failure) { try translated(body) } catch { failure = error }
    }
    let writing = Timing(seconds: 0.1, repeats: repeats) { count in
      for _ in 0..<count {
        attempt { () throws(CheckpointError) in
          var snapshot = Snapshot()
          snapshot.set("replay", replay.snapshot())
          try CheckpointFile.write(snapshot, to: path)
        }
      }
    }
    var restored = ReplayBuffer(layout: layout, capacity: replay.capacity)
    let reading = Timing(seconds: 0.1, repeats: repeats) { count in
      for _ in 0..<count {
        attempt { () throws(CheckpointError) in
          let snapshot = try CheckpointFile.read(path)
          if case .group(let saved)? = snapshot["replay"] { try? restored.restore(from: saved) }
        }
      }
    }
    if let failure { throw failure }
    precondition(restored.count == replay.count, "\(restored.count) of \(replay.count) transitions came back")
    report(.duration(.files, "replay of 1,000,000 transitions, \(size) MB, to storage", "s", writing))
    report(.duration(.files, "the same from storage", "s", reading))
  }
}

import Foundation
import ParticleWorld
import Randomness
import ReinforcementLearning
import TestSupport
import Testing

/// Plays 500 episodes in every kind of world and writes them for mpe2, which replays them.
///
/// The folder is `particles` under the one that `EDGEWISE_INTEROP_DIR` names, where
/// `Tests/Interoperability/check_particles.py` reads them, else a temporary one.
@Suite struct ParticleRecordingTests {
  static let episodes = 500

  @Test func `writes episodes for mpe2`() throws {
    if let folder = ProcessInfo.processInfo.environment["EDGEWISE_INTEROP_DIR"] {
      try writeAll(to: "\(folder)/particles", episodes: Self.episodes)
    } else {
      try withTemporaryFolder { try writeAll(to: $0, episodes: 2) }
    }
  }

  private func writeAll(to folder: String, episodes: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for kind in ParticleCase.defaults + ParticleCase.larger {
      let bytes = record(kind.world, episodes: episodes)
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(kind.name).bin"))
    }
  }

  private func record<World: ParticleEnvironment>(_ start: World, episodes: Int) -> [UInt8] {
    var world = start
    var stream = RandomStream(seed: 17)
    var records = ParticleRecords()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    for episode in 0..<episodes {
      world.physicalState = world.randomState(using: &stream, isCrowded: episode % 2 == 1)
      records.write(start: world.physicalState)
      for _ in 0..<ParticleRecords.steps {
        world.randomize(&action, using: &stream)
        world.step(action, outcome: &outcome)
        records.write(
          RecordedStep(
            actions: action.discrete.map { Float($0) } + action.continuous, state: world.physicalState,
            rewards: outcome.rewards, observations: world.allObservations))
      }
    }
    #expect(!records.bytes.isEmpty)
    return records.bytes
  }
}

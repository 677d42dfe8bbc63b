import Checkpointing
import Configuration
public import Policies
import Snapshots

/// A checkpoint as a policy: what `evaluate`, `rollout`, `inspect` and `export` read of it.
public struct PolicyFile: Sendable {
  /// The path as given.
  public let path: String
  /// SHA-256 of the file.
  public let digest: String
  /// What acts.
  public let policies: PolicySet
  /// The scenario's name, digest and text.
  public let scenario: (id: String, digest: String, text: String)
  /// The experiment's name, digest and text.
  public let experiment: (name: String, digest: String, text: String)
  /// The training seed.
  public let seed: UInt64
  /// Environment steps after which the policy was saved.
  public let step: Int
  /// The return by which it was chosen, if it was.
  public let selectionReturn: Double?
  /// The evaluation beside the rules that was made at the end of training, as JSON text.
  public let evaluation: String?
  /// Whether training can be continued from the file.
  public let isResumable: Bool

  /// Reads the parts of a checkpoint that acting needs.
  public init(_ path: String) throws(Failure) {
    let read: Set<String> = [
      "policy", "agents", "normalization", "scenario", "experiment", "progress", "evaluation",
    ]
    let snapshot = try translated { try CheckpointFile.read(path, only: read) }
    do {
      self.path = path
      policies = try PolicySet(from: snapshot)
      let scenario = try snapshot.group("scenario")
      self.scenario = (try scenario.text("id"), try scenario.text("sha256"), try scenario.text("text"))
      let experiment = try snapshot.group("experiment")
      self.experiment = (
        try experiment.text("name"), try experiment.text("sha256"), try experiment.text("text")
      )
      let progress = try snapshot.group("progress")
      seed = try progress.unsigned("seed")
      step = try progress.integer("step")
      let best = try progress.real("selection_return")
      selectionReturn = best.isFinite ? best : nil
      isResumable = progress.contains("log")
      evaluation = snapshot.contains("evaluation") ? try snapshot.group("evaluation").text("json") : nil
    } catch {
      throw Failure(.content, "\(path): \(error)")
    }
    do {
      digest = try SHA256.hex(ofFile: path)
    } catch {
      throw Failure(.fault, error.description)
    }
  }
}

import Configuration
import PolicyExport

/// What leaves the project: bundles for orchestrators.
public enum Release {
  /// The version that files name as their producer.
  public static let version = "0.1.0"

  /// Writes the bundle of a checkpoint's policy into a folder.
  public static func export(_ file: PolicyFile, to folder: String) throws(Failure) {
    let evaluation = file.evaluation.flatMap { JSONValue(text: $0) } ?? .null
    let origin = BundleOrigin(
      scenarioID: file.scenario.id, scenarioSHA256: file.scenario.digest, checkpointSHA256: file.digest,
      seed: file.seed, trainingSteps: file.step, evaluation: evaluation, producerVersion: version)
    do {
      try PolicyBundle.write(file.policies, origin: origin, to: folder)
    } catch {
      throw Failure(error.isCannotWrite ? .cannotWrite : .fault, error.description)
    }
  }
}

public import Configuration
public import Policies

/// Where a policy comes from, as its bundle says it.
public struct BundleOrigin: Sendable, Equatable {
  /// The name of the scenario in which it was trained.
  public var scenarioID: String
  /// The digest of that scenario.
  public var scenarioSHA256: String
  /// The digest of the checkpoint that holds it.
  public var checkpointSHA256: String
  /// The training seed.
  public var seed: UInt64?
  /// Environment steps after which it was saved.
  public var trainingSteps: Int?
  /// Its evaluation beside the baselines, or null.
  public var evaluation: JSONValue
  /// The version of the program that writes the bundle.
  public var producerVersion: String

  /// An origin by its parts.
  public init(
    scenarioID: String, scenarioSHA256: String, checkpointSHA256: String, seed: UInt64?, trainingSteps: Int?,
    evaluation: JSONValue, producerVersion: String
  ) {
    self.scenarioID = scenarioID
    self.scenarioSHA256 = scenarioSHA256
    self.checkpointSHA256 = checkpointSHA256
    self.seed = seed
    self.trainingSteps = trainingSteps
    self.evaluation = evaluation
    self.producerVersion = producerVersion
  }
}

/// A folder from which an orchestrator can run a policy without our code.
///
/// - An ONNX model per distinct set of parameters: `<group>.onnx` where the agents of a group share one, else
///   `<group>-<agent>.onnx`. Inputs are `observation` float32 [batch, n] in physical units, where the world has
///   choices `action_mask` bool [batch, m], and where the policy has memory `state_in` float32 [batch, s].
///   Outputs are `q_values` float32 [batch, options] before the mask, `state_out` with memory, and `action`:
///   int64 [batch] for one choice, int64 [batch, k] for several, float32 [batch, d] for real numbers; where an
///   action has both, `action_discrete` and `action_continuous`.
/// - `policy.json`, the contract: observations and actions in their order, which agent uses which model, the
///   origin, the tolerance, and what the caller must refuse.
/// - `golden.json`: at least 32 inputs with our own answers for each model.
/// - `SHA256SUMS` of the other files, for `sha256sum -c`.
///
/// The same policies and origin give the same bytes.
public enum PolicyBundle {
  /// Writes the bundle as the folder `directory`, in the place of an earlier bundle that is there.
  ///
  /// The folder appears complete or not at all. A folder that holds anything but the files of an
  /// earlier bundle is not replaced. Missing folders above it are made.
  ///
  /// It throws `unsuitablePolicy` for a policy that has no form in a bundle, and `cannotWrite` for the rest.
  public static func write(
    _ policies: PolicySet, origin: BundleOrigin, to directory: String
  ) throws(ExportError) {
    let folder = try BundleFolder(directory)
    try folder.replace(with: try files(of: policies, origin: origin, path: directory))
  }

  /// The files of the bundle, by name; `path` is what an error names.
  package static func files(
    of policies: PolicySet, origin: BundleOrigin, path: String
  ) throws(ExportError) -> [BundleFile] {
    let models = try BundleModel.all(of: policies, path: path)
    let contract = PolicyContract(policies: policies, origin: origin, models: models)
    var files = models.map { model in
      BundleFile(
        name: model.file,
        bytes: ONNXModel(
          model.graph, producer: PolicyContract.producer, producerVersion: origin.producerVersion,
          metadata: contract.metadata(of: model.policy)
        ).encoded())
    }
    files.append(BundleFile(name: BundleFile.contract, text: contract.json().text() + "\n"))
    files.append(
      BundleFile(name: BundleFile.golden, text: GoldenSet.json(models).text(indented: false) + "\n"))
    files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let sums = files.map { "\(SHA256.hex(of: $0.bytes))  \($0.name)\n" }
    files.append(BundleFile(name: BundleFile.sums, text: sums.joined()))
    return files
  }
}

/// One file of a bundle.
package struct BundleFile: Sendable, Equatable {
  /// The name of the contract.
  package static let contract = "policy.json"
  /// The name of the golden inputs and outputs.
  package static let golden = "golden.json"
  /// The name of the list of digests.
  package static let sums = "SHA256SUMS"

  /// The file's name in the folder.
  package let name: String
  /// Its contents.
  package let bytes: [UInt8]

  init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }
}

import NeuralNetworks
import Policies
import Randomness
import Snapshots

/// One set of action-value parameters with what improves it: target, optimizer and the memory of an update.
struct ValueFunction: Sendable {
  let network: Network
  var parameters: TrainedParameters
  /// Evaluations of the online network; the derivatives of its outputs.
  var workspace: Workspace
  /// Evaluations of the target network.
  var targetWorkspace: Workspace
  /// Sums since the last ``takeFigures()``: loss, mean chosen value, updates.
  private var sums = (loss: 0.0, value: 0.0, count: 0)
  private let polyak: Float?

  /// - Parameters:
  ///   - onlineRows: the greatest number of rows that the online network sees at once.
  ///   - targetRows: the same of the target network.
  init(
    _ configuration: DQNConfiguration, network: Network, onlineRows: Int, targetRows: Int,
    stream: inout RandomStream
  ) {
    self.network = network
    parameters = TrainedParameters(
      network.initialParameters(configuration.initialization, using: &stream), configuration.descent)
    workspace = network.makeWorkspace(batch: onlineRows, training: true)
    targetWorkspace = network.makeWorkspace(batch: targetRows, training: false)
    polyak = configuration.target.fraction
  }

  var online: ParameterVector { parameters.online }
  var target: ParameterVector { parameters.target }
  var updates: Int { parameters.updates }

  /// Begins from other parameters than random ones.
  mutating func adopt(_ other: ParameterVector) { parameters.adopt(other) }

  mutating func copyToTarget() { parameters.moveTarget(by: 1) }

  /// New noise for the noisy layers of both networks, each its own.
  mutating func drawNoise(_ stream: inout RandomStream) {
    guard network.hasNoise else { return }
    network.drawNoise(in: &workspace, using: &stream)
    network.drawNoise(in: &targetWorkspace, using: &stream)
  }

  mutating func evaluateOnline(_ inputs: Span<Float>, rows: Int, steps: Int = 1) {
    network.forward(parameters.online, inputs, rows: rows, steps: steps, in: &workspace)
  }

  mutating func evaluateTarget(_ inputs: Span<Float>, rows: Int, steps: Int = 1) {
    network.forward(parameters.target, inputs, rows: rows, steps: steps, in: &targetWorkspace)
  }

  /// Propagates the workspace's output derivatives back and makes one step along them.
  mutating func descend(_ inputs: Span<Float>, rows: Int, loss: Double, value: Double) {
    network.backward(parameters.online, inputs, rows: rows, in: &workspace, gradient: &parameters.gradient)
    parameters.descend(dragging: polyak)
    sums.loss += loss
    sums.value += value
    sums.count += 1
  }

  /// Mean loss and mean chosen value since the last call; nil without updates.
  mutating func takeFigures() -> (loss: Double, value: Double)? {
    defer { sums = (0, 0, 0) }
    return sums.count == 0 ? nil : (sums.loss / Double(sums.count), sums.value / Double(sums.count))
  }
}

extension ValueFunction: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = parameters.snapshot()
    snapshot.set("figures", [sums.loss, sums.value, Double(sums.count)])
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.parameters.restore(from: snapshot)
    let figures = try snapshot.doubles("figures", count: 3)
    guard let count = Int(exactly: figures[2]), count >= 0 else {
      throw snapshot.mismatch("figures", expected: "two sums and a number of updates", found: "\(figures)")
    }
    copy.sums = (figures[0], figures[1], count)
    self = copy
  }
}

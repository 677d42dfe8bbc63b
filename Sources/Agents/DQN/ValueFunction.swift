import NeuralNetworks
import Policies
import Randomness
import Snapshots

/// One set of action-value parameters with what improves it: target, optimizer and the memory of an update.
struct ValueFunction: Sendable {
  let network: Network
  private(set) var online: ParameterVector
  private(set) var target: ParameterVector
  private(set) var updates = 0
  /// Evaluations of the online network; the derivatives of its outputs.
  var workspace: Workspace
  /// Evaluations of the target network.
  var targetWorkspace: Workspace
  /// Sums since the last ``takeFigures()``: loss, mean chosen value, updates.
  private var sums = (loss: 0.0, value: 0.0, count: 0)
  private var optimizer: Optimizer
  private var gradient: ParameterVector
  private let clipping: GradientClipping
  private let valueClipping: ValueClipping?
  private let schedule: LearningRateSchedule
  private let learningRate: Float
  private let polyak: Float?

  /// - Parameters:
  ///   - onlineRows: the greatest number of rows that the online network sees at once.
  ///   - targetRows: the same of the target network.
  init(
    _ configuration: DQNConfiguration, network: Network, onlineRows: Int, targetRows: Int,
    stream: inout RandomStream
  ) {
    self.network = network
    online = network.initialParameters(configuration.initialization, using: &stream)
    target = online
    gradient = ParameterVector(layout: network.layout)
    optimizer = Optimizer(
      configuration.optimizer, count: online.values.count, learningRate: configuration.learningRate)
    workspace = network.makeWorkspace(batch: onlineRows, training: true)
    targetWorkspace = network.makeWorkspace(batch: targetRows, training: false)
    clipping = GradientClipping(maximumNorm: configuration.gradientClip)
    valueClipping = configuration.gradientValueClip.map { ValueClipping(maximumValue: $0) }
    schedule = configuration.learningRateSchedule
    learningRate = configuration.learningRate
    if case .polyak(let tau) = configuration.target { polyak = tau } else { polyak = nil }
  }

  /// Begins from other parameters than random ones.
  mutating func adopt(_ parameters: ParameterVector) {
    online = parameters
    target = parameters
  }

  mutating func copyToTarget() { target.copy(from: online) }

  /// New noise for the noisy layers of both networks, each its own.
  mutating func drawNoise(_ stream: inout RandomStream) {
    guard network.hasNoise else { return }
    network.drawNoise(in: &workspace, using: &stream)
    network.drawNoise(in: &targetWorkspace, using: &stream)
  }

  mutating func evaluateOnline(_ inputs: Span<Float>, rows: Int, steps: Int = 1) {
    network.forward(online, inputs, rows: rows, steps: steps, in: &workspace)
  }

  mutating func evaluateTarget(_ inputs: Span<Float>, rows: Int, steps: Int = 1) {
    network.forward(target, inputs, rows: rows, steps: steps, in: &targetWorkspace)
  }

  /// Propagates the workspace's output derivatives back and makes one step along them.
  mutating func descend(_ inputs: Span<Float>, rows: Int, loss: Double, value: Double) {
    network.backward(online, inputs, rows: rows, in: &workspace, gradient: &gradient)
    if let valueClipping { valueClipping.clip(&gradient) }
    let scale = clipping.scale(for: gradient)
    optimizer.learningRate = schedule.rate(initial: learningRate, step: updates)
    if let polyak {
      optimizer.update(&online, along: gradient, gradientScale: scale, dragging: &target, by: polyak)
    } else {
      optimizer.update(&online, along: gradient, gradientScale: scale)
    }
    updates += 1
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
    var snapshot = Snapshot()
    snapshot.set("online", online.values)
    snapshot.set("target", target.values)
    snapshot.set("optimizer", optimizer.snapshot())
    snapshot.set("updates", integer: updates)
    snapshot.set("figures", [sums.loss, sums.value, Double(sums.count)])
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.online.values = try snapshot.floats("online", count: online.values.count)
    copy.target.values = try snapshot.floats("target", count: target.values.count)
    try copy.optimizer.restore(from: try snapshot.group("optimizer"))
    copy.updates = try snapshot.integer("updates")
    guard copy.updates >= 0 else {
      throw snapshot.mismatch("updates", expected: "a number of updates", found: "\(copy.updates)")
    }
    let figures = try snapshot.doubles("figures", count: 3)
    guard let count = Int(exactly: figures[2]), count >= 0 else {
      throw snapshot.mismatch("figures", expected: "two sums and a number of updates", found: "\(figures)")
    }
    copy.sums = (figures[0], figures[1], count)
    self = copy
  }
}

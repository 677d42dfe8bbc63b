import NeuralNetworks
import Randomness
import Snapshots

/// A critic's parameters with what improves them: a value for what its input shows, in the unit of a
/// ``ValueNormalizer`` where there is one.
struct ProximalCritic: Sendable {
  let network: Network
  let input: NetworkInput
  private let loss: Loss
  private let clip: Float?
  var parameters: TrainedParameters
  private var workspace: Workspace
  private var inputs: [Float]

  /// - Parameter batch: the greatest number of samples of an update, and of those evaluated at once.
  init(_ configuration: PPOConfiguration, input: NetworkInput, batch: Int, stream: inout RandomStream) {
    network = configuration.critic.layers(inputs: input.width, outputs: 1)
    self.input = input
    loss = configuration.valueLoss
    clip = configuration.valueClip
    parameters = TrainedParameters(
      configuration.critic.initialParameters(of: network, using: &stream),
      configuration.descent(of: configuration.critic))
    workspace = network.makeWorkspace(batch: batch, training: true)
    inputs = [Float](repeating: 0, count: batch * input.width)
  }

  /// Writes the outputs for some samples, each at its place shifted by `shift`.
  mutating func evaluate(
    _ samples: Span<Int32>, from rollouts: [ObservedRollout], into values: inout [Float], shiftedBy shift: Int = 0
  ) {
    var start = 0
    while start < samples.count {
      let end = min(start + workspace.batch, samples.count)
      let part = samples.extracting(start..<end)
      input.gather(part, from: rollouts, into: &inputs)
      network.forward(parameters.online, inputs, rows: part.count, in: &workspace)
      let outputs = workspace.outputs
      for index in 0..<part.count { values[Int(part[index]) + shift] = outputs[index] }
      start = end
    }
  }

  /// One step along the gradient of the mean loss over some samples.
  ///
  /// With a bound c the loss of a sample is the greater of those of V and of V₀ + clip(V − V₀, −c, c), V₀ being the
  /// value before the update.
  ///
  /// - Parameters:
  ///   - targets: the returns of all samples of the rollout, in the critic's unit.
  ///   - before: the values before the update, in the critic's unit as it is now.
  /// - Returns: the mean loss.
  mutating func improve(
    on samples: Span<Int32>, from rollouts: [ObservedRollout], targets: [Float], before: [Float], moment: Int
  ) -> Double {
    input.gather(samples, from: rollouts, into: &inputs)
    network.forward(parameters.online, inputs, rows: samples.count, in: &workspace)
    let (loss, clip) = (loss, clip)
    let share = 1 / Float(samples.count)
    var total = 0.0
    workspace.withOutputGradients(rows: samples.count) { outputs, gradients in
      for index in 0..<samples.count {
        let sample = Int(samples[index])
        let value = outputs[index]
        let error = value - targets[sample]
        var (greatest, slope) = (loss.value(error), loss.derivative(error))
        if let clip, abs(value - before[sample]) > clip {
          let bounded = before[sample] + (value > before[sample] ? clip : -clip)
          let other = loss.value(bounded - targets[sample])
          if other > greatest { (greatest, slope) = (other, 0) }
        }
        total += Double(greatest)
        gradients[index] = share * slope
      }
    }
    network.backward(
      parameters.online, inputs, rows: samples.count, in: &workspace, gradient: &parameters.gradient)
    parameters.descend(at: moment)
    return total / Double(samples.count)
  }
}

extension ProximalCritic: Restorable {
  func snapshot() -> Snapshot { parameters.snapshot() }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try parameters.restore(from: snapshot) }
}

import NeuralNetworks
import Policies
import ReinforcementLearning

extension DQNConfiguration {
  /// The network of a group: hidden layers, memory if there is one, and the outputs of all branches.
  ///
  /// - Dueling without memory: the last hidden width is that of each stream's own hidden layer.
  /// - Noise: all dense layers but the first, which stays plain where others follow it.
  func network(inputs: Int, branches: ActionBranches) -> Network {
    let separate = dueling && recurrence == nil && !hidden.isEmpty
    var layers: [Layer] = []
    var width = inputs
    for (index, units) in hidden.enumerated() {
      let outputs = separate && index == hidden.count - 1 ? 2 * units : units
      append(from: width, to: outputs, isNoisy: noise != nil && index > 0, &layers)
      width = outputs
    }
    if let recurrence {
      layers.append(.gru(GRU(inputs: width, hidden: recurrence.hidden)))
      width = recurrence.hidden
    }
    let atoms = values.atoms
    if dueling {
      layers.append(
        .dueling(
          Dueling(
            inputs: width, branches: branches.options, atoms: atoms, separateStreams: separate,
            noisy: noise != nil, initialSigma: noise ?? 0.5)))
    } else if let noise {
      layers.append(
        .noisyDense(NoisyDense(inputs: width, outputs: branches.count * atoms, initialSigma: noise)))
    } else {
      layers.append(.dense(Dense(inputs: width, outputs: branches.count * atoms)))
    }
    return Network(layers: layers)
  }

  private func append(from inputs: Int, to outputs: Int, isNoisy: Bool, _ layers: inout [Layer]) {
    let own = layerNorm ? Activation.identity : activation
    if isNoisy, let noise {
      layers.append(.noisyDense(NoisyDense(inputs: inputs, outputs: outputs, activation: own, initialSigma: noise)))
    } else {
      layers.append(.dense(Dense(inputs: inputs, outputs: outputs, activation: own)))
    }
    if layerNorm { layers.append(.layerNorm(LayerNorm(count: outputs, activation: activation))) }
  }
}

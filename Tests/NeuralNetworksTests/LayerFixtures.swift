import NeuralNetworks

/// What PyTorch computed for single layers; written by Tests/Interoperability/make_layer_fixtures.py.
struct LayersFixture: Decodable {
  struct Case: Decodable {
    let kind: String
    let widths: [Int]
    let activation: String
    let branches: [Int]?
    let atoms: Int?
    let rows: Int
    let steps: Int
    let parameters: [Float]
    let inputs: [Float]
    let noise: [Float]
    let state: [Float]
    let finalState: [Double]
    let outputs: [Double]
    let weights: [Float]
    let gradient: [Double]
    let inputGradient: [Double]

    var layer: Layer? {
      guard let function = Activation(rawValue: activation) else { return nil }
      switch kind {
      case "dense": return .dense(Dense(inputs: widths[0], outputs: widths[1], activation: function))
      case "noisy_dense":
        return .noisyDense(NoisyDense(inputs: widths[0], outputs: widths[1], activation: function))
      case "layer_norm": return .layerNorm(LayerNorm(count: widths[0], activation: function))
      case "dueling":
        return .dueling(
          Dueling(inputs: widths[0], branches: branches ?? [], atoms: atoms ?? 1, separateStreams: true))
      case "gru": return .gru(GRU(inputs: widths[0], hidden: widths[1]))
      default: return nil
      }
    }
  }

  let cases: [Case]
}

/// Losses of distributions by PyTorch and rlax.
struct DistributionsFixture: Decodable {
  struct Entropy: Decodable {
    let count: Int
    let logits: [Float]
    let targets: [Float]
    let losses: [Double]
    let gradient: [Double]
    let minimum: Float
    let maximum: Float
    let expectations: [Double]
  }

  struct Projection: Decodable {
    struct Case: Decodable {
      let reward: Float
      let discount: Float
      let probabilities: [Float]
      let projected: [Double]
    }

    let minimum: Float
    let maximum: Float
    let count: Int
    let cases: [Case]
  }

  struct Quantile: Decodable {
    let threshold: Float
    let quantiles: [Float]
    let targets: [Float]
    let loss: Double
    let gradient: [Double]
  }

  let crossEntropy: Entropy
  let projection: Projection
  let quantile: [Quantile]
}

/// Parameters after steps of PyTorch's optimizers along given gradients.
struct OptimizersFixture: Decodable {
  struct Options: Decodable {
    let momentum: Float
    let nesterov: Bool
    let weightDecay: Float
    let alpha: Float
    let epsilon: Float
    let centered: Bool
    let betas: [Float]
  }

  struct Case: Decodable {
    let kind: String
    let options: Options
    let after: [String: [Double]]

    var optimizer: Optimizer.Kind? {
      switch kind {
      case "sgd":
        .sgd(momentum: options.momentum, nesterov: options.nesterov, weightDecay: options.weightDecay)
      case "rmsprop":
        .rmsProp(
          alpha: options.alpha, epsilon: options.epsilon, momentum: options.momentum, centered: options.centered)
      case "adam": .adam(beta1: options.betas[0], beta2: options.betas[1], epsilon: options.epsilon)
      case "adamw":
        .adamW(
          beta1: options.betas[0], beta2: options.betas[1], epsilon: options.epsilon,
          weightDecay: options.weightDecay)
      default: nil
      }
    }
  }

  let learningRate: Float
  let initial: [Float]
  let gradients: [Float]
  let cases: [Case]
  let clipValue: Float
  let clipped: [Double]
}

/// Learning rates of PyTorch's schedulers.
struct SchedulesFixture: Decodable {
  struct Case: Decodable {
    let kind: String
    let warmUp: Int
    let rates: [Double]

    /// The schedule with the settings of the script.
    var schedule: LearningRateSchedule? {
      switch kind {
      case "constant": .constant(warmUp: warmUp)
      case "linear": .linear(endFactor: 0.1, steps: 15, warmUp: warmUp)
      case "step": .stepDecay(factor: 0.5, every: 4, warmUp: warmUp)
      case "exponential": .exponential(factor: 0.9, warmUp: warmUp)
      case "cosine": .cosine(minimum: 0.02, steps: 12, warmUp: warmUp)
      default: nil
      }
    }
  }

  let initial: Float
  let cases: [Case]
}

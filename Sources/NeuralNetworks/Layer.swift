internal import Randomness

/// One step of a network: a kind of layer with its extents.
///
/// A further kind is a case here, one line in each member, and a file of its own with the same members as
/// ``Dense``. An enumeration rather than a protocol: a network stays a plain value that compares, copies and
/// crosses threads, and a call costs a jump.
public enum Layer: Sendable, Equatable {
  /// An affine map followed by an activation.
  case dense(Dense)

  /// An affine map with noise on its parameters, followed by an activation.
  case noisyDense(NoisyDense)

  /// A normalisation of each row, followed by an activation.
  case layerNorm(LayerNorm)

  /// Values and advantages of actions. Indirect, for it is the largest and would weigh on every copy of the others.
  indirect case dueling(Dueling)

  /// Gated recurrent units.
  case gru(GRU)

  /// The name of the kind in files.
  public var kind: String {
    switch self {
    case .dense: "dense"
    case .noisyDense: "noisy_dense"
    case .layerNorm: "layer_norm"
    case .dueling: "dueling"
    case .gru: "gru"
    }
  }

  /// The number of values that each row of a batch has before the layer.
  public var inputCount: Int {
    switch self {
    case .dense(let layer): layer.inputCount
    case .noisyDense(let layer): layer.inputCount
    case .layerNorm(let layer): layer.count
    case .dueling(let layer): layer.inputCount
    case .gru(let layer): layer.inputCount
    }
  }

  /// The number of values that each row of a batch has behind the layer.
  public var outputCount: Int {
    switch self {
    case .dense(let layer): layer.outputCount
    case .noisyDense(let layer): layer.outputCount
    case .layerNorm(let layer): layer.count
    case .dueling(let layer): layer.outputCount
    case .gru(let layer): layer.outputCount
    }
  }

  /// The number of values of the state that a sequence carries from step to step; 0 for most.
  public var stateCount: Int {
    switch self {
    case .dense, .noisyDense, .layerNorm, .dueling: 0
    case .gru(let layer): layer.hiddenCount
    }
  }

  /// Whether the layer has noise to be drawn.
  public var hasNoise: Bool {
    switch self {
    case .dense, .layerNorm, .gru: false
    case .noisyDense: true
    case .dueling(let layer): layer.isNoisy
    }
  }

  /// Adds the layer's parameters to a layout, under the path of the layer.
  func append(to layout: inout ParameterLayout, path: String) {
    switch self {
    case .dense(let layer): layer.append(to: &layout, path: path)
    case .noisyDense(let layer): layer.append(to: &layout, path: path)
    case .layerNorm(let layer): layer.append(to: &layout, path: path)
    case .dueling(let layer): layer.append(to: &layout, path: path)
    case .gru(let layer): layer.append(to: &layout, path: path)
    }
  }

  /// Draws the layer's parameters.
  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    switch self {
    case .dense(let layer): layer.initialize(&parameters, scheme, using: &stream)
    case .noisyDense(let layer): layer.initialize(&parameters, scheme, using: &stream)
    case .layerNorm(let layer): layer.initialize(&parameters)
    case .dueling(let layer): layer.initialize(&parameters, scheme, using: &stream)
    case .gru(let layer): layer.initialize(&parameters, scheme, using: &stream)
    }
  }

  /// All memory that the layer needs for a batch.
  func makeMemory(batch: Int, training: Bool) -> LayerMemory {
    var memory = LayerMemory()
    memory.outputs = [Float](repeating: 0, count: batch * outputCount)
    if training { memory.gradients = memory.outputs }
    switch self {
    case .dense(let layer): layer.prepare(&memory, batch: batch, training: training)
    case .noisyDense(let layer): layer.prepare(&memory, batch: batch, training: training)
    case .layerNorm(let layer): layer.prepare(&memory, batch: batch, training: training)
    case .dueling(let layer): layer.prepare(&memory, batch: batch, training: training)
    case .gru(let layer): layer.prepare(&memory, batch: batch, training: training)
    }
    return memory
  }

  /// Computes `memory.outputs` for the leading `rows` rows.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    switch self {
    case .dense(let layer): layer.forward(parameters, inputs, rows: rows, in: &memory)
    case .noisyDense(let layer): layer.forward(parameters, inputs, rows: rows, in: &memory)
    case .layerNorm(let layer): layer.forward(parameters, inputs, rows: rows, in: &memory)
    case .dueling(let layer): layer.forward(parameters, inputs, rows: rows, in: &memory)
    case .gru(let layer): layer.forward(parameters, inputs, rows: rows, in: &memory)
    }
  }

  /// Turns `memory.gradients` from derivatives of the outputs into what the next two steps need.
  func beginBackward(_ parameters: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    switch self {
    case .dense(let layer): layer.beginBackward(rows: rows, in: &memory)
    case .noisyDense(let layer): layer.beginBackward(rows: rows, in: &memory)
    case .layerNorm(let layer): layer.beginBackward(rows: rows, in: &memory)
    case .dueling(let layer): layer.beginBackward(rows: rows, in: &memory)
    case .gru(let layer): layer.beginBackward(parameters, rows: rows, in: &memory)
    }
  }

  /// Overwrites the derivatives with respect to the layer's parameters.
  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    switch self {
    case .dense(let layer):
      layer.differentiateParameters(inputs, rows: rows, in: memory, gradient: &gradient)
    case .noisyDense(let layer):
      layer.differentiateParameters(inputs, rows: rows, in: memory, gradient: &gradient)
    case .layerNorm(let layer):
      layer.differentiateParameters(rows: rows, in: memory, gradient: &gradient)
    case .dueling(let layer):
      layer.differentiateParameters(inputs, rows: rows, in: memory, gradient: &gradient)
    case .gru(let layer):
      layer.differentiateParameters(inputs, rows: rows, in: memory, gradient: &gradient)
    }
  }

  /// Overwrites the derivatives with respect to the layer's inputs.
  func differentiateInputs(
    _ parameters: Span<Float>, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    switch self {
    case .dense(let layer):
      layer.differentiateInputs(parameters, rows: rows, in: memory, into: &gradients)
    case .noisyDense(let layer):
      layer.differentiateInputs(parameters, rows: rows, in: memory, into: &gradients)
    case .layerNorm(let layer):
      layer.differentiateInputs(parameters, rows: rows, in: memory, into: &gradients)
    case .dueling(let layer):
      layer.differentiateInputs(parameters, rows: rows, in: memory, into: &gradients)
    case .gru(let layer):
      layer.differentiateInputs(parameters, rows: rows, in: memory, into: &gradients)
    }
  }
}

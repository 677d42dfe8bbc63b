internal import Randomness

/// One step of a network: a kind of layer with its extents.
///
/// A further kind is a case here, one line in each member, and a file of its own with the same members as
/// ``Dense``. An enumeration rather than a protocol: a network stays a plain value that compares, copies and
/// crosses threads, and a call costs a jump.
public enum Layer: Sendable, Equatable {
  /// An affine map followed by an activation.
  case dense(Dense)

  /// The name of the kind in files.
  public var kind: String {
    switch self {
    case .dense: "dense"
    }
  }

  /// The number of values that each row of a batch has before the layer.
  public var inputCount: Int {
    switch self {
    case .dense(let layer): layer.inputCount
    }
  }

  /// The number of values that each row of a batch has behind the layer.
  public var outputCount: Int {
    switch self {
    case .dense(let layer): layer.outputCount
    }
  }

  /// Adds the layer's parameters to a layout, under the path of the layer.
  func append(to layout: inout ParameterLayout, path: String) {
    switch self {
    case .dense(let layer): layer.append(to: &layout, path: path)
    }
  }

  /// Draws the layer's parameters.
  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    switch self {
    case .dense(let layer): layer.initialize(&parameters, scheme, using: &stream)
    }
  }

  /// Computes `memory.outputs` for the leading `rows` rows.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    switch self {
    case .dense(let layer): layer.forward(parameters, inputs, rows: rows, in: &memory)
    }
  }

  /// Turns `memory.gradients` from derivatives of the outputs into what the next two steps need.
  func beginBackward(rows: Int, in memory: inout LayerMemory) {
    switch self {
    case .dense(let layer): layer.beginBackward(rows: rows, in: &memory)
    }
  }

  /// Overwrites the derivatives with respect to the layer's parameters.
  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    switch self {
    case .dense(let layer):
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
    }
  }
}

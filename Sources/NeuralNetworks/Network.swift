internal import LinearAlgebra
public import Randomness

/// A network: the immutable description of a sequence of layers.
///
/// It owns no memory. Parameters are a ``ParameterVector`` (or a part of a larger vector, as a span), and
/// everything computed lies in a ``Workspace``, so one description serves the online and the target network,
/// all clients of a federation and all threads.
public struct Network: Sendable, Equatable {
  /// The layers, first to last.
  public let layers: [Layer]

  /// Where each parameter lies: `layers.<n>.<parameter>`, n counted from 0.
  public let layout: ParameterLayout

  /// The elements of each layer in the flat vector.
  let ranges: [Range<Int>]

  /// The number of values of the state that a sequence carries from step to step: the sum over all layers.
  public let stateCount: Int

  /// Creates a network from its layers.
  /// - Precondition: There is a layer, and each takes as many values as the one before gives.
  public init(layers: [Layer]) {
    precondition(!layers.isEmpty, "a network needs a layer")
    var layout = ParameterLayout()
    var ranges: [Range<Int>] = []
    for (index, layer) in layers.enumerated() {
      if index > 0 {
        let given = layers[index - 1].outputCount
        precondition(
          layer.inputCount == given, "layer \(index) takes \(layer.inputCount) values and gets \(given)")
      }
      let start = layout.count
      layer.append(to: &layout, path: "layers.\(index)")
      ranges.append(start..<layout.count)
    }
    self.layers = layers
    self.layout = layout
    self.ranges = ranges
    stateCount = layers.reduce(0) { $0 + $1.stateCount }
  }

  /// A multilayer perceptron: dense layers of the hidden widths, then one for the outputs.
  public static func mlp(
    inputs: Int, hidden: [Int], outputs: Int,
    activation: Activation = .relu, outputActivation: Activation = .identity
  ) -> Network {
    let widths = [inputs] + hidden + [outputs]
    return Network(
      layers: (0..<widths.count - 1).map { index in
        .dense(
          Dense(
            inputs: widths[index], outputs: widths[index + 1],
            activation: index == widths.count - 2 ? outputActivation : activation))
      })
  }

  /// The number of values of an input row.
  public var inputCount: Int { layers[0].inputCount }

  /// The number of values of an output row.
  public var outputCount: Int { layers[layers.count - 1].outputCount }

  /// Draws parameters, layer by layer and each in the order of its slots.
  public func initialParameters(
    _ scheme: Initialization = .uniformFanIn, using stream: inout RandomStream
  ) -> ParameterVector {
    var values: [Float] = []
    values.reserveCapacity(layout.count)
    for (layer, range) in zip(layers, ranges) {
      var part = [Float](repeating: 0, count: range.count)
      var span = part.mutableSpan
      layer.initialize(&span, scheme, using: &stream)
      values += part
    }
    return ParameterVector(layout: layout, values: values)
  }

  /// All memory that evaluations of up to `batch` rows need.
  ///
  /// - Parameters:
  ///   - batch: The greatest number of rows.
  ///   - training: Whether to provide for backward passes.
  ///   - inputGradients: Whether these shall reach the inputs.
  public func makeWorkspace(batch: Int, training: Bool, inputGradients: Bool = false) -> Workspace {
    Workspace(network: self, batch: batch, training: training, inputGradients: inputGradients)
  }

  /// Evaluates the network: `workspace.outputs` gets a row for each row of inputs.
  ///
  /// One row takes matrix-vector products, which round differently from the products of a batch; apart from
  /// that a row's result may depend on the number of rows in its last bits. Allocates nothing.
  ///
  /// A network with state takes the rows as steps of sequences, the first step of all sequences first: row
  /// `t · sequences + s` is step t of sequence s. It begins from `workspace.state` and leaves there the state
  /// behind the last step.
  ///
  /// - Parameters:
  ///   - parameters: `layout.count` elements.
  ///   - inputs: `[rows, inputCount]`, row-major; further elements are ignored.
  ///   - rows: At most the workspace's batch.
  ///   - steps: The length of each sequence, which divides `rows`.
  ///   - workspace: Made by this network or one with the same layers.
  public func forward(
    _ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, steps: Int = 1, in workspace: inout Workspace
  ) {
    check(parameters.count, inputs.count, rows, workspace)
    precondition(steps > 0 && rows % steps == 0, "\(rows) rows are not sequences of \(steps) steps")
    workspace.rows = rows
    flushingSubnormals {
      workspace.exchangeOutputs()
      if stateCount > 0 { takeState(rows: rows, steps: steps, in: &workspace) }
      for index in 0..<layers.count {
        let own = parameters.extracting(ranges[index])
        if index == 0 {
          let given = inputs.extracting(0..<rows * inputCount)
          layers[index].forward(own, given, rows: rows, in: &workspace.layers[index])
        } else {
          let below = workspace.layers[index - 1].outputs
          let given = below.span.extracting(0..<rows * layers[index].inputCount)
          layers[index].forward(own, given, rows: rows, in: &workspace.layers[index])
        }
      }
      if stateCount > 0 { leaveState(rows: rows, steps: steps, in: &workspace) }
      workspace.exchangeOutputs()
    }
  }

  /// Evaluates the network; see ``forward(_:_:rows:steps:in:)-(Span<Float>,_,_,_,_)``.
  public func forward(
    _ parameters: ParameterVector, _ inputs: Span<Float>, rows: Int, steps: Int = 1,
    in workspace: inout Workspace
  ) {
    forward(parameters.values.span, inputs, rows: rows, steps: steps, in: &workspace)
  }

  /// Evaluates the network; see ``forward(_:_:rows:steps:in:)-(Span<Float>,_,_,_,_)``.
  ///
  /// A span of a stored property keeps its owner from lending a workspace beside it; an array does not.
  public func forward(
    _ parameters: ParameterVector, _ inputs: [Float], rows: Int, steps: Int = 1, in workspace: inout Workspace
  ) {
    forward(parameters.values.span, inputs.span, rows: rows, steps: steps, in: &workspace)
  }
}

extension Network {
  func check(_ parameterCount: Int, _ elementCount: Int, _ rows: Int, _ workspace: borrowing Workspace) {
    precondition(
      parameterCount == layout.count, "\(parameterCount) parameters for a network of \(layout.count)")
    precondition(
      rows > 0 && rows <= workspace.batch, "\(rows) rows for a workspace of \(workspace.batch)")
    precondition(
      elementCount >= rows * inputCount,
      "\(elementCount) inputs are less than \(rows) rows of \(inputCount)")
    precondition(
      workspace.layers.count == layers.count && workspace.outputs.count == workspace.batch * outputCount,
      "the workspace was made for another network")
    precondition(
      workspace.state.count == workspace.batch * stateCount,
      "a state of \(workspace.state.count) values for \(workspace.batch) rows of \(stateCount)")
  }
}

internal import LinearAlgebra

/// The memory of a network's evaluations and updates, allocated once.
///
/// A network writes into it and never grows it. A copy is a value of its own and takes its own memory at its
/// first use, so hold one workspace for each thread or network that works by itself; and do not keep a copy
/// of ``outputs`` over the next forward pass, or that pass must allocate.
public struct Workspace: Sendable {
  /// The greatest number of rows.
  public let batch: Int

  /// Whether there is memory for a backward pass.
  public let isTraining: Bool

  /// Whether a backward pass also gives derivatives with respect to the inputs.
  public let hasInputGradients: Bool

  /// The results of the last forward pass: `[rows, outputs]` in the leading part of `[batch, outputs]`.
  public internal(set) var outputs: [Float]

  /// The derivatives of the loss with respect to ``outputs``, of the same shape.
  ///
  /// The caller writes the leading rows before a backward pass, which uses them up: afterwards they are
  /// derivatives before the last activation. Empty unless ``isTraining``.
  public var outputGradients: [Float]

  /// The derivatives with respect to the inputs after a backward pass, `[rows, inputs]` in the leading part.
  ///
  /// Empty unless ``hasInputGradients``.
  public internal(set) var inputGradients: [Float]

  /// The columns of ``inputGradients`` that are asked for; others need not be computed. All at first, if there are any.
  public var wantedInputs: Range<Int>

  /// The states of sequences, `[sequences, stateCount]` in the leading part of `[batch, stateCount]`.
  ///
  /// A row holds the states of all layers that have one, first to last. A forward pass begins from it and
  /// leaves the state behind its last step; zeros begin a sequence anew.
  public var state: [Float]

  /// The rows of the last forward pass.
  var rows = 0

  /// What each layer keeps, in order; the last one's arrays are ``outputs`` and ``outputGradients``, which it
  /// is lent for the time of a pass.
  package internal(set) var layers: [LayerMemory]

  init(network: Network, batch: Int, training: Bool, inputGradients: Bool) {
    precondition(batch > 0, "a workspace cannot hold \(batch) rows")
    precondition(training || !inputGradients, "input gradients need a training workspace")
    self.batch = batch
    isTraining = training
    hasInputGradients = inputGradients
    func zeros(_ columns: Int, _ wanted: Bool = true) -> [Float] {
      wanted ? [Float](repeating: 0, count: batch * columns) : []
    }
    outputs = zeros(network.outputCount)
    outputGradients = zeros(network.outputCount, training)
    self.inputGradients = zeros(network.inputCount, inputGradients)
    wantedInputs = 0..<(inputGradients ? network.inputCount : 0)
    state = zeros(network.stateCount)
    layers = network.layers.map { $0.makeMemory(batch: batch, training: training) }
    layers[layers.count - 1].outputs = []
    layers[layers.count - 1].gradients = []
  }

  /// Lends the outputs of the last forward pass together with the derivatives to be written.
  ///
  /// - Parameters:
  ///   - rows: How many leading rows to lend.
  ///   - body: Gets the outputs and the derivatives, both `[rows, outputs]`; these still hold what the last
  ///     backward pass left there.
  public mutating func withOutputGradients<Result>(
    rows: Int, _ body: (_ outputs: Span<Float>, _ gradients: inout MutableSpan<Float>) -> Result
  ) -> Result {
    precondition(isTraining, "output gradients need a training workspace")
    precondition(rows > 0 && rows <= batch, "\(rows) rows of a workspace of \(batch)")
    let count = rows * (outputs.count / batch)
    var gradients: [Float] = []
    swap(&gradients, &outputGradients)
    defer { swap(&gradients, &outputGradients) }
    let outputs = outputs
    var whole = gradients.mutableSpan
    return whole.withPart(0..<count) { body(outputs.span.extracting(0..<count), &$0) }
  }

  /// Lends the last layer the public arrays, or takes them back.
  @inline(__always)
  mutating func exchangeOutputs() {
    swap(&outputs, &layers[layers.count - 1].outputs)
    swap(&outputGradients, &layers[layers.count - 1].gradients)
  }
}

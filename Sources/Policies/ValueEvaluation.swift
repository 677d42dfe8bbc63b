public import NeuralNetworks
public import Randomness

/// The action values of a group's rows: normaliser, network and head, with the recurrent state of each row.
///
/// Used by whoever acts: a learner over all rows of a frame, a controller over the agents of a world. Allocates
/// nothing after its making.
public struct ValueEvaluation: Sendable {
  /// The number of rows.
  public let rows: Int
  /// The values of the last evaluations, rows × options.
  public private(set) var values: [Float]
  /// The recurrent state of each row, rows × ``stateCount``; zeros before a trajectory.
  public var state: [Float]
  /// The number of values of one row's recurrent state; 0 for a network without memory.
  public let stateCount: Int
  private let network: Network
  private let normalizer: Normalizer
  private let head: ValueHead
  private let options: Int
  private var inputs: [Float]
  private var workspace: Workspace

  /// Memory for evaluations of up to `rows` rows.
  public init(_ network: Network, _ normalizer: Normalizer, head: ValueHead, rows: Int) {
    self.rows = rows
    self.network = network
    self.normalizer = normalizer
    self.head = head
    options = network.outputCount / head.atoms
    stateCount = network.stateCount
    values = [Float](repeating: 0, count: rows * options)
    state = [Float](repeating: 0, count: rows * network.stateCount)
    inputs = [Float](repeating: 0, count: rows * network.inputCount)
    workspace = network.makeWorkspace(batch: rows, training: false)
  }

  /// Draws new noise for the noisy layers, the same for all rows.
  public mutating func drawNoise(using stream: inout RandomStream) {
    network.drawNoise(in: &workspace, using: &stream)
  }

  /// Sets the recurrent state of a row back to zero: a trajectory begins there.
  public mutating func forget(row: Int) {
    for index in row * stateCount..<(row + 1) * stateCount { state[index] = 0 }
  }

  /// Evaluates some rows and moves their recurrent state on by one step.
  ///
  /// - Parameters:
  ///   - observations: all rows in physical units.
  ///   - range: the rows to evaluate.
  ///   - parameters: the network's parameters.
  public mutating func evaluate(
    _ observations: Span<Float>, rows range: Range<Int>, under parameters: borrowing ParameterVector
  ) {
    let normalizer = normalizer
    evaluate(observations, rows: range, under: parameters.values.span, through: normalizer)
  }

  /// Evaluates as above, through a normaliser as it is now instead of the one given at the start.
  public mutating func evaluate(
    _ observations: Span<Float>, rows range: Range<Int>, under parameters: borrowing ParameterVector,
    through normalizer: borrowing Normalizer
  ) {
    evaluate(observations, rows: range, under: parameters.values.span, through: normalizer)
  }

  /// Evaluates as above, under parameters that are a part of a larger vector.
  public mutating func evaluate(
    _ observations: Span<Float>, rows range: Range<Int>, under parameters: Span<Float>,
    through normalizer: borrowing Normalizer
  ) {
    let width = network.inputCount
    let part = observations.extracting(range.lowerBound * width..<range.upperBound * width)
    loadState(range)
    if normalizer.isIdentity {
      network.forward(parameters, part, rows: range.count, in: &workspace)
    } else {
      do {
        var all = inputs.mutableSpan
        normalizer.apply(part, rows: range.count, into: &all)
      }
      let inputs = inputs
      network.forward(parameters, inputs.span, rows: range.count, in: &workspace)
    }
    storeState(range)
    let (outputs, head) = (workspace.outputs, head)
    let (options, outputCount) = (options, network.outputCount)
    var all = values.mutableSpan
    var written = all._mutatingExtracting(range.lowerBound * options..<range.upperBound * options)
    head.values(of: outputs.span.extracting(0..<range.count * outputCount), into: &written)
  }

  private mutating func loadState(_ range: Range<Int>) {
    guard stateCount > 0 else { return }
    let first = range.lowerBound * stateCount
    for index in 0..<range.count * stateCount { workspace.state[index] = state[first + index] }
  }

  private mutating func storeState(_ range: Range<Int>) {
    guard stateCount > 0 else { return }
    let first = range.lowerBound * stateCount
    for index in 0..<range.count * stateCount { state[first + index] = workspace.state[index] }
  }
}

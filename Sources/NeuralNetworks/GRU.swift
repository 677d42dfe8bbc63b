internal import LinearAlgebra
internal import RealModule
internal import Randomness

/// A layer of gated recurrent units (Cho et al. 2014, arXiv 1406.1078, in the form of PyTorch's `GRU`).
///
/// `r = σ(W_ir x + b_ir + W_hr h + b_hr)`, `z = σ(W_iz x + b_iz + W_hz h + b_hz)`,
/// `n = tanh(W_in x + b_in + r ∘ (W_hn h + b_hn))`, `h' = (1 - z) ∘ n + z ∘ h`; the outputs are h'.
///
/// Its parameters are `weight_ih` `[3 · hidden, in]`, `weight_hh` `[3 · hidden, hidden]`, `bias_ih` and
/// `bias_hh` `[3 · hidden]`, each in the order r, z, n. The state lies in ``Workspace/state``.
public struct GRU: Sendable, Equatable {
  /// The number of values of an input row.
  public let inputCount: Int

  /// The number of units, which is the number of values of a state and of an output row.
  public let hiddenCount: Int

  /// The number of values of an output row.
  public var outputCount: Int { hiddenCount }

  /// Creates the description of a layer.
  public init(inputs: Int, hidden: Int) {
    precondition(inputs > 0 && hidden > 0, "\(hidden) recurrent units cannot take \(inputs) values")
    inputCount = inputs
    hiddenCount = hidden
  }

  private var gateCount: Int { 3 * hiddenCount }

  private var inputWeights: Range<Int> { 0..<gateCount * inputCount }
  private var stateWeights: Range<Int> {
    inputWeights.upperBound..<inputWeights.upperBound + gateCount * hiddenCount
  }
  private var inputBiases: Range<Int> { stateWeights.upperBound..<stateWeights.upperBound + gateCount }
  private var stateBiases: Range<Int> { inputBiases.upperBound..<inputBiases.upperBound + gateCount }

  func append(to layout: inout ParameterLayout, path: String) {
    layout.append("\(path).weight_ih", shape: [gateCount, inputCount])
    layout.append("\(path).weight_hh", shape: [gateCount, hiddenCount])
    layout.append("\(path).bias_ih", shape: [gateCount])
    layout.append("\(path).bias_hh", shape: [gateCount])
  }

  /// The default is uniform between ±1/√hidden throughout, as in PyTorch; other schemes draw each gate's block
  /// by itself.
  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    if scheme == .uniformFanIn {
      return drawUniform(&parameters, bound: 1 / Double.sqrt(Double(hiddenCount)), using: &stream)
    }
    for (range, columns) in [(inputWeights, inputCount), (stateWeights, hiddenCount)] {
      for gate in 0..<3 {
        let start = range.lowerBound + gate * hiddenCount * columns
        parameters.withPart(start..<start + hiddenCount * columns) {
          scheme.drawWeights(&$0, outputs: hiddenCount, inputs: columns, using: &stream)
        }
      }
    }
    parameters.withPart(inputBiases.lowerBound..<stateBiases.upperBound) { fill(&$0, with: 0) }
  }

  /// Keeps the gates and behind them the products of the state, each `[batch, 3 · hidden]`; their derivatives
  /// lie likewise, and behind them those carried from step to step, `[batch, hidden]`.
  func prepare(_ memory: inout LayerMemory, batch: Int, training: Bool) {
    memory.kept = [Float](repeating: 0, count: 2 * batch * gateCount)
    memory.states = [Float](repeating: 0, count: batch * hiddenCount)
    if training { memory.inner = [Float](repeating: 0, count: batch * (2 * gateCount + hiddenCount)) }
  }

  /// `[steps, sequences, in] -> [steps, sequences, hidden]`: one product for the inputs of all steps, and one
  /// for the state at each.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    let (steps, half) = (memory.steps, memory.kept.count / 2)
    let sequences = rows / steps
    let (stateSize, gateSize) = (sequences * hiddenCount, sequences * gateCount)
    var products: [Float] = []
    swap(&products, &memory.kept)
    var past: [Float] = []
    swap(&past, &memory.states)
    var kept = products.mutableSpan
    kept.withPart(0..<rows * gateCount) {
      multiply(
        inputs, parameters.extracting(inputWeights), into: &$0, rows: rows, inner: inputCount,
        columns: gateCount, transposingB: true)
    }
    var states = past.mutableSpan
    var outputs = memory.outputs.mutableSpan
    for step in 0..<steps {
      kept.withParts(step * gateSize, half + step * gateSize, count: gateSize) { gates, products in
        states.withPart(step * stateSize..<(step + 1) * stateSize) { state in
          multiply(
            state.span, parameters.extracting(stateWeights), into: &products, rows: sequences,
            inner: hiddenCount, columns: gateCount, transposingB: true)
          outputs.withPart(step * stateSize..<(step + 1) * stateSize) { next in
            advanceGatedUnits(
              gates: &gates, recurrent: &products, inputBiases: parameters.extracting(inputBiases),
              stateBiases: parameters.extracting(stateBiases), state: state.span, into: &next)
          }
        }
      }
      guard step + 1 < steps else { continue }
      states.withPart((step + 1) * stateSize..<(step + 2) * stateSize) {
        copy(outputs.span.extracting(step * stateSize..<(step + 1) * stateSize), into: &$0)
      }
    }
    swap(&products, &memory.kept)
    swap(&past, &memory.states)
  }

  /// Propagates through the steps, last to first, to the products of the inputs and of the state.
  ///
  /// The state before the first step is taken as a constant.
  func beginBackward(_ parameters: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    let (steps, half) = (memory.steps, memory.kept.count / 2)
    let sequences = rows / steps
    let (stateSize, gateSize) = (sequences * hiddenCount, sequences * gateCount)
    let (kept, outer, past) = (memory.kept, memory.gradients, memory.states)
    let gates = kept.span.extracting(0..<half)
    let products = kept.span.extracting(half..<2 * half)
    let (gradients, states) = (outer.span, past.span)
    var inner = memory.inner.mutableSpan
    inner.withHalves(at: 2 * half) { rest, behind in
      behind.withPart(0..<stateSize) { carry in
        fill(&carry, with: 0)
        for step in (0..<steps).reversed() {
          let own = step * stateSize..<(step + 1) * stateSize
          let ownGates = step * gateSize..<(step + 1) * gateSize
          rest.withParts(step * gateSize, half + step * gateSize, count: gateSize) { ofInputs, ofState in
            differentiateGatedUnits(
              gradients.extracting(own), carry: &carry, gates: gates.extracting(ownGates),
              recurrent: products.extracting(ownGates), state: states.extracting(own), hidden: hiddenCount,
              inputGradients: &ofInputs, stateGradients: &ofState)
            guard step > 0 else { return }
            multiply(
              ofState.span, parameters.extracting(stateWeights), into: &carry, rows: sequences,
              inner: gateCount, columns: hiddenCount, beta: 1)
          }
        }
      }
    }
  }

  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    let half = memory.kept.count / 2
    let ofInputs = memory.inner.span.extracting(0..<rows * gateCount)
    let ofState = memory.inner.span.extracting(half..<half + rows * gateCount)
    gradient.withPart(inputWeights) {
      multiply(
        ofInputs, inputs, into: &$0, rows: gateCount, inner: rows, columns: inputCount, transposingA: true)
    }
    gradient.withPart(stateWeights) {
      multiply(
        ofState, memory.states.span.extracting(0..<rows * hiddenCount), into: &$0, rows: gateCount,
        inner: rows, columns: hiddenCount, transposingA: true)
    }
    gradient.withPart(inputBiases) { sumColumns(of: ofInputs, into: &$0) }
    gradient.withPart(stateBiases) { sumColumns(of: ofState, into: &$0) }
  }

  func differentiateInputs(
    _ parameters: Span<Float>, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    multiply(
      memory.inner.span.extracting(0..<rows * gateCount), parameters.extracting(inputWeights), into: &gradients,
      rows: rows, inner: gateCount, columns: inputCount)
  }
}

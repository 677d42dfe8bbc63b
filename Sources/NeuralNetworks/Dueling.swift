internal import LinearAlgebra
internal import Randomness

/// The output layer of a dueling network (Wang et al. 2016, arXiv 1511.06581, equation 9):
/// `Q(a) = V + A(a) - mean_a A`, both streams affine in their inputs.
///
/// An action may have several branches that share the value (Tavakoli, Pardo, Kormushev 2018, arXiv
/// 1711.08946, equation 1); each branch has a mean of its own. With more than one atom, `Q`, `V` and `A` are
/// vectors of them, as distributions need (Hessel et al. 2018, arXiv 1710.02298). An output row lists for each
/// branch, for each of its options, the atoms.
///
/// Its parameters are `value_weight` `[atoms, in]`, `value_bias`, `advantage_weight` `[atoms · options, in]`
/// and `advantage_bias`; with noise each of them is two, ending in `_mu` and `_sigma`, as in ``NoisyDense``.
public struct Dueling: Sendable, Equatable {
  /// The number of values of an input row.
  public let inputCount: Int

  /// The number of options of each branch.
  public let branches: [Int]

  /// The number of values of each option.
  public let atoms: Int

  /// Whether the value takes the first half of the inputs and the advantages the second; else both take all.
  public let separateStreams: Bool

  /// σ₀ of ``NoisyDense``; nil without noise.
  public let initialSigma: Float?

  private let value: AffineMap
  private let advantage: AffineMap

  /// The number of values of an output row: the options of all branches times the atoms.
  public var outputCount: Int { advantage.outputCount }

  /// Whether both streams have noise.
  public var isNoisy: Bool { initialSigma != nil }

  /// Creates the description of a layer.
  /// - Precondition: Separate streams share an even number of inputs.
  public init(
    inputs: Int, branches: [Int], atoms: Int = 1, separateStreams: Bool = false, noisy: Bool = false,
    initialSigma: Float = 0.5
  ) {
    precondition(inputs > 0 && atoms > 0, "a dueling layer cannot map \(inputs) values to \(atoms) atoms")
    precondition(
      !branches.isEmpty && branches.allSatisfy { $0 > 0 }, "a dueling layer cannot have branches \(branches)")
    precondition(
      !separateStreams || inputs % 2 == 0, "two separate streams cannot share \(inputs) values evenly")
    precondition(initialSigma >= 0, "a noisy layer's sigma is not negative, unlike \(initialSigma)")
    inputCount = inputs
    self.branches = branches
    self.atoms = atoms
    self.separateStreams = separateStreams
    self.initialSigma = noisy ? initialSigma : nil
    let width = separateStreams ? inputs / 2 : inputs
    value = AffineMap(inputs: width, outputs: atoms, initialSigma: self.initialSigma)
    advantage = AffineMap(
      inputs: width, outputs: atoms * branches.reduce(0, +), initialSigma: self.initialSigma)
  }

  func append(to layout: inout ParameterLayout, path: String) {
    value.append(to: &layout, prefix: "\(path).value_")
    advantage.append(to: &layout, prefix: "\(path).advantage_")
  }

  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    parameters.withPart(valueParameters) { value.initialize(&$0, scheme, using: &stream) }
    parameters.withPart(advantageParameters) { advantage.initialize(&$0, scheme, using: &stream) }
  }

  /// Keeps the values, `[batch, atoms]`, and takes as many derivatives.
  func prepare(_ memory: inout LayerMemory, batch: Int, training: Bool) {
    memory.kept = [Float](repeating: 0, count: batch * atoms)
    if training { memory.inner = [Float](repeating: 0, count: batch * atoms) }
    memory.makeNoise(
      count: value.noiseCount + advantage.noiseCount, perturbed: value.perturbedCount + advantage.perturbedCount)
  }

  /// `[rows, in] -> [rows, options · atoms]`.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    let (ofValue, ofAdvantage) = (
      parameters.extracting(valueParameters), parameters.extracting(advantageParameters)
    )
    if memory.isNoisy {
      let noise = memory.noise
      var perturbed = memory.perturbed.mutableSpan
      perturbed.withPart(valuePerturbed) {
        value.perturb(ofValue, noise.span.extracting(valueNoise), into: &$0)
      }
      perturbed.withPart(advantagePerturbed) {
        advantage.perturb(ofAdvantage, noise.span.extracting(advantageNoise), into: &$0)
      }
      let whole = memory.perturbed
      let (own, others) = (whole.span.extracting(valuePerturbed), whole.span.extracting(advantagePerturbed))
      forward(
        inputs, rows: rows, own.extracting(value.weights), own.extracting(value.perturbedBiases),
        others.extracting(advantage.weights), others.extracting(advantage.perturbedBiases), in: &memory)
    } else {
      forward(
        inputs, rows: rows, ofValue.extracting(value.weights), ofValue.extracting(value.biases),
        ofAdvantage.extracting(advantage.weights), ofAdvantage.extracting(advantage.biases), in: &memory)
    }
  }

  private func forward(
    _ inputs: Span<Float>, rows: Int, _ valueWeights: Span<Float>, _ valueBiases: Span<Float>,
    _ advantageWeights: Span<Float>, _ advantageBiases: Span<Float>, in memory: inout LayerMemory
  ) {
    let behind = inputs.extracting(advantageOffset..<inputs.count)
    var values: [Float] = []
    swap(&values, &memory.kept)
    var kept = values.mutableSpan
    var storage = memory.outputs.mutableSpan
    kept.withPart(0..<rows * atoms) { values in
      value.forward(valueWeights, inputs, rows: rows, inputStride: inputCount, into: &values)
      storage.withPart(0..<rows * outputCount) { outputs in
        advantage.forward(advantageWeights, behind, rows: rows, inputStride: inputCount, into: &outputs)
        Activation.identity.apply(to: &values, adding: valueBiases)
        Activation.identity.apply(to: &outputs, adding: advantageBiases)
        combine(values.span, rows: rows, into: &outputs)
      }
    }
    swap(&values, &memory.kept)
  }

  /// Derivatives of the outputs become those of the advantages, in place, and of the values, in `inner`.
  func beginBackward(rows: Int, in memory: inout LayerMemory) {
    var sums: [Float] = []
    swap(&sums, &memory.inner)
    var inner = sums.mutableSpan
    var storage = memory.gradients.mutableSpan
    inner.withPart(0..<rows * atoms) { values in
      storage.withPart(0..<rows * outputCount) { gradients in
        sumOptions(gradients.span, rows: rows, into: &values)
        centerOptions(rows: rows, of: &gradients)
      }
    }
    swap(&sums, &memory.inner)
  }

  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    let noise = memory.noise.span
    gradient.withPart(valueParameters) {
      value.differentiateParameters(
        memory.inner.span.extracting(0..<rows * atoms), inputs, rows: rows, inputStride: inputCount,
        noise: noise.extracting(valueNoise), isNoisy: memory.isNoisy, into: &$0)
    }
    gradient.withPart(advantageParameters) {
      advantage.differentiateParameters(
        memory.gradients.span.extracting(0..<rows * outputCount),
        inputs.extracting(advantageOffset..<inputs.count), rows: rows, inputStride: inputCount,
        noise: noise.extracting(advantageNoise), isNoisy: memory.isNoisy, into: &$0)
    }
  }

  func differentiateInputs(
    _ parameters: Span<Float>, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    let perturbed = memory.perturbed.span
    let isNoisy = memory.isNoisy
    let valueWeights = (isNoisy ? perturbed : parameters).extracting(value.weights)
    let start = isNoisy ? value.perturbedCount : value.parameterCount
    let advantageWeights = (isNoisy ? perturbed : parameters).extracting(
      start..<start + advantage.weightCount)
    value.differentiateInputs(
      valueWeights, memory.inner.span.extracting(0..<rows * atoms), rows: rows, inputStride: inputCount,
      into: &gradients)
    gradients.withPart(advantageOffset..<gradients.count) {
      advantage.differentiateInputs(
        advantageWeights, memory.gradients.span.extracting(0..<rows * outputCount), rows: rows,
        inputStride: inputCount, adding: !separateStreams, into: &$0)
    }
  }

  private var advantageOffset: Int { separateStreams ? inputCount / 2 : 0 }

  private var valueParameters: Range<Int> { 0..<value.parameterCount }
  private var advantageParameters: Range<Int> {
    value.parameterCount..<value.parameterCount + advantage.parameterCount
  }

  private var valueNoise: Range<Int> { 0..<value.noiseCount }
  private var advantageNoise: Range<Int> { value.noiseCount..<value.noiseCount + advantage.noiseCount }

  private var valuePerturbed: Range<Int> { 0..<value.perturbedCount }
  private var advantagePerturbed: Range<Int> {
    value.perturbedCount..<value.perturbedCount + advantage.perturbedCount
  }
}

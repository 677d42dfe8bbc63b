internal import LinearAlgebra
public import Randomness

extension Network {
  /// Whether a layer has noise to be drawn.
  public var hasNoise: Bool { layers.contains { $0.hasNoise } }

  /// Draws new noise for every noisy layer; all evaluations in the workspace use it until the next draw.
  ///
  /// Draw before a forward pass, not between it and its backward pass. Takes one random word for two numbers;
  /// allocates nothing.
  public func drawNoise(in workspace: inout Workspace, using stream: inout RandomStream) {
    for index in 0..<layers.count where layers[index].hasNoise {
      workspace.layers[index].drawNoise(using: &stream)
    }
  }

  /// Silences the noise: evaluations in the workspace use the means, until noise is drawn again.
  public func silenceNoise(in workspace: inout Workspace) {
    for index in 0..<layers.count { workspace.layers[index].isNoisy = false }
  }
}

extension LayerMemory {
  /// Takes memory for silent noise, in pairs.
  mutating func makeNoise(count: Int, perturbed perturbedCount: Int) {
    noise = [Float](repeating: 0, count: (count + 1) / 2 * 2)
    perturbed = [Float](repeating: 0, count: perturbedCount)
  }

  /// Two uniform numbers of 24 bits from each random word, then two normal ones from each pair.
  mutating func drawNoise(using stream: inout RandomStream) {
    let half = noise.count / 2
    var values = noise.mutableSpan
    for index in 0..<half {
      let word = stream.next()
      values[index] = Float((word >> 40) + 1) * 0x1p-24
      values[half + index] = Float((word >> 8) & 0xFF_FFFF) * 0x1p-24
    }
    drawRootNormals(&values)
    isNoisy = true
  }
}

extension Workspace {
  /// Gives a layer known noise factors.
  package mutating func setNoise(_ factors: [Float], ofLayer index: Int) {
    precondition(
      factors.count <= layers[index].noise.count,
      "\(factors.count) noise factors for a layer of \(layers[index].noise.count)")
    for (place, factor) in factors.enumerated() { layers[index].noise[place] = factor }
    layers[index].isNoisy = true
  }
}

internal import NeuralNetworks

/// What the output layer of a dueling network is in a graph.
extension ONNXGraph {
  /// Adds `Q = V + A − mean A` as one affine map.
  mutating func appendDueling(
    _ dueling: Dueling, _ parameters: LayerParameters, reading input: String, to output: String
  ) -> String {
    let folded = FoldedDueling(dueling, parameters)
    let shape = [dueling.outputCount, dueling.inputCount]
    let weight = constant("\(parameters.path).weight", shape: shape, folded.weights)
    let bias = constant("\(parameters.path).bias", shape: [dueling.outputCount], folded.biases)
    return node("Gemm", [input, weight, bias], to: output, ["transB": 1])
  }
}

/// A dueling layer as the one affine map that it is: each option's row is that of the value, plus its own
/// advantage, less the mean of its branch's advantages; summed in `Double`.
///
/// With separate streams the row of the value covers the first half of the inputs, that of the advantages the
/// second.
private struct FoldedDueling {
  private(set) var weights: [Float]
  private(set) var biases: [Float]

  init(_ dueling: Dueling, _ parameters: LayerParameters) {
    let width = dueling.separateStreams ? dueling.inputCount / 2 : dueling.inputCount
    let suffix = dueling.isNoisy ? "_mu" : ""
    let firstColumn = dueling.inputCount - width
    weights = Self.folded(
      dueling, parameters["value_weight\(suffix)"], parameters["advantage_weight\(suffix)"], width: width,
      rowCount: dueling.inputCount, firstColumn: firstColumn)
    biases = Self.folded(
      dueling, parameters["value_bias\(suffix)"], parameters["advantage_bias\(suffix)"], width: 1, rowCount: 1,
      firstColumn: 0)
  }

  /// Rows of `rowCount` elements; those of the value begin at the first, those of the advantages at `firstColumn`.
  private static func folded(
    _ dueling: Dueling, _ value: [Float], _ advantage: [Float], width: Int, rowCount: Int, firstColumn: Int
  ) -> [Float] {
    var rows = [Double](repeating: 0, count: dueling.outputCount * rowCount)
    let atoms = dueling.atoms
    var first = 0
    for options in dueling.branches {
      for atom in 0..<atoms {
        for column in 0..<width {
          let elements = (0..<options).map { Double(advantage[((first + $0) * atoms + atom) * width + column]) }
          let mean = elements.reduce(0, +) / Double(options)
          for option in 0..<options {
            let row = ((first + option) * atoms + atom) * rowCount
            rows[row + column] += Double(value[atom * width + column])
            rows[row + firstColumn + column] += elements[option] - mean
          }
        }
      }
      first += options
    }
    return rows.map(Float.init)
  }
}

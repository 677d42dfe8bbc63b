import Glibc
import NeuralNetworks

/// Every kind of layer in plain `Double` loops, written from the formulas: the twin of networks of any layers.
struct ReferenceLayers {
  let network: Network
  let steps: Int

  /// The state before the first step, `[sequences, stateCount]`.
  let state: [Double]

  /// The noise of each layer: ε of inputs, then of outputs, for each affine map; empty for silence.
  let noise: [[Double]]

  /// `[rows, inputs] -> [rows, outputs]`.
  func outputs(_ parameters: [Double], _ inputs: [Double]) -> [Double] {
    var values = inputs
    var (start, offset) = (0, 0)
    for (index, layer) in network.layers.enumerated() {
      let count = network.layout.slots.filter { $0.layer == "layers.\(index)" }.reduce(0) { $0 + $1.range.count }
      let own = Array(parameters[start..<start + count])
      values = apply(layer, own, values, noise: noise[index], stateOffset: offset)
      start += count
      offset += layer.stateCount
    }
    return values
  }

  private func apply(
    _ layer: Layer, _ parameters: [Double], _ inputs: [Double], noise: [Double], stateOffset: Int
  ) -> [Double] {
    switch layer {
    case .dense(let dense):
      let map = Map(parameters, dense.inputCount, dense.outputCount)
      return rows(inputs, dense.inputCount).flatMap { row in
        map.apply(row).map { ReferenceNetwork.apply(dense.activation, $0) }
      }
    case .noisyDense(let dense):
      let map = Map(noisy: parameters, dense.inputCount, dense.outputCount, noise)
      return rows(inputs, dense.inputCount).flatMap { row in
        map.apply(row).map { ReferenceNetwork.apply(dense.activation, $0) }
      }
    case .layerNorm(let norm):
      return rows(inputs, norm.count).flatMap { row in
        let mean = row.reduce(0, +) / Double(norm.count)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(norm.count)
        let scale = 1 / (variance + Double(norm.epsilon)).squareRoot()
        return row.enumerated().map { column, x in
          let z = (x - mean) * scale * parameters[column] + parameters[norm.count + column]
          return ReferenceNetwork.apply(norm.activation, z)
        }
      }
    case .dueling(let dueling):
      return duel(dueling, parameters, inputs, noise)
    case .gru(let gru):
      return recur(gru, parameters, inputs, stateOffset)
    }
  }

  private func duel(
    _ layer: Dueling, _ parameters: [Double], _ inputs: [Double], _ noise: [Double]
  ) -> [Double] {
    let width = layer.separateStreams ? layer.inputCount / 2 : layer.inputCount
    let factor = layer.isNoisy ? 2 : 1
    let valueCount = factor * (width + 1) * layer.atoms
    let (own, others) = (Array(parameters[..<valueCount]), Array(parameters[valueCount...]))
    let split = min(noise.count, width + layer.atoms)
    let value =
      layer.isNoisy
      ? Map(noisy: own, width, layer.atoms, Array(noise[..<split])) : Map(own, width, layer.atoms)
    let advantage =
      layer.isNoisy
      ? Map(noisy: others, width, layer.outputCount, Array(noise[split...]))
      : Map(others, width, layer.outputCount)
    return rows(inputs, layer.inputCount).flatMap { row in
      let v = value.apply(Array(row[..<width]))
      let a = advantage.apply(Array(row[(layer.separateStreams ? width : 0)...]))
      var result = a
      var start = 0
      for options in layer.branches {
        for option in 0..<options {
          for atom in 0..<layer.atoms {
            let all = (0..<options).map { a[start + $0 * layer.atoms + atom] }
            let place = start + option * layer.atoms + atom
            result[place] = v[atom] + a[place] - all.reduce(0, +) / Double(options)
          }
        }
        start += options * layer.atoms
      }
      return result
    }
  }

  private func recur(_ gru: GRU, _ parameters: [Double], _ inputs: [Double], _ offset: Int) -> [Double] {
    let (n, hidden) = (gru.inputCount, gru.hiddenCount)
    let split = 3 * hidden * n
    let biases = split + 3 * hidden * hidden
    let ofInputs = Map(
      Array(parameters[..<split]) + Array(parameters[biases..<biases + 3 * hidden]), n, 3 * hidden)
    let ofState = Map(
      Array(parameters[split..<biases]) + Array(parameters[(biases + 3 * hidden)...]), hidden, 3 * hidden)
    let given = rows(inputs, n)
    let sequences = given.count / steps
    var result: [Double] = []
    var states = (0..<sequences).map { sequence in
      let start = sequence * network.stateCount + offset
      return Array(state[start..<start + hidden])
    }
    for step in 0..<steps {
      for sequence in 0..<sequences {
        let (x, h) = (ofInputs.apply(given[step * sequences + sequence]), ofState.apply(states[sequence]))
        states[sequence] = (0..<hidden).map { unit in
          let r = 1 / (1 + exp(-x[unit] - h[unit]))
          let z = 1 / (1 + exp(-x[hidden + unit] - h[hidden + unit]))
          let candidate = tanh(x[2 * hidden + unit] + r * h[2 * hidden + unit])
          return (1 - z) * candidate + z * states[sequence][unit]
        }
        result += states[sequence]
      }
    }
    return result
  }

  private func rows(_ values: [Double], _ columns: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
  }

  /// `W x + b`.
  private struct Map {
    var weights: [[Double]]
    var biases: [Double]

    init(_ parameters: [Double], _ inputs: Int, _ outputs: Int) {
      weights = (0..<outputs).map { Array(parameters[$0 * inputs..<($0 + 1) * inputs]) }
      biases = Array(parameters[(outputs * inputs)...])
    }

    init(noisy parameters: [Double], _ inputs: Int, _ outputs: Int, _ noise: [Double]) {
      let count = inputs * outputs
      let means = Map(Array(parameters[..<count] + parameters[2 * count..<2 * count + outputs]), inputs, outputs)
      let sigmas = Map(
        Array(parameters[count..<2 * count] + parameters[(2 * count + outputs)...]), inputs, outputs)
      self = means
      guard !noise.isEmpty else { return }
      for output in 0..<outputs {
        let e = noise[inputs + output]
        for input in 0..<inputs { weights[output][input] += sigmas.weights[output][input] * e * noise[input] }
        biases[output] += sigmas.biases[output] * e
      }
    }

    func apply(_ row: [Double]) -> [Double] {
      zip(weights, biases).map { weights, bias in zip(weights, row).reduce(bias) { $0 + $1.0 * $1.1 } }
    }
  }
}

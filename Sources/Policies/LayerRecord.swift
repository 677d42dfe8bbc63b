import NeuralNetworks
import Snapshots

/// A layer as a group of a checkpoint: its `kind` and settings as attributes, its parameters as datasets.
///
/// A further kind of layer is a case in both directions here.
enum LayerRecord {
  /// The attributes of a layer; parameters are added by the caller.
  static func attributes(of layer: Layer) -> Snapshot {
    var record = Snapshot()
    record.attributes["kind"] = .text(layer.kind)
    switch layer {
    case .dense(let dense):
      record.attributes["activation"] = .text(dense.activation.rawValue)
    case .noisyDense(let noisy):
      record.attributes["activation"] = .text(noisy.activation.rawValue)
      record.attributes["initial_sigma"] = .real(Double(noisy.initialSigma))
    case .layerNorm(let norm):
      record.attributes["activation"] = .text(norm.activation.rawValue)
      record.attributes["epsilon"] = .real(Double(norm.epsilon))
    case .dueling(let dueling):
      record.attributes["branches"] = .texts(dueling.branches.map { "\($0)" })
      record.attributes["atoms"] = .integer(Int64(dueling.atoms))
      record.attributes["streams"] = .text(dueling.separateStreams ? "separate" : "joint")
      if let sigma = dueling.initialSigma { record.attributes["initial_sigma"] = .real(Double(sigma)) }
    case .gru: break
    }
    return record
  }

  /// The layer of a group; `inputs` is the number of values that reach it.
  static func layer(from record: Snapshot, inputs: Int) throws(SnapshotError) -> Layer {
    let kind = try record.text(attribute: "kind")
    switch kind {
    case "dense":
      return .dense(
        Dense(
          inputs: inputs, outputs: try rows(of: "weight", in: record, columns: inputs),
          activation: try activation(in: record)))
    case "noisy_dense":
      return .noisyDense(
        NoisyDense(
          inputs: inputs, outputs: try rows(of: "weight_mu", in: record, columns: inputs),
          activation: try activation(in: record), initialSigma: try sigma(in: record)))
    case "layer_norm":
      let epsilon = Float(try record.real(attribute: "epsilon"))
      guard epsilon > 0, epsilon.isFinite else {
        throw record.mismatch("@epsilon", expected: "a positive number", found: "\(epsilon)")
      }
      let shape = try record.dataset("weight").shape
      guard shape == [inputs] else {
        throw record.mismatch("weight", expected: "a shape of [\(inputs)]", found: "\(shape)")
      }
      return .layerNorm(LayerNorm(count: inputs, epsilon: epsilon, activation: try activation(in: record)))
    case "dueling": return .dueling(try dueling(from: record, inputs: inputs))
    case "gru":
      let rows = try rows(of: "weight_ih", in: record, columns: inputs)
      guard rows % 3 == 0 else {
        throw record.mismatch("weight_ih", expected: "three gates of one height", found: "\(rows) rows")
      }
      return .gru(GRU(inputs: inputs, hidden: rows / 3))
    default:
      throw record.mismatch(
        "@kind", expected: "dense, noisy_dense, layer_norm, dueling or gru", found: "\"\(kind)\"")
    }
  }

  private static func dueling(from record: Snapshot, inputs: Int) throws(SnapshotError) -> Dueling {
    let texts = try record.texts(attribute: "branches")
    let branches = texts.compactMap { Int($0) }.filter { (1...1_000_000).contains($0) }
    guard branches.count == texts.count, !branches.isEmpty else {
      throw record.mismatch("@branches", expected: "the number of options of each branch", found: "\(texts)")
    }
    let atoms = try record.integer(attribute: "atoms")
    guard (1...1_000_000).contains(atoms) else {
      throw record.mismatch("@atoms", expected: "a positive number", found: "\(atoms)")
    }
    let streams = try record.text(attribute: "streams")
    let isSeparate = streams == "separate"
    guard isSeparate && inputs % 2 == 0 || streams == "joint" else {
      throw record.mismatch("@streams", expected: "\"joint\", or \"separate\" for an even width", found: streams)
    }
    let isNoisy = record.attributes["initial_sigma"] != nil
    let weight = isNoisy ? "advantage_weight_mu" : "advantage_weight"
    let rows = try rows(of: weight, in: record, columns: isSeparate ? inputs / 2 : inputs)
    guard rows == branches.reduce(0, +) * atoms else {
      throw record.mismatch(
        weight, expected: "\(atoms) rows for each option of \(branches)", found: "\(rows) rows")
    }
    return Dueling(
      inputs: inputs, branches: branches, atoms: atoms, separateStreams: isSeparate, noisy: isNoisy,
      initialSigma: isNoisy ? try sigma(in: record) : 0.5)
  }

  private static func sigma(in record: Snapshot) throws(SnapshotError) -> Float {
    let sigma = Float(try record.real(attribute: "initial_sigma"))
    guard sigma >= 0, sigma.isFinite else {
      throw record.mismatch("@initial_sigma", expected: "a number that is not negative", found: "\(sigma)")
    }
    return sigma
  }

  private static func activation(in record: Snapshot) throws(SnapshotError) -> Activation {
    let name = try record.text(attribute: "activation")
    guard let activation = Activation(rawValue: name) else {
      throw record.mismatch(
        "@activation", expected: "one of \(Activation.allCases.map(\.rawValue))", found: "\"\(name)\"")
    }
    return activation
  }

  /// The height of a weight whose width is known.
  private static func rows(of name: String, in record: Snapshot, columns: Int) throws(SnapshotError) -> Int {
    let shape = try record.dataset(name).shape
    guard shape.count == 2, shape[1] == columns, shape[0] > 0 else {
      throw record.mismatch(name, expected: "a shape of [outputs, \(columns)]", found: "\(shape)")
    }
    return shape[0]
  }
}

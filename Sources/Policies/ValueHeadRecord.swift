import NeuralNetworks
import Snapshots

/// How action values are made of outputs, as attributes of a group's networks: `values`, and its settings.
extension ValueHead {
  func record(in networks: inout Snapshot) {
    switch self {
    case .expected: networks.attributes["values"] = .text("expected")
    case .categorical(let support):
      networks.attributes["values"] = .text("categorical")
      networks.attributes["atoms"] = .integer(Int64(support.count))
      networks.attributes["minimum"] = .real(Double(support.minimum))
      networks.attributes["maximum"] = .real(Double(support.maximum))
    case .quantile(let count):
      networks.attributes["values"] = .text("quantile")
      networks.attributes["atoms"] = .integer(Int64(count))
    }
  }

  /// Reads what ``record(in:)`` wrote; files from before there were other heads have nothing there.
  init(from networks: Snapshot) throws(SnapshotError) {
    guard networks.attributes["values"] != nil else {
      self = .expected
      return
    }
    let name = try networks.text(attribute: "values")
    if name == "expected" {
      self = .expected
      return
    }
    let atoms = try networks.integer(attribute: "atoms")
    guard (1...1_000_000).contains(atoms) else {
      throw networks.mismatch("@atoms", expected: "a positive number", found: "\(atoms)")
    }
    switch name {
    case "quantile": self = .quantile(count: atoms)
    case "categorical":
      let minimum = Float(try networks.real(attribute: "minimum"))
      let maximum = Float(try networks.real(attribute: "maximum"))
      guard minimum.isFinite, maximum.isFinite, minimum < maximum, atoms > 1 else {
        throw networks.mismatch(
          "@minimum", expected: "less than @maximum, with two atoms or more", found: "\(minimum) to \(maximum)")
      }
      self = .categorical(CategoricalSupport(minimum: minimum, maximum: maximum, count: atoms))
    default:
      throw networks.mismatch("@values", expected: "expected, categorical or quantile", found: "\"\(name)\"")
    }
  }
}

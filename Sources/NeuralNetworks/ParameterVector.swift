internal import LinearAlgebra
public import Snapshots

/// Everything a network learns, in one flat array with named slots.
///
/// A gradient is a vector of the same layout. Optimizers, target networks, averages over clients and
/// checkpoints each pass over ``values`` once.
public struct ParameterVector: Sendable, Equatable {
  /// Which parameter lies where.
  public let layout: ParameterLayout

  /// The elements, `layout.count` of them.
  public var values: [Float]

  /// Creates a vector of zeros.
  public init(layout: ParameterLayout) {
    self.init(layout: layout, values: [Float](repeating: 0, count: layout.count))
  }

  /// Creates a vector from its elements.
  public init(layout: ParameterLayout, values: [Float]) {
    self.layout = layout
    self.values = values
    precondition(
      values.count == layout.count, "\(values.count) values do not fill a layout of \(layout.count)")
  }

  /// The elements of one parameter, in row-major order; nil when the layout has no such name.
  public subscript(name: String) -> [Float]? {
    layout[name].map { Array(values[$0.range]) }
  }

  /// Takes over the values of another vector: the hard update of a target network. O(count), no allocation.
  public mutating func copy(from other: ParameterVector) {
    checkLayout(other)
    var target = values.mutableSpan
    LinearAlgebra.copy(other.values.span, into: &target)
  }

  /// Moves toward another vector by Polyak averaging: `(1 - tau) · self + tau · other`, in one pass.
  ///
  /// Each operation is rounded by itself, as in PyTorch's `mul_` and `add_`, and subnormal numbers count as
  /// zero. 0 changes nothing; 1 copies.
  public mutating func move(toward other: ParameterVector, by tau: Float) {
    precondition(tau >= 0 && tau <= 1, "a target moves by a fraction between 0 and 1, not by \(tau)")
    checkLayout(other)
    var target = values.mutableSpan
    flushingSubnormals { interpolate(&target, toward: other.values.span, by: tau) }
  }

  private func checkLayout(_ other: ParameterVector) {
    precondition(
      layout.count == other.layout.count,
      "a vector of \(layout.count) parameters and one of \(other.layout.count) are not of one network",
    )
  }
}

extension ParameterVector: Restorable {
  /// A group for each layer with a float32 dataset for each parameter: `layers.0` has `weight` and `bias`.
  public func snapshot() -> Snapshot {
    var layers = NamedValues<Snapshot>()
    for slot in layout.slots {
      var layer = layers[slot.layer] ?? Snapshot()
      layer.set(slot.parameter, Array(values[slot.range]), shape: slot.shape)
      layers[slot.layer] = layer
    }
    var snapshot = Snapshot()
    for (name, layer) in layers { snapshot.set(name, layer) }
    return snapshot
  }

  /// Reads every parameter of the layout; throws when one is missing or has another shape.
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var restored: [Float] = []
    restored.reserveCapacity(layout.count)
    for slot in layout.slots {
      let layer = try snapshot.group(slot.layer)
      let found = try layer.dataset(slot.parameter)
      guard found.shape == slot.shape else {
        throw layer.mismatch(
          slot.parameter, expected: "float32 of shape \(slot.shape)",
          found: "\(found.values.typeName) of shape \(found.shape)")
      }
      restored += try layer.floats(slot.parameter)
    }
    values = restored
  }
}

public import ReinforcementLearning
package import Snapshots

/// The affine map from observations in physical units to what a network reads: x ↦ (x − offset) / scale.
///
/// A policy carries one whose numbers never move, so that evaluation and export see what training saw; while a learner
/// learns, a ``RunningNormalizer`` may move its own.
public struct Normalizer: Sendable, Equatable {
  /// What is taken off each value.
  public private(set) var offset: [Float]
  /// What each value is then divided by; positive.
  public private(set) var scale: [Float]

  /// A map by its numbers.
  public init(offset: [Float], scale: [Float]) {
    precondition(
      offset.count == scale.count && scale.allSatisfy { $0 > 0 && $0.isFinite } && offset.allSatisfy(\.isFinite),
      "a normaliser needs finite offsets and positive finite scales, not \(offset) and \(scale)")
    self.offset = offset
    self.scale = scale
  }

  /// The map that changes nothing.
  public static func identity(_ count: Int) -> Normalizer {
    Normalizer(offset: [Float](repeating: 0, count: count), scale: [Float](repeating: 1, count: count))
  }

  /// The map that takes each field's range to [−1, 1]; fields with an infinite end or of one value only stay
  /// as they are.
  public static func ranges(of space: ObservationSpace) -> Normalizer {
    var offset: [Float] = []
    var scale: [Float] = []
    for field in space.fields {
      let half = field.range.upperBound / 2 - field.range.lowerBound / 2
      let finite = half.isFinite && half > 0
      offset.append(finite ? field.range.lowerBound + half : 0)
      scale.append(finite ? half : 1)
    }
    return Normalizer(offset: offset, scale: scale)
  }

  /// Whether the map changes nothing.
  public var isIdentity: Bool { offset.allSatisfy { $0 == 0 } && scale.allSatisfy { $0 == 1 } }

  /// Sets what is done with one value.
  mutating func set(_ column: Int, offset: Float, scale: Float) {
    self.offset[column] = offset
    self.scale[column] = scale
  }

  /// Maps `rows` observations that lie one after another.
  public func apply(_ values: Span<Float>, rows: Int, into result: inout MutableSpan<Float>) {
    let width = offset.count
    let offset = offset.span
    let scale = scale.span
    for row in 0..<rows {
      let base = row * width
      for column in 0..<width {
        result[base + column] = (values[base + column] - offset[column]) / scale[column]
      }
    }
  }

  /// Takes observations that lie one after another back to physical units, in their place: x ↦ x · scale + offset.
  public func undo(inPlace values: inout MutableSpan<Float>) {
    let width = offset.count
    precondition(values.count % width == 0, "\(values.count) values are not rows of \(width)")
    let offset = offset.span
    let scale = scale.span
    for base in stride(from: 0, to: values.count, by: width) {
      for column in 0..<width { values[base + column] = values[base + column] * scale[column] + offset[column] }
    }
  }

  /// Maps observations that lie one after another, in their place.
  public func apply(inPlace values: inout MutableSpan<Float>) {
    if isIdentity { return }
    let width = offset.count
    precondition(values.count % width == 0, "\(values.count) values are not rows of \(width)")
    let offset = offset.span
    let scale = scale.span
    for base in stride(from: 0, to: values.count, by: width) {
      for column in 0..<width { values[base + column] = (values[base + column] - offset[column]) / scale[column] }
    }
  }

  package func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("offset", offset)
    snapshot.set("scale", scale)
    return snapshot
  }

  package init(from snapshot: Snapshot, count: Int) throws(SnapshotError) {
    let offset = try snapshot.floats("offset", count: count)
    let scale = try snapshot.floats("scale", count: count)
    if let wrong = offset.first(where: { !$0.isFinite }) {
      throw snapshot.mismatch("offset", expected: "finite numbers", found: "\(wrong)")
    }
    if let wrong = scale.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw snapshot.mismatch("scale", expected: "positive finite numbers", found: "\(wrong)")
    }
    self.init(offset: offset, scale: scale)
  }
}

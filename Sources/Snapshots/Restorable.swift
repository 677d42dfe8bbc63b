/// A value whose whole state can be taken as a snapshot and put back.
///
/// `restore(from: other.snapshot())` makes the value behave as `other` does from there on, bit for bit.
public protocol Restorable {
  /// The state that a later ``restore(from:)`` needs.
  func snapshot() -> Snapshot

  /// Takes over the state in `snapshot`, all of it or, on an error, nothing: then the value is unchanged.
  ///
  /// A conforming type reads and checks everything first and assigns afterwards.
  mutating func restore(from snapshot: Snapshot) throws(SnapshotError)
}

public import Randomness
public import Snapshots

/// What compression has lost of a client's differences so far, to be sent with the next.
///
/// For a difference Δ and the residual e: w = Δ + e is compressed, and e ← w − (what is read of it), each in `Float`, in
/// this order. So the sum of all that arrived and e is the sum of all differences, but for rounding; for `top-k` with
/// 32-bit values every single step is exact: each element of w is either sent or kept.
///
/// What was compressed counts as arrived, even where the server then leaves the update out.
///
/// Source: S. P. Karimireddy, Q. Rebjock, S. U. Stich, M. Jaggi, "Error feedback fixes SignSGD and other gradient
/// compression schemes", ICML 2019, algorithm 1.
public struct ErrorFeedback: Restorable, Sendable, Equatable {
  /// What has been lost, as long as the differences; empty before the first, and for compressors that keep nothing.
  public private(set) var residual: [Float] = []

  /// Nothing lost yet.
  public init() {}

  /// Compresses a difference together with the residual and keeps what is lost anew.
  ///
  /// An element that is not finite is sent, for the server to refuse, and leaves no residual.
  /// - Precondition: All differences have one length.
  public mutating func encode(
    _ difference: [Float], by compressor: any Compressor, using stream: inout RandomStream
  ) -> [UInt8] {
    guard compressor.keepsResidual else { return compressor.encode(difference, using: &stream) }
    var wanted = difference
    if !residual.isEmpty {
      precondition(
        residual.count == difference.count, "a difference of \(difference.count) after some of \(residual.count)")
      for index in 0..<wanted.count { wanted[index] += residual[index] }
    }
    let bytes = compressor.encode(wanted, using: &stream)
    let sent: [Float]
    do {
      sent = try compressor.decode(bytes, count: wanted.count)
    } catch {
      preconditionFailure("a compressor cannot read what it wrote: \(error)")
    }
    for index in 0..<wanted.count {
      let lost = wanted[index] - sent[index]
      wanted[index] = lost.isFinite ? lost : 0
    }
    residual = wanted
    return bytes
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("residual", residual)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    residual = try snapshot.floats("residual")
  }
}

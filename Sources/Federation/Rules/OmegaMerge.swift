public import Configuration

/// `omega-merge`: each client keeps a share ω of its own parameters and takes the rest from the mean of the others.
///
/// θᵢ ← ω θᵢ + (1 − ω) · meanⱼ≠ᵢ θⱼ. At ω = 1 the clients are independent, at ω = 1/N each gets the plain mean of all N.
/// The server's model is the plain mean M of those who took part, each counted once whatever it has seen; a client
/// computes the mean of the others in 64 bits, (N·M − θᵢ) / (N − 1), or takes M if it took no part. Alone it keeps its
/// own.
///
/// Source: Z. Zhu, S. Wan, P. Fan, K. B. Letaief, "Federated multiagent actor–critic learning for age sensitive
/// mobile-edge computing", IEEE Internet of Things Journal 9(2), 2022.
public struct OmegaMerge: MeanRule {
  public static let name = "omega-merge"
  public static let summary = "every client keeps a share omega of its own and takes the rest from the others' mean"
  public static let countsEqually = true

  private let omega: Double

  /// Reads `omega`, ω.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    omega = try mapping.number("omega", in: .fraction)
  }

  /// The rule with a share ω from 0 to 1.
  public init(omega: Double) { self.omega = omega }

  public var isPersonal: Bool { true }

  public mutating func move(_ model: inout [Float], towards mean: [Float]) { model = mean }

  public func blend(own: [Float], merged: [Float], contributors: Int) -> [Float] {
    precondition(own.count == merged.count, "\(own.count) own parameters and \(merged.count) merged ones")
    if contributors == 1 || omega == 1 { return own }
    let omega = omega
    // A mean without the own parameters is that of the others already.
    let all = Double(contributors)
    let (share, ownShare) = contributors == 0 ? (1, 0) : (all / (all - 1), 1 / (all - 1))
    var blended = [Float](repeating: 0, count: own.count)
    do {
      let (ownSpan, mergedSpan) = (own.span, merged.span)
      var blendedSpan = blended.mutableSpan
      for index in 0..<blendedSpan.count {
        let mine = Double(ownSpan[index])
        let others = share * Double(mergedSpan[index]) - ownShare * mine
        blendedSpan[index] = Float(omega * mine + (1 - omega) * others)
      }
    }
    return blended
  }
}

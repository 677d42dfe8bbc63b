/// The mean of the parameters of several clients, each counted by its weight, summed in 64 bits in the order of the
/// clients.
///
/// Equal parameters give themselves to the bit, as long as the weights are whole numbers below 2²⁹ in sum.
public enum WeightedMean {
  /// Writes Σ wₖ θₖ / Σ wₖ. O(clients × parameters).
  public static func write(_ updates: [ClientUpdate], into mean: inout [Float]) {
    let total = updates.reduce(0) { $0 + $1.weight }
    for position in mean.indices {
      mean[position] = Float(updates.reduce(0) { $0 + $1.weight * Double($1.parameters[position]) } / total)
    }
  }
}

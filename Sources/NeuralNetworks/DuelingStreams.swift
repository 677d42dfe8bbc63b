internal import LinearAlgebra

extension Dueling {
  /// `q = v + a - mean a` in place of the advantages, each branch with its own mean.
  func combine(_ values: Span<Float>, rows: Int, into outputs: inout MutableSpan<Float>) {
    centerOptions(rows: rows, of: &outputs)
    let options = outputCount / atoms
    for row in 0..<rows {
      for option in 0..<options {
        let start = row &* outputCount &+ option &* atoms
        for atom in 0..<atoms { outputs[start &+ atom] += values[row &* atoms &+ atom] }
      }
    }
  }

  /// Subtracts from each atom its mean over the options of the branch: a projection that is its own transpose,
  /// so that it serves the derivatives too.
  func centerOptions(rows: Int, of y: inout MutableSpan<Float>) {
    var start = 0
    for _ in 0..<rows {
      for options in branches {
        let share = 1 / Float(options)
        for atom in start..<start &+ atoms {
          var total: Float = 0
          for option in 0..<options { total += y[atom &+ option &* atoms] }
          let mean = total * share
          for option in 0..<options { y[atom &+ option &* atoms] -= mean }
        }
        start &+= options &* atoms
      }
    }
  }

  /// Sums each atom over all options of all branches: what the derivatives say of the value.
  func sumOptions(_ gradients: Span<Float>, rows: Int, into values: inout MutableSpan<Float>) {
    fill(&values, with: 0)
    let options = outputCount / atoms
    for row in 0..<rows {
      for option in 0..<options {
        let start = row &* outputCount &+ option &* atoms
        for atom in 0..<atoms { values[row &* atoms &+ atom] += gradients[start &+ atom] }
      }
    }
  }
}

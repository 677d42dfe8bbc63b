/// How a processor's speed F is divided among tasks that run at the same time.
public enum CPUSplit: String, Sendable, CaseIterable {
  /// fᵢ = F √(wᵢCᵢ) / Σ√(wC): the least Σ wᵢCᵢ/fᵢ, by the Cauchy–Schwarz inequality; that least sum is (Σ√(wC))²/F.
  case squareRoot = "square-root"
  /// fᵢ = F Cᵢ / ΣC: all tasks finish together.
  case proportional
  /// fᵢ = F/n.
  case equal

  /// Writes the speed of each task.
  ///
  /// - Parameters:
  ///   - cycles: Cᵢ ≥ 0; a task without cycles gets nothing but an equal share.
  ///   - weights: wᵢ ≥ 0 of the square-root rule; all 1 if there are none.
  ///   - capacity_Hz: F.
  ///   - speeds_Hz: as many as tasks; their sum is F unless no task has cycles.
  public func write(
    cycles: Span<Double>, weights: Span<Double>? = nil, capacity_Hz: Double, into speeds_Hz: inout MutableSpan<Double>
  ) {
    let count = cycles.count
    precondition(speeds_Hz.count == count, "\(count) tasks with room for \(speeds_Hz.count) speeds")
    var sum = 0.0
    for task in 0..<count {
      var weight = 1.0
      if let weights { weight = weights[task] }
      let part =
        switch self {
        case .squareRoot: (cycles[task] * weight).squareRoot()
        case .proportional: cycles[task]
        case .equal: 1.0
        }
      speeds_Hz[task] = part
      sum += part
    }
    for task in 0..<count { speeds_Hz[task] = sum > 0 ? capacity_Hz * (speeds_Hz[task] / sum) : 0 }
  }

  /// The speed of each task.
  public func speeds_Hz(cycles: [Double], weights: [Double]? = nil, capacity_Hz: Double) -> [Double] {
    var speeds = [Double](repeating: 0, count: cycles.count)
    var span = speeds.mutableSpan
    if let weights {
      write(cycles: cycles.span, weights: weights.span, capacity_Hz: capacity_Hz, into: &span)
    } else {
      write(cycles: cycles.span, capacity_Hz: capacity_Hz, into: &span)
    }
    return speeds
  }
}

/// A task that can be divided between two places that work at the same time.
public enum PartialOffloading {
  /// The share to send away so that both places end together, and that time: ρ* = t_l/(t_l + t_o), T* = t_l t_o/(t_l +
  /// t_o), where t_l and t_o are the times of the whole task here and away. No other share ends sooner: the one side
  /// takes (1 − ρ) t_l, the other ρ t_o.
  public static func best(local_s: Double, away_s: Double) -> (share: Double, time_s: Double) {
    precondition(
      local_s >= 0 && away_s >= 0 && local_s + away_s > 0,
      "times must not be negative nor both nothing: \(local_s) s and \(away_s) s")
    if local_s == .infinity { return (1, away_s) }
    if away_s == .infinity { return (0, local_s) }
    return (local_s / (local_s + away_s), local_s / (local_s + away_s) * away_s)
  }
}

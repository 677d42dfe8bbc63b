internal import RealModule

/// How a learning rate changes from step to step.
///
/// A warm-up of n steps comes first: step k of it has `(k + 1) / n` of the initial rate, and the schedule starts
/// behind it. The rates are those of PyTorch's `ConstantLR`, `LinearLR`, `StepLR`, `ExponentialLR` and
/// `CosineAnnealingLR`, up to the end of the schedule; where there is an end, the last rate stays.
public enum LearningRateSchedule: Sendable, Equatable {
  /// The initial rate.
  case constant(warmUp: Int = 0)

  /// From the initial rate on a line to `endFactor` times it, within `steps`.
  case linear(endFactor: Float, steps: Int, warmUp: Int = 0)

  /// Times `factor` after every `every` steps.
  case stepDecay(factor: Float, every: Int, warmUp: Int = 0)

  /// Times `factor` after every step.
  case exponential(factor: Float, warmUp: Int = 0)

  /// From the initial rate along half a cosine to `minimum`, a rate, within `steps` (Loshchilov and Hutter 2017,
  /// arXiv 1608.03983, equation 5, without restarts).
  case cosine(minimum: Float, steps: Int, warmUp: Int = 0)

  /// The steps of the warm-up.
  public var warmUp: Int {
    switch self {
    case .constant(let warmUp), .linear(_, _, let warmUp), .stepDecay(_, _, let warmUp),
      .exponential(_, let warmUp), .cosine(_, _, let warmUp):
      warmUp
    }
  }

  /// The rate of a step, counted from zero.
  public func rate(initial: Float, step: Int) -> Float {
    precondition(step >= 0, "there is no learning rate of step \(step)")
    let start = Double(initial)
    if step < warmUp { return Float(start * Double(step + 1) / Double(warmUp)) }
    let step = step - warmUp
    switch self {
    case .constant: return initial
    case .linear(let endFactor, let steps, _):
      precondition(steps > 0, "a learning rate cannot move within \(steps) steps")
      let part = min(Double(step) / Double(steps), 1)
      return Float(start * (1 + (Double(endFactor) - 1) * part))
    case .stepDecay(let factor, let every, _):
      precondition(every > 0, "a learning rate cannot decay every \(every) steps")
      return Float(start * Double.pow(Double(factor), step / every))
    case .exponential(let factor, _):
      return Float(start * Double.pow(Double(factor), step))
    case .cosine(let minimum, let steps, _):
      precondition(steps > 0, "a learning rate cannot move within \(steps) steps")
      let part = min(Double(step) / Double(steps), 1)
      return Float(Double(minimum) + (start - Double(minimum)) * (1 + Double.cos(Double.pi * part)) / 2)
    }
  }
}

internal import COpenBLAS

/// The step of an optimizer with two moments, in one pass over all vectors.
///
/// With `g = scale · gradient`, element by element:
/// `m += meanGain · (g - m)`, `v = squareDecay · v + squareGain · g²`,
/// `θ = retention · θ - length · m / (√v · rootFactor + epsilon)`.
/// One square root and one division for each element, eight elements at a time. A target that is not empty
/// follows: `(1 - fraction) · target + fraction · θ`.
public func moveByMoments(
  _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, scale: Float,
  means: inout MutableSpan<Float>, squares: inout MutableSpan<Float>,
  meanGain: Float, squareDecay: Float, squareGain: Float,
  length: Float, rootFactor: Float, epsilon: Float, retention: Float = 1,
  dragging target: inout MutableSpan<Float>, by fraction: Float
) {
  precondition(
    means.count == parameters.count && squares.count == parameters.count,
    "\(parameters.count) parameters, \(means.count) and \(squares.count) moments")
  var none = MutableSpan<Float>()
  passOverElements(
    &parameters, gradient, scale: scale, &means, &squares, &none, target: &target, fraction: fraction,
    MomentStep(
      meanGain: meanGain, squareDecay: squareDecay, squareGain: squareGain, length: length,
      rootFactor: rootFactor, epsilon: epsilon, retention: retention))
}

private struct MomentStep: ElementStep {
  let meanGain, squareDecay, squareGain, length, rootFactor, epsilon, retention: Float

  @inline(__always)
  func move(_ lanes: inout Lanes) {
    let g = lanes.gradient
    lanes.first += meanGain * (g - lanes.first)
    lanes.second = squareDecay * lanes.second + squareGain * (g * g)
    lanes.parameter =
      retention * lanes.parameter
      - length * lanes.first / (edgewise_square_root(lanes.second) * rootFactor + epsilon)
  }
}

/// The step of gradient descent with momentum, in one pass over all vectors.
///
/// With `g = scale · gradient + weightDecay · θ`: `b = momentum · b + g`, `θ -= length · d`, where d is b,
/// or `g + momentum · b` if it looks ahead (Nesterov). Without velocities d is g. A target that is not empty
/// follows: `(1 - fraction) · target + fraction · θ`.
public func moveByVelocity(
  _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, scale: Float,
  velocities: inout MutableSpan<Float>, momentum: Float, looksAhead: Bool, weightDecay: Float, length: Float,
  dragging target: inout MutableSpan<Float>, by fraction: Float
) {
  let hasVelocity = velocities.count > 0
  var none = MutableSpan<Float>()
  var noneEither = MutableSpan<Float>()
  passOverElements(
    &parameters, gradient, scale: scale, &velocities, &none, &noneEither, target: &target, fraction: fraction,
    VelocityStep(
      hasVelocity: hasVelocity, looksAhead: looksAhead, momentum: momentum, weightDecay: weightDecay,
      length: length))
}

private struct VelocityStep: ElementStep {
  let hasVelocity, looksAhead: Bool
  let momentum, weightDecay, length: Float

  @inline(__always)
  func move(_ lanes: inout Lanes) {
    let g = lanes.gradient + weightDecay * lanes.parameter
    lanes.first = momentum * lanes.first + g
    let ahead = looksAhead ? g + momentum * lanes.first : lanes.first
    lanes.parameter -= length * (hasVelocity ? ahead : g)
  }
}

/// The step of an optimizer that divides by the root of a mean square, in one pass over all vectors.
///
/// With `g = scale · gradient`: `v = decay · v + gain · g²`; with means, `m += gain · (g - m)` and v loses m²
/// under the root; `q = g / (√v + epsilon)`; with velocities, `b = momentum · b + q` and `θ -= length · b`, else
/// `θ -= length · q`. Means and velocities are empty where not wanted. A target that is not empty follows.
public func moveByRootMeanSquare(
  _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, scale: Float,
  squares: inout MutableSpan<Float>, means: inout MutableSpan<Float>, velocities: inout MutableSpan<Float>,
  decay: Float, gain: Float, epsilon: Float, momentum: Float, length: Float,
  dragging target: inout MutableSpan<Float>, by fraction: Float
) {
  let (isCentered, hasVelocity) = (means.count > 0, velocities.count > 0)
  passOverElements(
    &parameters, gradient, scale: scale, &squares, &means, &velocities, target: &target, fraction: fraction,
    RootMeanSquareStep(
      isCentered: isCentered, hasVelocity: hasVelocity, decay: decay, gain: gain, epsilon: epsilon,
      momentum: momentum, length: length))
}

private struct RootMeanSquareStep: ElementStep {
  let isCentered, hasVelocity: Bool
  let decay, gain, epsilon, momentum, length: Float

  @inline(__always)
  func move(_ lanes: inout Lanes) {
    let g = lanes.gradient
    lanes.first = decay * lanes.first + gain * (g * g)
    var spread = lanes.first
    if isCentered {
      lanes.second += gain * (g - lanes.second)
      spread -= lanes.second * lanes.second
      spread.replace(with: 0, where: spread .< 0)
    }
    let quotient = g / (edgewise_square_root(spread) + epsilon)
    if hasVelocity { lanes.third = momentum * lanes.third + quotient }
    lanes.parameter -= length * (hasVelocity ? lanes.third : quotient)
  }
}

import LinearAlgebra
package import Policies
package import Randomness

/// Actions drawn from actors' outputs so that a critic can be differentiated through them.
///
/// An action enters a critic as numbers: a one-hot vector for each choice, then each real number's place in [−1, 1]
/// of its range. A choice is drawn by the Gumbel-softmax (E. Jang et al., C. Maddison et al., ICLR 2017): with
/// gᵢ = −log(−log uᵢ) the option of the greatest logitᵢ + gᵢ is taken, and y = softmax((logit + g) / T) stands for
/// it in the backward pass (straight-through). Only permitted options take part; equals are decided for the
/// lowest, so that exactly one entry is 1. Where nothing is permitted all entries are 0.
package struct ActionSample: Sendable {
  /// The number of values of one action.
  package let width: Int
  /// The actions, rows × width.
  package private(set) var actions: [Float]
  /// Softmax probabilities of the options, then tanh of the numbers: what the derivatives are made of.
  package private(set) var soft: [Float]
  private let outputs: ActorOutputs
  private let rows: Int
  /// Uniform numbers, rows × logits.
  private var uniforms: [Float]

  package init(_ outputs: ActorOutputs, rows: Int) {
    self.outputs = outputs
    self.rows = rows
    width = outputs.count
    actions = [Float](repeating: 0, count: rows * outputs.count)
    soft = actions
    uniforms = [Float](repeating: 0.5, count: rows * outputs.logitCount)
  }

  /// Draws an action for each row.
  ///
  /// - Parameters:
  ///   - values: the actors' outputs, rows × ``width``.
  ///   - masks: permitted options, rows × logits.
  ///   - temperature: T of the softmax; nil where nothing will be differentiated, so that there is no softmax.
  ///   - stream: where the uniform numbers come from.
  package mutating func draw(
    _ values: Span<Float>, permitted masks: Span<Bool>, rows count: Int, temperature: Float?,
    using stream: inout RandomStream
  ) {
    var uniforms: [Float] = []
    swap(&uniforms, &self.uniforms)
    do {
      var all = uniforms.mutableSpan
      var used = all._mutatingExtracting(0..<count * outputs.logitCount)
      stream.fill(uniform: &used)
    }
    draw(values, permitted: masks, rows: count, temperature: temperature, uniforms: uniforms.span)
    swap(&uniforms, &self.uniforms)
  }

  /// Draws with given uniform numbers, rows × logits.
  package mutating func draw(
    _ values: Span<Float>, permitted masks: Span<Bool>, rows count: Int, temperature: Float?, uniforms: Span<Float>
  ) {
    if outputs.logitCount > 0 {
      let (outputs, width) = (outputs, width)
      var actions: [Float] = []
      var soft: [Float] = []
      swap(&actions, &self.actions)
      swap(&soft, &self.soft)
      do {
        var hard = actions.mutableSpan
        var smooth = soft.mutableSpan
        perturb(values, uniforms, rows: count, outputs, into: &smooth)
        var start = 0
        for options in outputs.choices {
          chooseGreatest(
            &smooth, permitted: masks, rows: count, start: start, options: options, width: width,
            optionCount: outputs.logitCount, into: &hard)
          start += options
        }
        if let temperature {
          exponentiate(&smooth, rows: count, outputs, 1 / temperature)
          start = 0
          for options in outputs.choices {
            normalize(&smooth, rows: count, start: start, options: options, width: width)
            start += options
          }
        }
      }
      swap(&actions, &self.actions)
      swap(&soft, &self.soft)
    }
    if !outputs.ranges.isEmpty { squash(values, rows: count) }
  }

  /// Takes the option of the greatest permitted logit of each choice, without noise.
  package mutating func drawGreedy(_ values: Span<Float>, permitted masks: Span<Bool>, rows count: Int) {
    let (outputs, width) = (outputs, width)
    do {
      var hard = actions.mutableSpan
      for row in 0..<count {
        var start = 0
        for choice in 0..<outputs.choices.count {
          let options = start..<start + outputs.choices[choice]
          let first = row * width
          let mask = masks.extracting(
            row * outputs.logitCount + start..<row * outputs.logitCount + options.upperBound)
          let best = greedyAction(
            values.extracting(first + start..<first + options.upperBound), permitted: mask)
          for option in options { hard[first + option] = option - start == best ? 1 : 0 }
          start = options.upperBound
        }
      }
    }
    if !outputs.ranges.isEmpty { squash(values, rows: count) }
  }

  /// Adds clipped noise to the real numbers of the actions, which stay within [−1, 1].
  package mutating func smooth(deviation: Float, clip: Float, rows count: Int, using stream: inout RandomStream) {
    let (first, width) = (outputs.logitCount, width)
    guard first < width, deviation > 0 else { return }
    var values = actions.mutableSpan
    for row in 0..<count {
      for index in row * width + first..<(row + 1) * width {
        let noise = min(max(deviation * Float(stream.normal()), -clip), clip)
        values[index] = min(max(values[index] + noise, -1), 1)
      }
    }
  }

  /// Turns derivatives by the actions into derivatives by the actors' outputs.
  ///
  /// - Parameters:
  ///   - derivatives: by the actions, rows × ``width``.
  ///   - values: the actors' outputs, of which `regularization` times the mean square over permitted logits and
  ///     numbers and over the rows is part of the loss.
  ///   - weights: of each row, which sum to 1 over the rows that count.
  ///   - gradient: overwritten, rows × ``width``.
  package func differentiate(
    _ derivatives: Span<Float>, _ values: Span<Float>, permitted masks: Span<Bool>, rows count: Int,
    temperature: Float, regularization: Float, weights: Span<Float>, into gradient: inout MutableSpan<Float>
  ) {
    let inverse = 1 / temperature
    let logits = outputs.logitCount
    let soft = soft.span
    for row in 0..<count {
      let first = row * width
      var permitted = width - logits
      for option in 0..<logits where masks[row * logits + option] { permitted += 1 }
      let pull = permitted == 0 ? 0 : 2 * regularization * weights[row] / Float(permitted)
      var start = 0
      for choice in 0..<outputs.choices.count {
        let options = start..<start + outputs.choices[choice]
        var mean: Float = 0
        for option in options { mean += soft[first + option] * derivatives[first + option] }
        for option in options {
          let isPermitted = masks[row * logits + option]
          let slope = inverse * soft[first + option] * (derivatives[first + option] - mean)
          gradient[first + option] = isPermitted ? slope + pull * values[first + option] : 0
        }
        start = options.upperBound
      }
      for index in first + logits..<first + width {
        gradient[index] = (1 - soft[index] * soft[index]) * derivatives[index] + pull * values[index]
      }
    }
  }

  private mutating func squash(_ values: Span<Float>, rows count: Int) {
    for row in 0..<count {
      for index in row * width + outputs.logitCount..<(row + 1) * width {
        let place = squashed(values[index])
        actions[index] = place
        soft[index] = place
      }
    }
  }
}

/// Writes logit + Gumbel noise. Uniform numbers of 0 and 1 count as the nearest that have a finite logarithm.
private func perturb(
  _ values: Span<Float>, _ uniforms: Span<Float>, rows: Int, _ outputs: ActorOutputs,
  into smooth: inout MutableSpan<Float>
) {
  let (logits, width) = (outputs.logitCount, outputs.count)
  if logits == width {
    let (values, uniforms) = (values.extracting(0..<rows * width), uniforms.extracting(0..<rows * width))
    var target = smooth._mutatingExtracting(0..<rows * width)
    for index in 0..<target.count { target[index] = values[index] + gumbel(uniforms[index]) }
    return
  }
  for row in 0..<rows {
    for option in 0..<logits {
      smooth[row * width + option] = values[row * width + option] + gumbel(uniforms[row * logits + option])
    }
  }
}

/// −log(−log u), finite for all u in [0, 1].
@inline(__always)
func gumbel(_ uniform: Float) -> Float {
  let low = uniform < 0x1p-24 ? 0x1p-24 : uniform
  let inside = low > 1 - 0x1p-24 ? 1 - 0x1p-24 : low
  return -Vectorizable.log(-Vectorizable.log(inside))
}

/// tanh, as all actors have it.
@inline(__always)
func squashed(_ value: Float) -> Float { Vectorizable.tanh(value) }

/// Writes a one-hot vector of the greatest permitted value of one choice, the lowest of equals, and takes the greatest
/// off all values; values that are not permitted become minus infinity.
@inline(__always)
private func chooseGreatest(
  _ values: inout MutableSpan<Float>, permitted masks: Span<Bool>, rows: Int, start: Int, options: Int, width: Int,
  optionCount: Int, into hard: inout MutableSpan<Float>
) {
  for row in 0..<rows {
    let mask = masks.extracting(row * optionCount + start..<row * optionCount + start + options)
    var own = values._mutatingExtracting(row * width + start..<row * width + start + options)
    var oneHot = hard._mutatingExtracting(row * width + start..<row * width + start + options)
    var greatest = -Float.infinity
    for option in 0..<options {
      let value = mask[option] ? own[option] : -.infinity
      own[option] = value
      greatest = value > greatest ? value : greatest
    }
    var isOpen: Float = greatest > -.infinity ? 1 : 0
    for option in 0..<options {
      let isGreatest: Float = own[option] == greatest ? 1 : 0
      oneHot[option] = isGreatest * isOpen
      isOpen -= isGreatest * isOpen
      own[option] = greatest > -.infinity ? own[option] - greatest : -.infinity
    }
  }
}

/// exp(value · inverse temperature) of all options.
private func exponentiate(
  _ values: inout MutableSpan<Float>, rows: Int, _ outputs: ActorOutputs, _ inverse: Float
) {
  let (logits, width) = (outputs.logitCount, outputs.count)
  if logits == width {
    var all = values._mutatingExtracting(0..<rows * width)
    for index in 0..<all.count { all[index] = Vectorizable.exp(all[index] * inverse) }
    return
  }
  for row in 0..<rows {
    for index in row * width..<row * width + logits { values[index] = Vectorizable.exp(values[index] * inverse) }
  }
}

/// Divides the values of one choice by their sum; zeros stay.
@inline(__always)
private func normalize(_ values: inout MutableSpan<Float>, rows: Int, start: Int, options: Int, width: Int) {
  for row in 0..<rows {
    var own = values._mutatingExtracting(row * width + start..<row * width + start + options)
    var sum: Float = 0
    for option in 0..<options { sum += own[option] }
    let share = sum > 0 ? 1 / sum : 0
    for option in 0..<options { own[option] *= share }
  }
}

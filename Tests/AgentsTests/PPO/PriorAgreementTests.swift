import Agents
import Foundation
import Randomness
import Testing

@Suite struct PriorAgreementTests {
  /// KL(π‖π₀) with the floor, and the cross-entropy, in 64 bits and as they are defined.
  private func twin(
    _ row: [Double], _ mask: [Bool], _ prior: [Double], _ choices: [Int]
  ) -> (divergence: Double, crossEntropy: Double) {
    let floor = Double(PriorAgreement.floorShare)
    var (divergence, crossEntropy) = (0.0, 0.0)
    var start = 0
    for count in choices {
      let permitted = (start..<start + count).filter { mask[$0] }
      start += count
      let total = permitted.reduce(0) { $0 + prior[$1] }
      guard total > 0 else { continue }
      let sum = permitted.reduce(0) { $0 + exp(row[$1]) }
      for option in permitted {
        let probability = exp(row[option]) / sum
        let advised = prior[option] / total
        divergence += probability * log(probability / ((1 - floor) * advised + floor / Double(permitted.count)))
        crossEntropy -= advised * log(probability)
      }
    }
    return (divergence, crossEntropy)
  }

  private func found(
    _ row: [Float], _ mask: [Bool], _ prior: [Float], _ choices: [Int], weight: Float, crossEntropy: Bool
  ) -> (value: Float, gradient: [Float]) {
    let agreement = PriorAgreement(choices: choices)
    var gradient = [Float](repeating: 0.5, count: row.count)
    var value: Float = 0
    do {
      var span = gradient.mutableSpan
      value =
        crossEntropy
        ? agreement.crossEntropy(
          row.span, permitted: mask.span, prior: prior.span, weight: weight, addingTo: &span)
        : agreement.divergence(row.span, permitted: mask.span, prior: prior.span, weight: weight, addingTo: &span)
    }
    return (value, gradient)
  }

  @Test func `values and derivatives are those of a twin in 64 bits, by finite differences`() {
    var stream = RandomStream(seed: 4)
    for round in 0..<40 {
      let choices = [[4], [3, 2], [1, 5]][round % 3]
      let count = choices.reduce(0, +) + round % 2
      let logits = choices.reduce(0, +)
      let row = (0..<count).map { _ in Float(3 * stream.normal()) }
      var mask = (0..<logits).map { _ in stream.uniform() < 0.7 }
      var start = 0
      for options in choices {
        mask[start + stream.integer(below: options)] = true
        start += options
      }
      // Some options the prior never takes, some choices it says nothing of, and what it says of forbidden ones.
      let prior = (0..<logits).map { option in
        round % 5 == 0 && option < choices[0] ? 0 : stream.uniform() < 0.3 ? 0 : Float(stream.uniform())
      }
      let wide = row.map(Double.init)
      let priors = prior.map(Double.init)
      let value = twin(wide, mask, priors, choices)
      for isCrossEntropy in [false, true] {
        let weight: Float = 1.5
        let result = found(row, mask, prior, choices, weight: weight, crossEntropy: isCrossEntropy)
        let wanted = isCrossEntropy ? value.crossEntropy : value.divergence
        #expect(abs(Double(result.value) - wanted) < 1e-5 * max(1, abs(wanted)))
        for index in 0..<count {
          var (low, high) = (wide, wide)
          low[index] -= 1e-5
          high[index] += 1e-5
          let (below, above) = (twin(low, mask, priors, choices), twin(high, mask, priors, choices))
          let slope =
            (isCrossEntropy ? above.crossEntropy - below.crossEntropy : above.divergence - below.divergence) / 2e-5
          #expect(abs(Double(result.gradient[index]) - 0.5 - Double(weight) * slope) < 2e-4)
        }
      }
    }
  }

  @Test func `equal distributions do not diverge, and two options diverge as the binary formula says`() {
    let even: [Float] = [0.25, 0.25, 0.25, 0.25]
    let same = found([1, 1, 1, 1], [true, true, true, true], even, [4], weight: 1, crossEntropy: false)
    #expect(abs(same.value) < 1e-6 && same.gradient.allSatisfy { abs($0 - 0.5) < 1e-6 })
    // π = (3/4, 1/4) against π₀ = (1/2, 1/2), which the floor leaves as it is: ln 2 − H(1/4).
    let binary = found([log(3), 0], [true, true], [3, 3], [2], weight: 0, crossEntropy: false)
    let entropy = -(0.75 * log(0.75) + 0.25 * log(0.25))
    #expect(abs(Double(binary.value) - (log(2) - entropy)) < 1e-6)
    let crossed = found([log(3), 0], [true, true], [3, 3], [2], weight: 0, crossEntropy: true)
    #expect(abs(Double(crossed.value) + 0.5 * log(0.75 * 0.25)) < 1e-6)
  }

  @Test func `an option that the prior rules out costs what the floor says, and never without end`() {
    let certain = found([100, 0], [true, true], [0, 1], [2], weight: 1, crossEntropy: false)
    #expect(abs(Double(certain.value) - log(2 / 1e-3)) < 1e-4)
    for row in [[1e30, -1e30, 0], [-1e30, 1e30, 5]] as [[Float]] {
      for mask in [[true, true, true], [false, true, false], [true, false, true]] {
        for prior in [[0, 0, 1], [1, 0, 0], [0, 0, 0], [.nan, 1, 0]] as [[Float]] {
          for isCrossEntropy in [false, true] {
            let result = found(row, mask, prior, [3], weight: 1, crossEntropy: isCrossEntropy)
            #expect(!result.value.isNaN && result.gradient.allSatisfy(\.isFinite))
            for option in 0..<3 where !mask[option] { #expect(result.gradient[option] == 0.5) }
          }
        }
      }
    }
  }

  /// Frequencies of 20,000 draws lie within four standard errors.
  @Test func `draws permitted options as the prior says, and leaves alone what it says nothing of`() {
    let agreement = PriorAgreement(choices: [3, 2, 4])
    let prior: [Float] = [0.2, 0.3, 0.5, 0, 0, 0.1, 0, 0.3, 0]
    let mask = [true, false, true, true, true, true, true, true, true]
    var stream = RandomStream(seed: 9)
    var counts = [Double](repeating: 0, count: 9)
    let count = 20_000.0
    for _ in 0..<Int(count) {
      var integers: [Int32] = [9, 9, 9]
      do {
        var span = integers.mutableSpan
        agreement.draw(prior.span, permitted: mask.span, using: &stream, integers: &span)
      }
      #expect(integers[1] == 9)
      counts[Int(integers[0])] += 1
      counts[5 + Int(integers[2])] += 1
    }
    let wanted = [2.0 / 7, 0, 5.0 / 7, 0, 0, 0.25, 0, 0.75, 0]
    for option in 0..<9 {
      let error = (wanted[option] * (1 - wanted[option]) / count).squareRoot()
      #expect(abs(counts[option] / count - wanted[option]) <= 4 * error)
    }
  }
}

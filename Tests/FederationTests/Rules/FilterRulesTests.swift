import Federation
import Foundation
import Randomness
import Testing

/// FedPG-BR's filter and the evaluation of parameters, against closed forms.
struct FilterRulesTests {
  @Test func `the filter's distance is 2 sigma times the root of V over B`() {
    // On a line: 0, 1, 2, 3 and a client at a distance d from the middle of the crowd, which is 1 or 2.
    let bound = GradientFilter.Bound(sigma: 1, batch: 9, delta: 0.5, alpha: 0.2)
    let threshold = 2 * (2 * log(2 * 5 / 0.5) / 9).squareRoot()
    #expect(threshold > 1.6 && threshold < 1.64)
    // All four have a majority within the distance only in the middle: 1 and 2. The mean is 1.5; the first is the middle.
    for (last, isGood) in [(2.6, true), (2.65, false)] as [(Float, Bool)] {
      let updates = clientUpdates([[0], [1], [2], [0.5], [last]], weights: [9, 1, 1, 1, 1])
      let (model, leftOut) = GradientFilter(bound: bound).merged(updates)
      // Crowd: who has at least three within 1.63. 0: 0, 1, 0.5. 1: all. 2: 1, 0.5, last. 0.5: 0, 1, 2. last: 2, and 1.
      // Its mean is near 1 for both, so that 1 is the middle.
      #expect(leftOut == (isGood ? [] : [4]))
      #expect(abs(Double(model[0]) - (isGood ? 6.1 / 5 : 3.5 / 4)) < 1e-6)
    }
  }

  @Test func `too few good ones are looked for once more within 2 sigma`() {
    // V/B = 2 ln(20) / 600 is 0.01, so the first distance is 0.2, within which nobody has a majority.
    let updates = clientUpdates([[0], [1], [2], [1.5], [50]])
    let strict = GradientFilter(bound: .init(sigma: 1, batch: 600, delta: 0.5, alpha: 0.2))
    #expect(strict.merged(updates).leftOut == [4])
    #expect(strict.merged(updates).model == [1.125])
    // Nobody has one within 2 · 0.1 either: the model stays.
    let stricter = GradientFilter(bound: .init(sigma: 0.1, batch: 600, delta: 0.5, alpha: 0.2))
    #expect(stricter.merged(updates, from: [7]).model == [7])
    #expect(stricter.merged(updates, from: [7]).leftOut == [0, 1, 2, 3, 4])
    // Four fifths within the first distance are enough with alpha 0.2, and not with 0.1, where the second is wider.
    let close = clientUpdates([[0], [0.05], [0.1], [0.15], [1.9]])
    #expect(strict.merged(close).leftOut == [4])
    #expect(GradientFilter(bound: .init(sigma: 1, batch: 600, delta: 0.5, alpha: 0.1)).merged(close).leftOut == [])
  }

  @Test func `the estimated sigma is the scale of the honest, however far the liars are`() {
    // Honest updates deviate by vectors of length about σ in many dimensions: all lie within 2σ of one another.
    var stream = RandomStream(seed: 40)
    for sigma in [1e-3, 1, 1e3] {
      for liars in 0...3 {
        var parameters = (0..<10).map { _ in (0..<400).map { _ in Float(sigma / 20 * stream.normal()) } }
        for liar in 0..<liars { parameters[3 * liar] = parameters[3 * liar].map { $0 + Float(sigma * 0.3) } }
        let leftOut = GradientFilter().merged(clientUpdates(parameters)).leftOut
        #expect(leftOut == (0..<liars).map { 3 * $0 }, "\(liars) liars at \(sigma)")
      }
    }
  }

  @Test func `the server's own world gives the weights of softmax`() {
    // The judge returns the first parameter: contributions 0, ln 2 and ln 4 at a temperature of 1 weigh 1, 2 and 4.
    let (two, four) = (Float(log(2.0)), Float(log(4.0)))
    let updates = clientUpdates([[0, 1], [two, 8], [four, -2]], weights: [100, 1, 1])
    let (model, leftOut) = ParameterEvaluation(temperature: 1).merged(updates) { Double($0[0]) }
    #expect(leftOut == [])
    #expect(agree(model, [(2 * log(2.0) + 4 * log(4.0)) / 7, (1 + 16 - 8) / 7.0]))
    // Returns a million times larger give the same at a temperature a million times higher.
    let far = ParameterEvaluation(temperature: 1e6).merged(updates) { 1e6 * Double($0[0]) - 1e9 }.model
    #expect(agree(far, model.map(Double.init), tolerance: 1e-6))
  }

  @Test func `who returns too little is left out, by median absolute deviations`() {
    // Returns 10, 11, 12, 13, 4: the median is 11, the deviations 1, 0, 1, 2, 7 have the median 1.
    let updates = clientUpdates([[10], [11], [12], [13], [4]])
    let judge: ([Float]) -> Double = { Double($0[0]) }
    #expect(ParameterEvaluation(temperature: 1e9, deviations: 7).merged(updates, judge: judge).leftOut == [])
    #expect(ParameterEvaluation(temperature: 1e9, deviations: 6.9).merged(updates, judge: judge).leftOut == [4])
    #expect(ParameterEvaluation(temperature: 1e9, deviations: 0.5).merged(updates, judge: judge).leftOut == [0, 4])
    #expect(agree(ParameterEvaluation(temperature: 1e9).merged(updates, judge: judge).model, [11.5]))
    #expect(agree(ParameterEvaluation(temperature: 1e-3).merged(updates, judge: judge).model, [13]))
  }

  @Test func `a return that is not finite leaves its client out, and the model stays if none is`() {
    let updates = clientUpdates([[1], [2], [3]])
    let rule = ParameterEvaluation(temperature: 1e9)
    #expect(rule.merged(updates) { $0[0] == 2 ? .nan : $0[0] == 3 ? .infinity : 1 }.leftOut == [1, 2])
    let (model, leftOut) = rule.merged(updates, from: [9]) { _ in -.infinity }
    #expect(model == [9] && leftOut == [0, 1, 2])
  }
}

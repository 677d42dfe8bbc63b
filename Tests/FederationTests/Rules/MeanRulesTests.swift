import Configuration
import Federation
import Testing

/// The rules that need the mean alone, against closed forms.
struct MeanRulesTests {
  @Test func `momentum of nothing at a rate of one is the plain mean, to the bit`() throws {
    let updates = RuleLawsTests.round(7, seed: 20)
    let start = RuleLawsTests.round(1, seed: 21)[0].parameters
    let isEqual =
      FederatedMomentum(momentum: 0).merged(updates, from: start).model
      == FederatedAveraging().merged(updates, from: start).model
    #expect(isEqual)
  }

  @Test func `under a constant pull momentum sums a geometric series`() {
    // Each round the mean is the model plus 1, so that v after k rounds is (1 − βᵏ) / (1 − β).
    var rule = FederatedMomentum(serverLearningRate: 0.5, momentum: 0.5)
    var model: [Float] = [0]
    var expected = 0.0
    for round in 1...5 {
      let pulled = model.map { $0 + 1 }
      rule.move(&model, towards: pulled)
      var power = 1.0
      for _ in 0..<round { power *= 0.5 }
      expected += 0.5 * (1 - power) / 0.5
      #expect(model == [Float(expected)])
    }
  }

  @Test func `a constant pull makes Adam's and Yogi's steps as long as their moments say`() {
    // Δ = 1 throughout: Adam's m = 1 − β₁ᵏ and v = 1 − β₂ᵏ; Yogi's v grows by 1 − β₂ until it reaches Δ².
    let (beta1, beta2, tau) = (0.5, 0.75, 0.125)
    var adam = FederatedAdam(serverLearningRate: 1, beta1: beta1, beta2: beta2, tau: tau)
    var yogi = FederatedYogi(serverLearningRate: 1, beta1: beta1, beta2: beta2, tau: tau)
    var (first, second): ([Float], [Float]) = ([0], [0])
    var (powers, v) = ((1.0, 1.0), 0.0)
    for _ in 1...4 {
      let (oldFirst, oldSecond) = (first[0], second[0])
      adam.move(&first, towards: [oldFirst + 1])
      yogi.move(&second, towards: [oldSecond + 1])
      powers = (powers.0 * beta1, powers.1 * beta2)
      let m = 1 - powers.0
      let correction = (1 - powers.1 * beta2).squareRoot() / (1 - powers.0 * beta1)
      #expect(abs(Double(first[0] - oldFirst) - correction * m / ((1 - powers.1).squareRoot() + tau)) < 1e-6)
      v += 1 - beta2
      #expect(abs(Double(second[0] - oldSecond) - m / (v.squareRoot() + tau)) < 1e-6)
    }
    #expect(v == 1)
  }

  @Test func `only fedprox holds clients near their model`() throws {
    #expect(try rule("fedprox", keys: ["proximal: 0.25"]).proximalStrength == 0.25)
    for (name, keys) in RuleLawsTests.all where name != "fedprox" {
      #expect(try rule(name, keys: keys).proximalStrength == 0)
    }
  }

  @Test(arguments: [2, 3, 5, 10], [0.0, 0.1, 0.5, 0.9])
  func `the omega-merge gives each client its share and the mean of the others`(clients: Int, omega: Double) {
    let updates = RuleLawsTests.round(clients, seed: UInt64(clients))
    let rule = OmegaMerge(omega: omega)
    let merged = rule.merged(updates).model
    for own in updates {
      let expected = own.parameters.indices.map { place in
        let others = updates.filter { $0.client != own.client }.reduce(0) { $0 + Double($1.parameters[place]) }
        return omega * Double(own.parameters[place]) + (1 - omega) * others / Double(clients - 1)
      }
      #expect(agree(rule.blend(own: own.parameters, merged: merged, contributors: clients), expected))
    }
  }

  @Test func `at omega 1 clients stay themselves to the bit, at 1/N all have the plain mean`() {
    let updates = RuleLawsTests.round(4, seed: 30)
    let mean = FederatedAveraging().merged(clientUpdates(updates.map(\.parameters))).model
    let merged = OmegaMerge(omega: 1).merged(updates).model
    #expect(agree(merged, mean.map(Double.init), tolerance: 0))
    for own in updates {
      let stays = OmegaMerge(omega: 1).blend(own: own.parameters, merged: merged, contributors: 4) == own.parameters
      #expect(stays)
      let shared = OmegaMerge(omega: 0.25).blend(own: own.parameters, merged: merged, contributors: 4)
      #expect(agree(shared, mean.map(Double.init), tolerance: 1e-7))
      let alone = OmegaMerge(omega: 0.25).blend(own: own.parameters, merged: own.parameters, contributors: 1)
      let isAlone = alone == own.parameters
      #expect(isAlone)
    }
  }

  @Test func `a client that took no part blends with the model as it is`() {
    let blended = OmegaMerge(omega: 0.25).blend(own: [4, -8], merged: [8, 0], contributors: 0)
    #expect(blended == [7, -2])
  }

  @Test func `the omega-merge counts every client once, whatever its samples`() {
    let updates = clientUpdates([[0], [4]], weights: [1, 99])
    #expect(OmegaMerge(omega: 0.5).merged(updates).model == [2])
    #expect(OmegaMerge.countsEqually && !FederatedAveraging.countsEqually)
  }

  @Test func `independent learners keep model and parameters`() {
    let updates = RuleLawsTests.round(4, seed: 31)
    #expect(Independent().merged(updates, from: [1, 2]).model == [1, 2])
    #expect(Independent().blend(own: [3], merged: [4], contributors: 4) == [3])
    #expect(Independent().isPersonal && OmegaMerge(omega: 0.5).isPersonal && !FederatedAveraging().isPersonal)
    #expect(FederatedAveraging().blend(own: [3], merged: [4], contributors: 4) == [4])
  }
}

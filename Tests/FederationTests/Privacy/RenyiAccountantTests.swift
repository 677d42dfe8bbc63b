import Federation
import Foundation
import TestSupport
import Testing

/// Against quadrature with 30 digits and against dp-accounting, `Fixtures/renyi.json`.
struct RenyiAccountantTests {
  private struct Case: Decodable {
    var q, sigma, delta: Double
    var releases: Int
    var orders, divergences, wholeOrders, wholeDivergences: [Double]
    var wholeEpsilon, epsilon, lossEpsilon, quadratureEpsilon, order: Double
  }

  private static func cases() throws -> [Case] {
    struct Content: Decodable { var cases: [Case] }
    let file = try bytes(project + "/Tests/FederationTests/Fixtures/renyi.json")
    return try JSONDecoder().decode(Content.self, from: file).cases
  }

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * abs(b) }

  @Test func `divergences equal a quadrature of thirty digits, at whole and at fractional orders`() throws {
    for example in try Self.cases() {
      let accountant = RenyiAccountant(
        samplingProbability: example.q, noiseMultiplier: example.sigma, orders: example.orders)
      for (order, (own, exact)) in zip(example.orders, zip(accountant.divergences, example.divergences)) {
        #expect(isClose(own, exact, 1e-9), "q \(example.q), σ \(example.sigma), order \(order): \(own), not \(exact)")
      }
    }
  }

  @Test func `at whole orders everything equals dp-accounting`() throws {
    for example in try Self.cases() {
      let accountant = RenyiAccountant(
        samplingProbability: example.q, noiseMultiplier: example.sigma, orders: example.wholeOrders)
      for (own, theirs) in zip(accountant.divergences, example.wholeDivergences) {
        // Theirs loses digits where the divergence is small beside 1.
        #expect(isClose(own, theirs, 1e-9) || abs(own - theirs) < 1e-13, "\(own), not \(theirs)")
      }
      let epsilon = accountant.epsilon(releases: example.releases, delta: example.delta)
      #expect(isClose(epsilon, example.wholeEpsilon, 1e-9), "\(epsilon), not \(example.wholeEpsilon)")
    }
  }

  @Test func `at its own orders it lies between the privacy loss distribution and dp-accounting's bound`() throws {
    for example in try Self.cases() {
      let accountant = RenyiAccountant(samplingProbability: example.q, noiseMultiplier: example.sigma)
      let epsilon = accountant.epsilon(releases: example.releases, delta: example.delta)
      #expect(epsilon <= example.epsilon * (1 + 1e-9) && epsilon >= example.lossEpsilon)
      // Where the best order is low, their series adds up magnitudes and their bound is looser.
      if example.order >= 3 || example.q == 1 { #expect(isClose(epsilon, example.epsilon, 0.01)) }
    }
  }

  @Test func `at fractional orders it equals an independent quadrature`() throws {
    let orders = RenyiAccountant.standardOrders.filter { $0 < 10.95 }
    for example in try Self.cases() {
      let accountant = RenyiAccountant(
        samplingProbability: example.q, noiseMultiplier: example.sigma, orders: orders)
      let epsilon = accountant.epsilon(releases: example.releases, delta: example.delta)
      #expect(isClose(epsilon, example.quadratureEpsilon, 1e-8), "\(epsilon), not \(example.quadratureEpsilon)")
    }
  }

  @Test func `the Gaussian mechanism alone has its closed form`() {
    for sigma in [0.3, 1, 4, 50] {
      let accountant = RenyiAccountant(samplingProbability: 1, noiseMultiplier: sigma)
      for (order, divergence) in zip(accountant.orders, accountant.divergences) {
        #expect(isClose(divergence, order / (2 * sigma * sigma), 1e-15))
      }
    }
  }

  @Test func `a sampling probability near one comes near the closed form`() {
    let accountant = RenyiAccountant(samplingProbability: 1 - 1e-9, noiseMultiplier: 1.5)
    for (order, divergence) in zip(accountant.orders, accountant.divergences) {
      #expect(isClose(divergence, order / 4.5, 1e-6))
    }
  }

  @Test func `costs grow with releases and sampling and fall with noise`() {
    func epsilon(_ q: Double, _ sigma: Double, _ releases: Int) -> Double {
      RenyiAccountant(samplingProbability: q, noiseMultiplier: sigma).epsilon(releases: releases, delta: 1e-5)
    }
    var last = 0.0
    for releases in [1, 10, 100, 1000, 10_000] {
      let next = epsilon(0.1, 2, releases)
      #expect(next > last)
      last = next
    }
    last = 0
    for q in [0.001, 0.01, 0.1, 0.3, 0.7, 1] {
      let next = epsilon(q, 2, 100)
      #expect(next > last)
      last = next
    }
    last = .infinity
    for sigma in [0.01, 0.05, 0.2, 0.5, 1, 3, 10, 100] {
      let next = epsilon(0.2, sigma, 100)
      #expect(next < last && next.isFinite && next >= 0)
      last = next
    }
  }

  @Test func `divergences add up over releases`() {
    let one = RenyiAccountant(samplingProbability: 1, noiseMultiplier: 2)
    // Four Gaussian releases are one with half the noise.
    let half = RenyiAccountant(samplingProbability: 1, noiseMultiplier: 1)
    #expect(isClose(one.epsilon(releases: 4, delta: 1e-6), half.epsilon(releases: 1, delta: 1e-6), 1e-12))
  }

  @Test func `no noise costs everything, no release and no sampling nothing`() {
    #expect(RenyiAccountant(samplingProbability: 0.1, noiseMultiplier: 0).epsilon(releases: 1, delta: 0.1) == .infinity)
    #expect(RenyiAccountant(samplingProbability: 0.1, noiseMultiplier: 0).epsilon(releases: 0, delta: 0.1) == 0)
    #expect(RenyiAccountant(samplingProbability: 0, noiseMultiplier: 0).epsilon(releases: 9, delta: 0.1) == 0)
    #expect(RenyiAccountant(samplingProbability: 1, noiseMultiplier: 1e4).epsilon(releases: 1, delta: 1e-2) == 0)
  }
}

import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct AgeOfInformationTests {
  @Test func `a hand-drawn sawtooth has its areas and peaks`() {
    var age = AgeOfInformation(age_s: 2)
    #expect(age.age_s(at: 3) == 5 && age.average_s(until: 0) == 2)
    let news = [(1.0, 3.0), (4, 4), (2, 6)].map { age.receive(generated_s: $0.0, at: $0.1) }
    #expect(news == [true, true, false])
    // 2 → 5 over 3 s, 2 → 3 over 1 s, 0 → 6 over 6 s.
    #expect(age.integral_s2(until: 10) == 10.5 + 2.5 + 18)
    #expect(age.average_s(until: 10) == 3.1)
    #expect(age.peakAverage_s == 4 && age.updates == 2)
    #expect(AgeOfInformation(numbers: age.numbers) == age)
    #expect(AgeOfInformation(numbers: age.numbers.dropLast()) == nil)
  }

  @Test func `periodic updates of fixed delay age T/2 + D on average and T + D at the peak`() throws {
    let (period, delay) = (0.7, 0.25)
    var age = AgeOfInformation(age_s: delay)
    var last = 0.0
    for k in 1...1000 {
      last = Double(k) * period
      age.receive(generated_s: last - delay, at: last)
    }
    #expect(abs(age.average_s(until: last) - (period / 2 + delay)) < 1e-9)
    #expect(abs(try #require(age.peakAverage_s) - (period + delay)) < 1e-9)
  }

  /// The mean age of each of many stretches of a queue with one server, first come first served.
  private func queue(rate: Double, service: (UInt64) -> Double, seed: UInt64) -> (age: BatchMeans, peak: Double) {
    var stream = RandomStream(seed: seed)
    var age = AgeOfInformation()
    var means = BatchMeans(batchSize: 1)
    var (arrival, free, before, start) = (0.0, 0.0, 0.0, 0.0)
    for customer in 1...400_000 {
      arrival += Variate.exponential(stream.next()) / rate
      free = max(arrival, free) + service(stream.next())
      age.receive(generated_s: arrival, at: free)
      if customer % 10_000 == 0 {
        let area = age.integral_s2(until: free)
        means.add((area - before) / (free - start))
        (before, start) = (area, free)
      }
    }
    return (means, age.peakAverage_s ?? .nan)
  }

  /// Kaul, Yates, Gruteser 2012: Δ = (1/μ)(1 + 1/ρ + ρ²/(1 − ρ)).
  @Test(arguments: [0.3, 0.5, 0.8]) func `M/M/1 has the closed form's mean age`(load: Double) {
    let mu = 2.0
    let (means, peak) = queue(rate: load * mu, service: { Variate.exponential($0) / mu }, seed: 5)
    let exact = (1 + 1 / load + load * load / (1 - load)) / mu
    #expect(means.agrees(with: exact, precision: 0.02), "\(means.mean) for \(exact)")
    // Costa, Codreanu, Ephremides 2016: the mean peak is 1/λ + 1/(μ − λ).
    #expect(abs(peak - (1 / (load * mu) + 1 / (mu * (1 - load)))) < 0.03 * peak)
  }

  /// Kaul, Yates, Gruteser 2012, M/D/1: Δ = (1/μ)(1/(2(1 − ρ)) + 1/2 + (1 − ρ) e^ρ / ρ).
  @Test func `M/D/1 has the closed form's mean age`() {
    let load = 0.6
    let (means, _) = queue(rate: load, service: { _ in 1 }, seed: 9)
    let exact = 1 / (2 * (1 - load)) + 0.5 + (1 - load) * exp(load) / load
    #expect(means.agrees(with: exact, precision: 0.02), "\(means.mean) for \(exact)")
  }
}

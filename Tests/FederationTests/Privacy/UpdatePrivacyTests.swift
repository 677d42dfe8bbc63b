import Configuration
import Federation
import Foundation
import Randomness
import Testing

struct UpdatePrivacyTests {
  private func privacy(_ place: UpdatePrivacy.Place, clip: Double = 1, noise: Double = 1) -> UpdatePrivacy {
    UpdatePrivacy(place: place, clip: clip, noiseMultiplier: noise, delta: 1e-5)
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func vector(_ count: Int, scale: Double, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in Float(scale * stream.normal()) }
  }

  @Test func `a difference inside the norm stays as it is, to the bit`() {
    let original = vector(1000, scale: 0.02, seed: 1)
    var clipped = original
    let before = privacy(.central).clip(&clipped)
    #expect(clipped == original && abs(before - norm(original)) < 1e-12)
  }

  @Test(arguments: [1, 3, 1000, 40_000], [1e-6, 0.7, 1, 300])
  func `a longer difference keeps its direction and has at most the norm`(count: Int, clip: Double) {
    let original = vector(count, scale: 1000, seed: UInt64(count))
    var clipped = original
    let before = privacy(.local, clip: clip).clip(&clipped)
    #expect(before > clip)
    #expect(norm(clipped) <= clip && norm(clipped) > clip * (1 - 1e-6))
    let product = zip(original, clipped).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(product / (norm(original) * norm(clipped)) > 1 - 1e-10)
  }

  @Test func `a margin leaves room for the rounding of secure sums`() throws {
    let numbers = FixedPoint(fractionalBits: 6, terms: 10)
    var clipped = vector(5000, scale: 1, seed: 4)
    privacy(.central, clip: 3).clip(&clipped, margin: numbers.roundingNorm(count: clipped.count))
    let rounded = numbers.decode(try numbers.encode(clipped))
    #expect(norm(rounded.map(Float.init)) <= 3)
    #expect(norm(rounded.map(Float.init)) > 1.9)
  }

  @Test func `refuses secure sums whose rounding is as long as the norm`() {
    let secure = SecureAggregation(fractionalBits: 6)
    #expect(privacy(.central, clip: 3).unsupported(count: 5000, in: secure) == nil)
    #expect(
      privacy(.central).unsupported(count: 10_000, in: secure) == """
        rounding 10000 parameters to 6 fractional bits can add 0.78125 to the norm of a difference, more than half of \
        privacy.clip, 1.0; raise secure_aggregation.fractional_bits or the clip
        """)
  }

  @Test func `local noise is normal with the deviation of the multiplier times the norm`() {
    let count = 200_000
    var noise = [Float](repeating: 5, count: count)
    var stream = RandomStream(seed: 9)
    privacy(.local, clip: 0.5, noise: 3).addNoise(to: &noise, using: &stream)
    let standard = noise.map { (Double($0) - 5) / 1.5 }.sorted()
    let mean = standard.reduce(0, +) / Double(count)
    let variance = standard.reduce(0) { $0 + $1 * $1 } / Double(count)
    #expect(abs(mean) < 4 / Double(count).squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / Double(count)).squareRoot())
    // Kolmogorov and Smirnov's distance, at a significance of one in a thousand.
    var distance = 0.0
    for (rank, x) in standard.enumerated() {
      let probability = 0.5 * erfc(-x / 2.0.squareRoot())
      distance = max(distance, abs(probability - Double(rank) / Double(count)))
    }
    #expect(distance < 1.95 / Double(count).squareRoot())
    // Neighbours, which come from one draw, are independent of each other.
    let pairs = stride(from: 0, to: count, by: 2).reduce(0.0) {
      $0 + (Double(noise[$1]) - 5) * (Double(noise[$1 + 1]) - 5) / 2.25
    }
    #expect(abs(pairs / Double(count / 2)) < 4 / Double(count / 2).squareRoot())
  }

  @Test func `the central mean has a fixed denominator and the noise of the sum`() {
    let sum = [Double](repeating: 12, count: 100_000)
    var stream = RandomStream(seed: 10)
    let silent = privacy(.central, noise: 0).noisyMean(ofSum: sum, expected: 8, using: &stream)
    #expect(silent.allSatisfy { $0 == 1.5 })
    let noisy = privacy(.central, clip: 2, noise: 4).noisyMean(ofSum: sum, expected: 8, using: &stream)
    let mean = noisy.reduce(0) { $0 + Double($1) } / 100_000
    let variance = noisy.reduce(0) { $0 + (Double($1) - 1.5) * (Double($1) - 1.5) } / 100_000
    #expect(abs(mean - 1.5) < 4 / 100_000.squareRoot())
    #expect(abs(variance - 1) < 4 * (2.0 / 100_000).squareRoot())
  }

  @Test func `the same stream makes the same noise, another one other noise`() {
    func noise(_ seed: UInt64) -> [Float] {
      var values = [Float](repeating: 0, count: 101)
      var stream = RandomStream(seed: seed)
      privacy(.local).addNoise(to: &values, using: &stream)
      return values
    }
    #expect(noise(3) == noise(3))
    #expect(noise(3) != noise(4))
  }

  @Test func `sampling helps only central noise with independent draws, and local noise counts half`() {
    let central = privacy(.central, noise: 2)
    #expect(central.accountant(poissonProbability: 0.1).samplingProbability == 0.1)
    #expect(central.accountant(poissonProbability: nil).samplingProbability == 1)
    #expect(central.accountant(poissonProbability: nil).noiseMultiplier == 2)
    let local = privacy(.local, noise: 2).accountant(poissonProbability: 0.1)
    #expect(local.samplingProbability == 1 && local.noiseMultiplier == 1)
  }

  @Test func `reads its keys and refuses what is out of range`() throws {
    func read(_ text: String) throws -> UpdatePrivacy {
      var root = try ConfigurationDocument(text: text, name: "x.yaml", directory: "/").root()
      let privacy = try UpdatePrivacy(from: &root)
      try root.finish()
      return privacy
    }
    let good = "place: local\nclip: 0.5\nnoise_multiplier: 1.2\ndelta: 1e-5\n"
    #expect(try read(good) == UpdatePrivacy(place: .local, clip: 0.5, noiseMultiplier: 1.2, delta: 1e-5))
    for (from, to) in [
      ("local", "both"), ("clip: 0.5", "clip: 0"), ("clip: 0.5", "clip: .inf"), ("1.2", "-1"), ("1e-5", "0"),
      ("1e-5", "1"), ("delta: 1e-5", "epsilon: 3"),
    ] {
      #expect(throws: ConfigurationError.self, "\(to)") { try read(good.replacingOccurrences(of: from, with: to)) }
    }
  }
}

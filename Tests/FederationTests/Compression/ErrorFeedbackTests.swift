import Federation
import Randomness
import Snapshots
import Testing

struct ErrorFeedbackTests {
  private func differences(_ count: Int, seed: UInt64) -> [[Float]] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in (0..<200).map { Float(stream.normal()) * ($0 < 10 ? 10 : 0.1) } }
  }

  private static let sparse = TopKSparsification(fraction: 0.1)
  private static let coarse = TopKSparsification(fraction: 0.2, quantizer: BlockQuantizer(bits: 4, blockSize: 8))

  @Test(arguments: [sparse, coarse])
  func `what is sent and what is kept are what was wanted, to the bit`(compressor: TopKSparsification) throws {
    var (feedback, stream) = (ErrorFeedback(), RandomStream(seed: 2))
    var residual = [Float](repeating: 0, count: 200)
    for difference in differences(30, seed: 1) {
      let wanted = (0..<200).map { difference[$0] + residual[$0] }
      let sent = try compressor.decode(feedback.encode(difference, by: compressor, using: &stream), count: 200)
      residual = (0..<200).map { wanted[$0] - sent[$0] }
      #expect(feedback.residual == residual)
    }
  }

  @Test func `of every element either all is sent or all is kept`() throws {
    var (feedback, stream) = (ErrorFeedback(), RandomStream(seed: 2))
    var residual = [Float](repeating: 0, count: 200)
    for difference in differences(30, seed: 3) {
      let wanted = (0..<200).map { difference[$0] + residual[$0] }
      let sent = try Self.sparse.decode(feedback.encode(difference, by: Self.sparse, using: &stream), count: 200)
      residual = feedback.residual
      let isWhole = (0..<200).allSatisfy { index in
        sent[index] == 0 ? residual[index] == wanted[index] : sent[index] == wanted[index] && residual[index] == 0
      }
      #expect(isWhole && sent.filter { $0 != 0 }.count == 20)
    }
  }

  @Test(arguments: [sparse, coarse])
  func `the mean of what arrives converges, and without feedback it does not`(compressor: TopKSparsification) throws {
    let difference = differences(1, seed: 5)[0]
    let size = difference.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    func distance(rounds: Int, keeps: Bool) throws -> Double {
      var (feedback, stream) = (ErrorFeedback(), RandomStream(seed: 4))
      var sum = [Double](repeating: 0, count: 200)
      for _ in 0..<rounds {
        if !keeps { feedback = ErrorFeedback() }
        let bytes = feedback.encode(difference, by: compressor, using: &stream)
        for (index, value) in try compressor.decode(bytes, count: 200).enumerated() { sum[index] += Double(value) }
      }
      return (0..<200).reduce(0) {
        let error = sum[$1] / Double(rounds) - Double(difference[$1])
        return $0 + error * error
      }.squareRoot() / size
    }
    let (early, late) = (try distance(rounds: 50, keeps: true), try distance(rounds: 1600, keeps: true))
    // The error is the residual over the rounds, and the residual is bounded: 32 times the rounds, a 32nd.
    #expect(late < early / 16 && late < 0.005)
    #expect(try distance(rounds: 1600, keeps: false) > 0.03)
  }

  @Test func `unbiased compressors leave nothing behind`() {
    let compressor = StochasticQuantization(BlockQuantizer(bits: 4))
    let difference = differences(1, seed: 6)[0]
    var (feedback, stream, twin) = (ErrorFeedback(), RandomStream(seed: 4), RandomStream(seed: 4))
    #expect(feedback.encode(difference, by: compressor, using: &stream) == compressor.encode(difference, using: &twin))
    #expect(feedback.residual.isEmpty)
  }

  @Test func `what is not finite is not kept`() {
    var (feedback, stream) = (ErrorFeedback(), RandomStream(seed: 4))
    for compressor in [Self.sparse, Self.coarse] {
      var difference = differences(1, seed: 7)[0]
      for index in 100..<170 { difference[index] = index % 2 == 0 ? .nan : .infinity }
      _ = feedback.encode(difference, by: compressor, using: &stream)
      let isFinite = feedback.residual.allSatisfy { $0.isFinite }
      #expect(isFinite)
    }
  }

  @Test func `a restored residual goes on as the saved one`() throws {
    var (feedback, stream) = (ErrorFeedback(), RandomStream(seed: 2))
    for difference in differences(5, seed: 8) { _ = feedback.encode(difference, by: Self.coarse, using: &stream) }
    var (other, otherStream) = (ErrorFeedback(), stream)
    try other.restore(from: feedback.snapshot())
    for difference in differences(5, seed: 9) {
      let isEqual =
        feedback.encode(difference, by: Self.coarse, using: &stream)
        == other.encode(difference, by: Self.coarse, using: &otherStream)
      #expect(isEqual)
    }
    #expect(throws: SnapshotError.self) { try other.restore(from: Snapshot()) }
    let isKept = other == feedback
    #expect(isKept)
  }
}

import Federation
import Foundation
import TestSupport
import Testing

private let path = project + "/../shared/references/fixtures/aggregation/robust-aggregation.json"

/// Eleven updates of which two are hostile, with the results of Flower and of NumPy.
@Suite(
  .enabled("the updates are not here: ../shared/references/fixtures/aggregation") {
    FileManager.default.fileExists(atPath: path)
  })
struct PublishedUpdatesTests {
  private struct Published: Decodable {
    let numMalicious: Int
    let numExamples: [Double]
    let updates: [[Float]]
    let krumOrder, bulyanSelection: [Int]
    let results: [String: [Double]]
  }

  @Test func `eleven updates with two liars give the published results`() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let published = try decoder.decode(Published.self, from: Data(contentsOf: URL(filePath: path)))
    let round = clientUpdates(published.updates, weights: published.numExamples)
    let liars = published.numMalicious
    let rules: [(String, any AggregationRule)] = [
      ("weighted_mean", FederatedAveraging()), ("median", CoordinateMedian()),
      ("trimmed_mean_0.2", TrimmedMean(trim: 0.2)), ("trimmed_mean_0.1", TrimmedMean(trim: 0.1)),
      ("krum", Krum(liars: liars)), ("multi_krum_5", MultiKrum(liars: liars, keep: 5)),
      ("bulyan", Bulyan(liars: liars)),
    ]
    for (name, rule) in rules {
      let expected = try #require(published.results[name] ?? published.results[name.replacing("_0", with: "0")])
      #expect(agree(rule.merged(round).model, expected), "\(name)")
    }
    #expect(Krum(liars: liars).merged(round).leftOut == (0..<11).filter { $0 != published.krumOrder[0] })
    #expect(
      MultiKrum(liars: liars, keep: 5).merged(round).leftOut == published.krumOrder.dropFirst(5).sorted())
    #expect(
      Bulyan(liars: liars).merged(round).leftOut == (0..<11).filter { !published.bulyanSelection.contains($0) })
  }
}

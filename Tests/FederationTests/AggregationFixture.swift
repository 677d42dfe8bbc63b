import Federation
import Foundation

/// What Flower makes of updates; written by Tests/Interoperability/make_aggregation_fixtures.py.
struct AggregationFixture: Decodable {
  struct Functions: Decodable {
    struct Trimmed: Decodable {
      let trim: Double
      let mean: [Double]
    }
    struct Kept: Decodable {
      let keep: Int
      let mean: [Double]
    }
    let updates: [[Float]]
    let samples: [Double]
    let liars: Int
    let mean, median, krum: [Double]
    let trimmed: [Trimmed]
    let multiKrum: [Kept]
    let bulyan: [Double]?

    var round: [ClientUpdate] { clientUpdates(updates, weights: samples) }
  }

  struct Strategy: Decodable {
    struct Round: Decodable {
      let updates: [[Float]]
      let samples: [Double]
      let model: [Double]
    }
    let rule: String
    let keys: [String: Double]
    let model: [Float]
    let rounds: [Round]
  }

  let functions: [Functions]
  let strategies: [Strategy]

  static func load() throws -> AggregationFixture {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/aggregation.json")
    return try decoder.decode(AggregationFixture.self, from: Data(contentsOf: path))
  }
}

/// Updates of clients 0, 1, 2, …, of weight 1 if no other is given.
func clientUpdates(_ parameters: [[Float]], weights: [Double]? = nil) -> [ClientUpdate] {
  parameters.indices.map {
    ClientUpdate(client: $0, weight: weights?[$0] ?? 1, parameters: parameters[$0])
  }
}

extension AggregationRule {
  /// What a copy of the rule makes of updates.
  func merged(
    _ updates: [ClientUpdate], from model: [Float]? = nil, judge: (([Float]) -> Double)? = nil
  ) -> (model: [Float], leftOut: [Int]) {
    var rule = self
    var merged = model ?? [Float](repeating: 0, count: updates[0].parameters.count)
    let leftOut = rule.merge(updates, into: &merged, judge: judge)
    return (merged, leftOut)
  }
}

/// Whether all elements agree to `tolerance`, relative to numbers above 1.
func agree(_ found: [Float], _ expected: [Double], tolerance: Double = 1e-6) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * max(1, abs($1)) }
}

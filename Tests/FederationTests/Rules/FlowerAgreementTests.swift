import Configuration
import Federation
import Testing

/// The rules against Flower's functions and strategies.
struct FlowerAgreementTests {
  @Test func `means, medians, trimmed means, both Krums and Bulyan are those of Flower`() throws {
    let cases = try AggregationFixture.load().functions
    #expect(cases.count == 6 && cases.count { $0.bulyan != nil } == 5)
    for one in cases {
      let round = one.round
      let clients = round.count
      #expect(agree(FederatedAveraging().merged(round).model, one.mean), "mean of \(clients)")
      #expect(agree(CoordinateMedian().merged(round).model, one.median), "median of \(clients)")
      for trimmed in one.trimmed {
        #expect(
          agree(TrimmedMean(trim: trimmed.trim).merged(round).model, trimmed.mean), "\(trimmed.trim) of \(clients)")
      }
      #expect(agree(Krum(liars: one.liars).merged(round).model, one.krum), "Krum of \(clients)")
      for kept in one.multiKrum {
        let rule = MultiKrum(liars: one.liars, keep: kept.keep)
        #expect(rule.unsupported(clients: clients) == nil)
        #expect(agree(rule.merged(round).model, kept.mean), "\(kept.keep) of \(clients)")
      }
      if let bulyan = one.bulyan {
        #expect(agree(Bulyan(liars: one.liars).merged(round).model, bulyan), "Bulyan of \(clients)")
      }
    }
  }

  @Test func `servers with momentum, Adam and Yogi take Flower's steps over six rounds`() throws {
    let cases = try AggregationFixture.load().strategies
    #expect(cases.count == 9)
    for one in cases {
      var rule = try rule(one.rule, keys: one.keys.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
      var model = one.model
      for (number, round) in one.rounds.enumerated() {
        rule.merge(clientUpdates(round.updates, weights: round.samples), into: &model, judge: nil)
        #expect(agree(model, round.model), "\(one.rule) \(one.keys), round \(number + 1)")
      }
    }
  }
}

/// The rule of a name with its keys, as a file would give them.
func rule(_ name: String, keys: [String] = []) throws -> any AggregationRule {
  let type = try #require(AggregationRules.all.first { $0.name == name })
  let text = (["name: \(name)"] + keys).joined(separator: "\n") + "\n"
  var mapping = try ConfigurationDocument(text: text, name: "experiment.yaml", directory: "/").root()
  _ = try mapping.text("name")
  let rule = try type.init(from: &mapping)
  try mapping.finish()
  return rule
}

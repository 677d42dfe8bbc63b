import Agents
import Foundation
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// The family's losses against rlax; written by Tests/Interoperability/make_value_loss_fixtures.py.
@Suite struct PeerLossTests {
  private struct Fixture: Decodable {
    struct Row: Decodable {
      let action: Int
      let reward, discount: Float
      let q, targetQ, selectorQ: [Float]
      let qError, doubleQError: Double
      let logits, targetLogits, selectorLogits: [Float]
      let categoricalLoss, doubleCategoricalLoss: Double
      let quantiles, targetQuantiles, selectorQuantiles: [Float]
      let quantileLoss, doubleQuantileLoss: Double
    }

    let actions, atoms: Int
    let minimum, maximum: Float
    let rows: [Row]

    static func load() throws -> Fixture {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/value-losses.json")
      return try decoder.decode(Fixture.self, from: Data(contentsOf: path))
    }
  }

  /// The loss and the error of the taken action.
  private func compare(
    _ head: ValueHead, _ row: Fixture.Row, actions: Int, _ outputs: [Float], next: [Float], selection: [Float]
  ) throws -> (loss: Double, error: Double) {
    let branches = try #require(ActionBranches(.multiDiscrete([actions])))
    var loss = ValueLoss(head, branches: branches, loss: .huber(threshold: 1))
    var target = [Float](repeating: 0, count: loss.targetCount)
    var gradient = [Float](repeating: 0, count: outputs.count)
    let permitted = [Bool](repeating: true, count: actions)
    do {
      var span = target.mutableSpan
      loss.writeTarget(
        reward: row.reward, discount: row.discount, terminated: row.discount == 0, mask: permitted.span,
        next: next.span, selection: selection.span, into: &span)
    }
    let wanted = target
    let choice: [Float] = [Float(row.action)]
    var span = gradient.mutableSpan
    let found = loss.compare(
      outputs.span, choices: choice.span, with: wanted.span, weight: 1, gradient: &span)
    return (Double(found.loss), Double(found.error))
  }

  @Test func `errors and losses equal rlax's, plain and double`() throws {
    let fixture = try Fixture.load()
    #expect(fixture.rows.count >= 6 && fixture.rows.contains { $0.discount == 0 })
    let support = CategoricalSupport(minimum: fixture.minimum, maximum: fixture.maximum, count: fixture.atoms)
    func expectClose(_ found: Double, _ expected: Double, _ name: String) {
      #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)), "\(name): \(found), not \(expected)")
    }
    for row in fixture.rows {
      for isDouble in [false, true] {
        let value = try compare(
          .expected, row, actions: fixture.actions, row.q, next: row.targetQ,
          selection: isDouble ? row.selectorQ : row.targetQ)
        expectClose(value.error, abs(isDouble ? row.doubleQError : row.qError), "q_learning")
        let categorical = try compare(
          .categorical(support), row, actions: fixture.actions, row.logits, next: row.targetLogits,
          selection: isDouble ? row.selectorLogits : row.targetLogits)
        expectClose(
          categorical.loss, isDouble ? row.doubleCategoricalLoss : row.categoricalLoss, "categorical_q_learning")
        let quantile = try compare(
          .quantile(count: row.quantiles.count / fixture.actions), row, actions: fixture.actions, row.quantiles,
          next: row.targetQuantiles, selection: isDouble ? row.selectorQuantiles : row.targetQuantiles)
        expectClose(quantile.loss, isDouble ? row.doubleQuantileLoss : row.quantileLoss, "quantile_q_learning")
      }
    }
  }
}

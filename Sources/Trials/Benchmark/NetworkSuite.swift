import Agents
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning

extension Benchmark {
  /// Sizes of observation, two hidden layers and actions.
  private struct Size {
    let observations, hidden, actions: Int
    var widths: [Int] { [observations, hidden, hidden, actions] }
    var name: String { widths.map { "\($0)" }.joined(separator: "-") }
  }

  func measureNetworks(_ report: (Row) -> Void) {
    let large = Size(observations: 32, hidden: 256, actions: 16)
    let small = Size(observations: 4, hidden: 64, actions: 2)
    for (size, batch) in [(large, 64), (large, 256), (small, 64)] {
      var products = MatrixProducts(size.widths, batch: batch)
      var learner = FilledLearner(size.observations, size.actions, Self.recipe(hidden: size.hidden, batch: batch))
      let pair = Timing.paired(
        seconds: seconds, repeats: repeats, { for _ in 0..<$0 { learner.update() } },
        { for _ in 0..<$0 { products.update(forwardPasses: 3) } })
      report(
        .rate(
          .networks, "double DQN update \(size.name), batch \(batch)", "updates/s", pair.first,
          floorRatio: pair.ratio))
      report(.rate(.networks, "bare products of it", "updates/s", pair.second))
    }
    for (name, change) in Self.family {
      var recipe = Self.recipe(hidden: small.hidden, batch: 64)
      change(&recipe)
      var learner = FilledLearner(small.observations, small.actions, recipe)
      report(
        .rate(
          .networks, "\(name) update \(small.name), batch 64", "updates/s",
          Timing(seconds: seconds, repeats: repeats) { for _ in 0..<$0 { learner.update() } }))
    }
    for hidden in [64, 256] { measureDecision([32, hidden, hidden, 16], report) }
  }

  /// One forward pass of one row and the choice of the best action.
  private func measureDecision(_ widths: [Int], _ report: (Row) -> Void) {
    let network = Network.mlp(
      inputs: widths[0], hidden: Array(widths[1..<widths.count - 1]), outputs: widths[widths.count - 1])
    var stream = RandomStream(seed: 1)
    let parameters = network.initialParameters(using: &stream)
    let inputs = (0..<widths[0]).map { _ in Float(stream.normal()) }
    var workspace = network.makeWorkspace(batch: 1, training: false)
    var chosen = 0
    let timing = Timing(seconds: seconds, repeats: repeats) { count in
      for _ in 0..<count {
        network.forward(parameters, inputs.span, rows: 1, in: &workspace)
        let outputs = workspace.outputs
        chosen &+= greedyAction(outputs.span) ?? 0
      }
    }
    precondition(chosen >= 0, "the choices are counted, so that they are made")
    report(
      .duration(
        .networks, "decision \(widths.map { "\($0)" }.joined(separator: "-")), one row", "µs", timing, scale: 1e6))
  }

  /// The recipe of the peers' update scripts: double, Adam, Huber, clip 10, Polyak 0.005.
  static func recipe(hidden: Int, batch: Int) -> DQNConfiguration {
    DQNConfiguration(
      doubleQ: true, learningRate: 1e-3, batchSize: batch, replayCapacity: 100_000, warmupSteps: 0, discount: 0.99,
      trainEvery: 1, updatesPerBlock: 1, target: .polyak(tau: 0.005),
      exploration: DQNConfiguration.Exploration(initial: 1, final: 1, steps: 0), hidden: [hidden, hidden],
      activation: .relu, loss: .huber(threshold: 1), gradientClip: 10, sharing: .shared, normalization: .none)
  }

  /// The members of the family, each as a change of the plain recipe.
  private static var family: [(name: String, change: (inout DQNConfiguration) -> Void)] {
    let support = CategoricalSupport(minimum: -10, maximum: 10, count: 51)
    let priority = DQNConfiguration.Priority(exponent: 0.5, initialCorrection: 0.4, steps: 1_000_000, epsilon: 1e-6)
    return [
      (
        "prioritised 3-step",
        {
          $0.priority = priority; $0.returnSteps = 3
        }
      ),
      (
        "dueling noisy",
        {
          $0.dueling = true; $0.noise = 0.5
        }
      ),
      ("c51", { $0.values = .categorical(support) }),
      ("qr-dqn, 50 quantiles", { $0.values = .quantile(count: 50) }),
      (
        "rainbow",
        {
          $0.values = .categorical(support)
          $0.priority = priority
          $0.returnSteps = 3
          $0.dueling = true
          $0.noise = 0.5
        }
      ),
      (
        "recurrent, 16 sequences of 10 + 20 steps",
        {
          $0.recurrence = .init(hidden: 64, length: 20, burnIn: 10, overlap: 10)
          $0.batchSize = 16
          $0.replayCapacity = 10_000
        }
      ),
    ]
  }
}

/// A learner whose replay is full of random transitions, to be updated again and again.
struct FilledLearner {
  private var learner: DQNLearner
  private var step = 0

  init(_ observations: Int, _ actions: Int, _ recipe: DQNConfiguration) {
    let group = AgentGroup(
      name: "agent", count: 1,
      observation: ObservationSpace(
        (0..<observations).map { ObservationField("value_\($0)", unit: "1", in: -10...10, "a random number") }),
      action: .discrete(labels: (0..<actions).map { "action \($0)" }))
    let rows = 100
    learner = DQNLearner(recipe, groups: [group], environments: rows, seed: 1)
    var frame = VectorFrame([group], environments: rows)
    var stream = RandomStream(seed: 2)
    for row in 0..<rows { frame.groups[0].active[row] = true }
    for _ in 0..<max(1, recipe.replayCapacity / rows) {
      learner.act(&frame, step: 0)
      for index in 0..<rows * observations {
        frame.groups[0].nextObservations[index] = Float(2 * stream.uniform() - 1)
      }
      for row in 0..<rows { frame.groups[0].rewards[row] = 2 * stream.uniform() - 1 }
      learner.record(frame)
      frame.groups[0].observations = frame.groups[0].nextObservations
    }
  }

  mutating func update() {
    step += 1
    learner.update(step: step, advanced: 1)
  }
}

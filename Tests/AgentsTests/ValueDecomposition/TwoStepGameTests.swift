import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// What the paper's game tells of a sum and of a mixing (table 2 there).
@Suite struct TwoStepGameTests {
  private func trained(_ mixing: ValueDecompositionConfiguration.Mixing, seed: UInt64) -> ValueDecompositionLearner {
    let bench = TeamBench(mixing) {
      $0.agents.discount = 0.99
      $0.agents.sharing = .individual
      $0.agents.exploration = .init(initial: 1, final: 1, steps: 1)
      $0.agents.hidden = [32]
      $0.agents.learningRate = 3e-3
    }
    var (vector, learner) = bench.start(TwoStepGame(), seed: seed)
    vector.train(&learner, to: 6000)
    return learner
  }

  /// What an episode of best actions earns.
  private func greedyReturn(_ learner: ValueDecompositionLearner) -> Double {
    var world = TwoStepGame()
    world.reset(seed: 0)
    var controller = PolicyController(learner.policies, for: world)
    controller.begin(seed: 0)
    var (action, outcome) = (JointAction(for: world.groups), StepOutcome(agents: 2))
    var total = 0.0
    while !outcome.episodeOver {
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      total += outcome.rewards[0]
    }
    return total
  }

  /// Q_tot of every joint action in a state.
  private func totals(_ learner: ValueDecompositionLearner, state: Int) throws -> [[Double]] {
    let observation = (0..<3).map { Float($0 == state ? 1 : 0) }
    let policy = learner.policies.groups[0]
    let own = policy.parameters.map { parameters in
      var workspace = policy.network.makeWorkspace(batch: 1, training: false)
      policy.network.forward(parameters, observation, rows: 1, in: &workspace)
      return Array(workspace.outputs[..<2])
    }
    guard case .monotonic(let embedding, let hidden) = learner.configuration.mixing else {
      return own[0].map { first in own[1].map { Double(first + $0) } }
    }
    let mixing = MonotonicMixing(agents: 2, stateCount: 6, embedding: embedding, hypernetHidden: hidden)
    let parameters = Array(try TeamBench.parameters(learner).suffix(mixing.parameterCount))
    let states = observation + observation
    var memory = mixing.makeMemory(batch: 1, training: false)
    return own[0].map { first in
      own[1].map { second in
        let values = [first, second]
        mixing.mix(parameters.span, states: states.span, values: values.span, rows: 1, in: &memory)
        return Double(memory.totals[0])
      }
    }
  }

  @Test(arguments: [0, 1, 2] as [UInt64])
  func `a mixing represents the risky state and earns 8`(seed: UInt64) throws {
    let learner = trained(.monotonic(embedding: 8, hypernetHidden: 0), seed: seed)
    #expect(greedyReturn(learner) == 8)
    let (risky, safe, first) = (
      try totals(learner, state: 2), try totals(learner, state: 1), try totals(learner, state: 0)
    )
    for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      #expect(abs(risky[i][j] - TwoStepGame.payoff[i][j]) < 0.3, "\(risky)")
      #expect(abs(safe[i][j] - 7) < 0.3, "\(safe)")
      #expect(abs(first[i][j] - 0.99 * (i == 0 ? 7 : 8)) < 0.4, "\(first)")
    }
  }

  /// The sum nearest to [[0, 1], [1, 8]] in square error is [[−1.5, 2.5], [2.5, 6.5]].
  @Test(arguments: [0, 1, 2] as [UInt64])
  func `a sum cannot, values the risky state at 6½ and settles for 7`(seed: UInt64) throws {
    let learner = trained(.sum, seed: seed)
    #expect(greedyReturn(learner) == 7)
    let (risky, first) = (try totals(learner, state: 2), try totals(learner, state: 0))
    for (i, j, value) in [(0, 0, -1.5), (0, 1, 2.5), (1, 0, 2.5), (1, 1, 6.5)] {
      #expect(abs(risky[i][j] - value) < 0.75, "\(risky)")
    }
    #expect(first[0][0] > first[1][0] && abs(first[0][0] - 0.99 * 7) < 0.4, "\(first)")
  }
}

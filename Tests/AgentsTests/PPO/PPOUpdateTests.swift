import Agents
import Foundation
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// A whole update against a plain twin: losses as the papers write them, derivatives by finite differences.
@Suite struct PPOUpdateTests {
  /// What a learner holds between the last step of a rollout and its update.
  private struct Rollout {
    let steps = 16
    let slots: Int
    let width: Int
    let inputs, numbers, before, rewards, bootstraps, actor, critic: [Float]
    let masks: [Bool]
    let advice: [Float]
    let integers: [Int32]
    let kinds: [UInt8]
    let actorNetwork, criticNetwork: Network
    let space: ActionSpace
    let recipe: PPOConfiguration

    init(_ learner: PPOLearner, _ group: AgentGroup, environments: Int) throws {
      recipe = learner.configuration
      space = group.action
      slots = environments * group.count
      width = group.observation.count
      let snapshot = learner.snapshot()
      let rollout = try snapshot.group("rollout").group(group.name)
      let (seen, taken) = (try rollout.group("observed"), try rollout.group("member-0"))
      inputs = try seen.floats("inputs")
      masks = try seen.bools("masks")
      advice = recipe.prior == nil ? [] : try seen.floats("advice", count: masks.count)
      integers = try taken.int32s("integers")
      numbers = try taken.floats("numbers")
      before = try taken.floats("log_probabilities")
      rewards = try taken.floats("rewards")
      bootstraps = try taken.floats("bootstraps")
      kinds = try taken.bytes("kinds")
      (actor, critic) = try Self.parameters(snapshot, group)
      actorNetwork = learner.policies.groups[0].network
      criticNetwork = Network.mlp(
        inputs: width, hidden: recipe.critic.hidden, outputs: 1, activation: recipe.critic.activation)
    }

    static func parameters(_ snapshot: Snapshot, _ group: AgentGroup) throws -> (actor: [Float], critic: [Float]) {
      let member = try snapshot.group("learner").group(group.name).group("member-0")
      return (try member.group("actor").floats("online"), try member.group("critic").floats("online"))
    }

    var present: [Int] { kinds.indices.filter { kinds[$0] != StepKind.absent.rawValue } }

    func outputs(_ network: Network, _ parameters: [Float]) -> [Float] {
      var workspace = network.makeWorkspace(batch: kinds.count, training: false)
      network.forward(
        parameters.span.extracting(0..<network.layout.count), inputs.span, rows: kinds.count, in: &workspace)
      return workspace.outputs
    }

    /// Σₖ (γ λ)ᵏ δ, forwards from each step to the end of its trajectory.
    var advantages: [Double] {
      let values = outputs(criticNetwork, critic).map(Double.init)
      return kinds.indices.map { first in
        var (sample, weight, total) = (first, 1.0, 0.0)
        while let kind = StepKind(rawValue: kinds[sample]), kind != .absent {
          let next: Double =
            switch kind {
            case .goesOn: values[sample + slots]
            case .cut: Double(bootstraps[sample])
            default: 0
            }
          total += weight * (Double(rewards[sample]) + Double(recipe.discount) * next - values[sample])
          if kind != .goesOn { break }
          weight *= Double(recipe.discount) * Double(recipe.traceDecay)
          sample += slots
        }
        return total
      }
    }

    /// - Parameters:
    ///   - strength: what a nat of divergence from the prior costs.
    ///   - imitates: whether the cross-entropy with the prior is all of the loss.
    func actorLoss(
      _ parameters: [Float], _ advantages: [Double], strength: Double = 0, imitates: Bool = false
    ) -> Double {
      let (outputs, width) = (outputs(actorNetwork, parameters).map(Double.init), actorNetwork.outputCount)
      let logDeviations = parameters[actorNetwork.layout.count...].map(Double.init)
      let (logits, reals) = (space.maskCount, space.continuousCount)
      var total = 0.0
      for sample in present {
        let row = Array(outputs[sample * width..<(sample + 1) * width])
        var (log, entropy) = (0.0, 0.0)
        if logits > 0 {
          let permitted = (0..<logits).filter { masks[sample * logits + $0] }
          let powers = permitted.map { exp(row[$0]) }
          let sum = powers.reduce(0, +)
          log += row[Int(integers[sample])] - Foundation.log(sum)
          entropy -= powers.reduce(0) { $0 + $1 / sum * Foundation.log($1 / sum) }
          if recipe.prior != nil {
            let advised = permitted.map { Double(advice[sample * logits + $0]) }
            let floor = Double(PriorAgreement.floorShare)
            for (power, prior) in zip(powers, advised) {
              let probability = power / sum
              if imitates {
                total -= prior * Foundation.log(probability)
              } else {
                let floored = (1 - floor) * prior + floor / Double(permitted.count)
                total += strength * probability * Foundation.log(probability / floored)
              }
            }
          }
        }
        if imitates { continue }
        for real in 0..<reals {
          let deviation = exp(logDeviations[real])
          let distance = (Double(numbers[sample * reals + real]) - row[logits + real]) / deviation
          log -= 0.5 * distance * distance + Foundation.log(deviation * (2 * Double.pi).squareRoot())
          entropy += 0.5 + Foundation.log(deviation * (2 * Double.pi).squareRoot())
        }
        let ratio = exp(log - Double(before[sample]))
        let clip = Double(recipe.clip)
        let bounded = min(max(ratio, 1 - clip), 1 + clip)
        total -= min(ratio * advantages[sample], bounded * advantages[sample]) + Double(recipe.entropyBonus) * entropy
      }
      return total / Double(present.count)
    }

    func criticLoss(_ parameters: [Float], _ targets: [Double]) -> Double {
      let values = outputs(criticNetwork, parameters).map(Double.init)
      return present.reduce(0) { $0 + (values[$1] - targets[$1]) * (values[$1] - targets[$1]) } / Double(present.count)
    }
  }

  /// Two steps of gradient descent by finite differences.
  private func descended(_ start: [Float], rate: Float, _ loss: ([Float]) -> Double) -> [Float] {
    var parameters = start
    for _ in 0..<2 {
      let from = parameters
      for index in from.indices {
        var (low, high) = (from, from)
        low[index] -= 1e-3
        high[index] += 1e-3
        parameters[index] -= rate * Float((loss(high) - loss(low)) / Double(high[index] - low[index]))
      }
    }
    return parameters
  }

  @Test(arguments: ["masks and empty slots", "real numbers", "held near a prior", "imitating a prior"])
  func `an update is descent along the losses of the papers, epoch after epoch`(kind: String) throws {
    var bench = PPOBench()
    switch kind {
    case "real numbers": try check(bench, KnownAnswerWorld.aiming(dimensions: 2, agents: 2))
    case "masks and empty slots": try check(bench, KnownAnswerWorld.maskedLater(agents: 2))
    default:
      let imitates = kind == "imitating a prior"
      bench.recipe.prior = .init(
        name: "leaning", warmStartSteps: imitates ? 200 : 0, weight: 0.7, decaySteps: 960,
        advice: .init(regularization: 1, latencyWeight: nil, energyWeight: nil, overflowCost: 1))
      // An option that the prior never takes is among the permitted ones of the first step.
      let world = KnownAnswerWorld.maskedLater(agents: 2).advised(by: LeaningAdviser([0, 2, 1]))
      try check(bench, world, strength: 0.7 * 0.9, imitates: imitates)
    }
  }

  private func check<World: Environment>(
    _ start: PPOBench, _ world: World, strength: Double = 0, imitates: Bool = false
  ) throws {
    var bench = start
    bench.recipe.optimizer = .sgd()
    bench.recipe.actor.learningRate = 0.3
    bench.recipe.critic.learningRate = 0.05
    bench.recipe.gradientClip = 1e9
    bench.recipe.epochs = 2
    bench.recipe.minibatches = 1
    bench.recipe.valueDecay = nil
    bench.recipe.normalizesAdvantages = false
    bench.recipe.entropyBonus = 0.05
    bench.recipe.clip = 0.1
    bench.recipe.actor.outputScale = 1
    var (vector, learner) = bench.start(world, seed: 9, environments: 3)
    // Two rollouts, so that nothing is as it began.
    bench.train(&vector, &learner, to: 2 * 16 * 3)
    for _ in 0..<16 {
      learner.act(&vector.frame, step: 96)
      vector.step()
      learner.record(vector.frame)
      if try learner.snapshot().group("rollout").integer("filled") < 16 { vector.advance() }
    }
    let rollout = try Rollout(learner, world.groups[0], environments: 3)
    learner.update(step: 144, advanced: 3)
    let found = try Rollout.parameters(learner.snapshot(), world.groups[0])
    let advantages = rollout.advantages
    let values = rollout.outputs(rollout.criticNetwork, rollout.critic)
    let targets = advantages.indices.map { advantages[$0] + Double(values[$0]) }
    let actor = descended(rollout.actor, rate: 0.3) {
      rollout.actorLoss($0, advantages, strength: strength, imitates: imitates)
    }
    let critic = descended(rollout.critic, rate: 0.05) { rollout.criticLoss($0, targets) }
    for (name, start, wanted, got) in [
      ("actor", rollout.actor, actor, found.actor), ("critic", rollout.critic, critic, found.critic),
    ] {
      let moved = zip(start, wanted).map { abs($0 - $1) }.max() ?? 0
      let worst = zip(got, wanted).map { abs($0 - $1) }.max() ?? .infinity
      #expect(moved > 1e-3 && worst < 0.01 * moved, "\(name): moved by \(moved), off by \(worst)")
    }
    if !imitates { #expect(learner.progress(step: 144).figures[3].value > 0, "some ratios were clipped") }
  }
}

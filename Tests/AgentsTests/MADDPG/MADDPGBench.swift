import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots

/// A small recipe of the MADDPG family and the loop that trains it, shared by the tests of this folder.
struct MADDPGBench: Sendable {
  /// Critics of the own agent, one of each, small networks, frequent updates.
  var recipe = MADDPGConfiguration.paper

  init(_ change: (inout MADDPGConfiguration) -> Void = { _ in }) {
    recipe.name = "iddpg"
    recipe.critic = .own
    recipe.actorDescent = Descent(learningRate: 3e-3)
    recipe.criticDescent = Descent(learningRate: 1e-2)
    recipe.batchSize = 32
    recipe.replayCapacity = 2000
    recipe.warmupSteps = 100
    recipe.randomSteps = 100
    recipe.discount = 0.9
    recipe.trainEvery = 1
    recipe.tau = 0.05
    recipe.regularization = 1e-2
    recipe.actorHidden = [16]
    recipe.criticHidden = [32]
    recipe.noise.deviation = .constant(0.3)
    recipe.randomChoice = .constant(0.1)
    change(&recipe)
  }

  func start<World: Environment>(
    _ world: World, seed: UInt64, environments: Int = 1
  ) -> (vector: VectorEnvironment<World>, learner: MADDPGLearner) {
    (
      VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: seed)),
      MADDPGLearner(recipe, groups: world.groups, environments: environments, seed: seed)
    )
  }

  func train<World: Environment>(
    _ vector: inout VectorEnvironment<World>, _ learner: inout MADDPGLearner, from start: Int = 0, to steps: Int
  ) {
    var step = start
    while step < steps {
      learner.act(&vector.frame, step: step)
      vector.step()
      learner.record(vector.frame)
      step += vector.count
      learner.update(step: step, advanced: vector.count)
      vector.advance()
    }
  }
}

extension MADDPGLearner {
  /// Parameters as the snapshot has them: of `actor`, `critic-0` or `critic-1`, the `online` ones or the `target`.
  func parameters(_ part: String, _ moment: String = "online", group: String = "walker", member: Int = 0) throws
    -> [Float]
  {
    try snapshot().group("learner").group(group).group("member-\(member)").group(part).floats(moment)
  }

  /// The same learner with other parameters.
  mutating func replace(
    _ part: String, _ moments: [(name: String, values: [Float])], group: String = "walker", member: Int = 0
  ) throws {
    var whole = snapshot()
    try whole.change(["learner", group, "member-\(member)", part]) { parameters in
      for moment in moments { parameters.set(moment.name, moment.values) }
    }
    try restore(from: whole)
  }
}

extension Snapshot {
  /// Changes a group that lies within others.
  mutating func change(_ path: [String], _ body: (inout Snapshot) -> Void) throws {
    guard let first = path.first else { return body(&self) }
    var inner = try group(first)
    try inner.change(Array(path.dropFirst()), body)
    set(first, inner)
  }
}

import ReinforcementLearning

/// The return of an episode that a controller plays.
func play<World: Environment>(
  _ world: World, _ controller: inout some Controller<World>, seed: UInt64,
  afterStep: (World, JointAction, StepOutcome) -> Void = { _, _, _ in }
) -> Double {
  var world = world
  var action = JointAction(for: world.groups)
  var outcome = StepOutcome(agents: world.agentCount)
  var mean = TeamMean(for: world)
  var total = 0.0
  world.reset(seed: seed)
  controller.begin(seed: seed)
  while !outcome.episodeOver {
    mean.read(world)
    controller.act(in: world, &action)
    world.step(action, outcome: &outcome)
    controller.note(outcome)
    total += mean.mean(outcome)
    afterStep(world, action, outcome)
  }
  return total
}

/// The mean of numbers and its standard error.
struct Spread {
  let mean: Double
  let error: Double

  init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    error = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
  }
}

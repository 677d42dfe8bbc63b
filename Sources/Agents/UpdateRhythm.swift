/// When updates are made and hard targets copied, in environment steps, whatever the number of environments.
struct UpdateRhythm: Sendable, Equatable {
  /// Environment steps before the first update.
  let warmupSteps: Int
  /// Environment steps between two blocks of updates.
  let trainEvery: Int
  /// Updates in a block.
  let updatesPerBlock: Int

  init(warmupSteps: Int, trainEvery: Int, updatesPerBlock: Int) {
    self.warmupSteps = warmupSteps
    self.trainEvery = trainEvery
    self.updatesPerBlock = updatesPerBlock
  }

  init(_ configuration: DQNConfiguration) {
    warmupSteps = configuration.warmupSteps
    trainEvery = configuration.trainEvery
    updatesPerBlock = configuration.updatesPerBlock
  }

  /// The updates that are due after `step` environment steps, of which the last `advanced` are new.
  func updates(step: Int, advanced: Int) -> Int {
    guard step > warmupSteps else { return 0 }
    let last = max(step - advanced, warmupSteps)
    return (step / trainEvery - last / trainEvery) * updatesPerBlock
  }
}

extension DQNConfiguration.Target {
  /// Whether a hard target becomes a copy after `step` environment steps, of which the last `advanced` are new.
  func copies(step: Int, advanced: Int) -> Bool {
    guard case .hard(let interval) = self else { return false }
    return step / interval > (step - advanced) / interval
  }

  /// The fraction τ by which the target follows after every update; nil for a hard one.
  var fraction: Float? {
    if case .polyak(let tau) = self { tau } else { nil }
  }
}

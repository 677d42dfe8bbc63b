/// The returns of running and just ended episodes: Σ over steps of the mean reward over active agents.
struct EpisodeReturns: Sendable {
  /// What each environment's episode has brought so far.
  private(set) var running: [Double]
  /// Returns of the episodes that ended in the last step, in the order of the environments.
  private(set) var finished: [Double] = []
  /// The environments whose episodes ended in the last step.
  private(set) var ended: [Int] = []

  init(environments count: Int) {
    running = [Double](repeating: 0, count: count)
    finished.reserveCapacity(count)
    ended.reserveCapacity(count)
  }

  /// Begins anew where episodes ended.
  mutating func moveOn() {
    for index in ended { running[index] = 0 }
    ended.removeAll(keepingCapacity: true)
  }

  /// Takes over what running episodes have brought so far; nothing ended in the last step.
  mutating func resume(_ running: [Double]) {
    self.running = running
    finished.removeAll(keepingCapacity: true)
    ended.removeAll(keepingCapacity: true)
  }

  /// Adds a step.
  mutating func add(_ frame: borrowing VectorFrame) {
    finished.removeAll(keepingCapacity: true)
    ended.removeAll(keepingCapacity: true)
    if frame.groups.count == 1, frame.groups[0].group.count == 1 {
      addSingleAgents(frame)
    } else {
      addMeans(frame)
    }
    let over = frame.episodeOver.span
    for index in 0..<over.count where over[index] {
      ended.append(index)
      finished.append(running[index])
    }
  }

  private mutating func addSingleAgents(_ frame: borrowing VectorFrame) {
    let group = frame.groups[0]
    let rewards = group.rewards.span
    let active = group.active.span
    var running = running.mutableSpan
    precondition(rewards.count == running.count && active.count == running.count)
    for index in 0..<running.count { running[index] += active[index] ? rewards[index] : 0 }
  }

  private mutating func addMeans(_ frame: borrowing VectorFrame) {
    for index in 0..<running.count {
      var total = 0.0
      var present = 0
      for group in 0..<frame.groups.count {
        let slots = frame.groups[group].group.count
        for row in index * slots..<(index + 1) * slots where frame.groups[group].active[row] {
          total += frame.groups[group].rewards[row]
          present += 1
        }
      }
      if present > 0 { running[index] += total / Double(present) }
    }
  }
}

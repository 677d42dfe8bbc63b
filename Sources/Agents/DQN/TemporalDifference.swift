/// The targets of Q-learning for a batch: r where the state is terminal, else r + γ · (value of the next state).
///
/// The next state's value is that of its best permitted action: by the target network's own values (V. Mnih et
/// al. 2015), or, for double Q-learning, of the action that `selectionValues` prefer (H. van Hasselt, A. Guez,
/// D. Silver, "Deep reinforcement learning with double Q-learning", AAAI 2016). Masked actions and the next
/// state of terminal rows are never looked at, whatever stands there. A truncated row bootstraps.
///
/// - Parameters:
///   - rewards: r, one per row.
///   - terminated: 1 where nothing follows, else 0.
///   - nextMask: 1 where an action is permitted, rows × actions.
///   - targetValues: the target network's values of the next states, rows × actions.
///   - selectionValues: the online network's values of the next states for double Q-learning, else `targetValues`.
///   - targets: receives one number per row.
package func temporalDifferenceTargets(
  rewards: Span<Float>, terminated: Span<Float>, nextMask: Span<Float>, targetValues: Span<Float>,
  selectionValues: Span<Float>, discount: Float, into targets: inout MutableSpan<Float>
) {
  let rows = rewards.count
  let actions = targetValues.count / rows
  for row in 0..<rows {
    if terminated[row] != 0 {
      targets[row] = rewards[row]
      continue
    }
    let base = row * actions
    var best = -1
    var greatest = -Float.infinity
    for action in 0..<actions where nextMask[base + action] != 0 {
      let value = selectionValues[base + action]
      if best < 0 || value > greatest {
        best = action
        greatest = value
      }
    }
    precondition(best >= 0, "row \(row) of the batch is not terminal and permits no next action")
    targets[row] = rewards[row] + discount * targetValues[base + best]
  }
}

import LinearAlgebra
package import NeuralNetworks
package import Policies

/// What the next state of a row is worth, and how far the chosen values are from it: for every head and any number
/// of branches.
///
/// - `expected`: y = r + Γ · mean over branches of Q⁻(s′, best option), the same for each branch (A. Tavakoli et al.,
///   "Action branching architectures for deep reinforcement learning", AAAI 2018; with one branch plain Q-learning).
/// - `categorical`: each branch's distribution r + Γ · Z⁻(s′, best option), projected on the atoms; cross-entropy.
/// - `quantile`: each branch's samples r + Γ · θ⁻(s′, best option); quantile Huber loss.
///
/// Γ is the row's discount γᵏ. The best option is that of the selecting network's expectations, among the
/// permitted ones: the target network's own, or the online network's for double Q-learning. Rows that end look at
/// nothing of their next state.
package struct ValueLoss: Sendable {
  private let head: ValueHead
  private let branches: ActionBranches
  private let loss: Loss
  private let quantileLoss: QuantileHuber
  private var expectations: [Float]
  /// A distribution of the next state; and any distribution, for rows that have none.
  private var probabilities: [Float]
  private let certain: [Float]

  /// The number of values of one row's target.
  package let targetCount: Int

  package init(_ head: ValueHead, branches: ActionBranches, loss: Loss) {
    self.head = head
    self.branches = branches
    self.loss = loss
    if case .huber(let threshold) = loss {
      quantileLoss = QuantileHuber(threshold: threshold)
    } else {
      quantileLoss = QuantileHuber(threshold: 1)
    }
    expectations = [Float](repeating: 0, count: branches.count)
    probabilities = [Float](repeating: 0, count: head.atoms)
    certain = [Float](repeating: 1 / Float(head.atoms), count: head.atoms)
    targetCount = head == .expected ? 1 : branches.options.count * head.atoms
  }

  /// Writes the target of one row.
  ///
  /// - Parameters:
  ///   - reward: the row's discounted sum of rewards.
  ///   - discount: Γ, what the next state's value is multiplied by.
  ///   - terminated: whether nothing follows.
  ///   - mask: the next state's permitted options.
  ///   - next: the target network's outputs for the next state.
  ///   - selection: the outputs by which the best option is found.
  ///   - target: ``targetCount`` values.
  package mutating func writeTarget(
    reward: Float, discount: Float, terminated: Bool, mask: Span<Bool>, next: Span<Float>, selection: Span<Float>,
    into target: inout MutableSpan<Float>
  ) {
    if terminated { return writeEnd(reward, into: &target) }
    if head == .expected {
      target[0] = reward + discount * meanOfBest(selection, next, mask)
      return
    }
    var values: [Float] = []
    swap(&values, &expectations)
    do {
      var span = values.mutableSpan
      head.values(of: selection, into: &span)
    }
    let atoms = head.atoms
    var start = 0
    for branch in 0..<branches.options.count {
      let option = best(values.span, branch, from: start, mask)
      let outputs = next.extracting((start + option) * atoms..<(start + option + 1) * atoms)
      var part = target._mutatingExtracting(branch * atoms..<(branch + 1) * atoms)
      switch head {
      case .expected: break
      case .categorical(let support):
        project(outputs, on: support, reward: reward, discount: discount, into: &part)
      case .quantile:
        for atom in 0..<atoms { part[atom] = reward + discount * outputs[atom] }
      }
      start += branches.options[branch]
    }
    swap(&values, &expectations)
  }

  private mutating func project(
    _ logits: Span<Float>, on support: CategoricalSupport, reward: Float, discount: Float,
    into projected: inout MutableSpan<Float>
  ) {
    do {
      var span = probabilities.mutableSpan
      _ = softmax(logits, into: &span)
    }
    support.project(probabilities.span, reward: reward, discount: discount, into: &projected)
  }

  private func writeEnd(_ reward: Float, into target: inout MutableSpan<Float>) {
    switch head {
    case .expected, .quantile:
      for index in 0..<target.count { target[index] = reward }
    case .categorical(let support):
      for branch in 0..<branches.options.count {
        var part = target._mutatingExtracting(branch * support.count..<(branch + 1) * support.count)
        support.project(certain.span, reward: reward, discount: 0, into: &part)
      }
    }
  }

  /// The mean over branches of the value in `next` of the permitted option that `selection` finds best; for expected
  /// values.
  package func meanOfBest(_ selection: Span<Float>, _ next: Span<Float>, _ mask: Span<Bool>) -> Float {
    var start = 0
    var sum: Float = 0
    for branch in 0..<branches.options.count {
      sum += next[start + best(selection, branch, from: start, mask)]
      start += branches.options[branch]
    }
    return branches.options.count == 1 ? sum : sum / Float(branches.options.count)
  }

  /// The permitted option of the greatest value in a branch, counted within the branch; the lowest of equals.
  private func best(_ values: Span<Float>, _ branch: Int, from start: Int, _ mask: Span<Bool>) -> Int {
    let isMasked = branch < branches.integers
    var best = -1
    var greatest = -Float.infinity
    for option in 0..<branches.options[branch] {
      if isMasked, !mask[start + option] { continue }
      let value = values[start + option]
      if best < 0 || value > greatest {
        best = option
        greatest = value
      }
    }
    precondition(best >= 0, "a row of the batch is not terminal and permits no next action")
    return best
  }

  /// Compares the chosen outputs of one row with its target.
  ///
  /// - Parameters:
  ///   - outputs: the online network's outputs for the state.
  ///   - choices: the option taken in each branch.
  ///   - target: of ``writeTarget(reward:discount:terminated:mask:next:selection:into:)``.
  ///   - weight: what the row's derivative is multiplied by.
  ///   - gradient: overwritten with the derivatives by the outputs; of options not taken they are 0.
  /// - Returns: the row's loss, the error that decides its priority, and the mean chosen value.
  package mutating func compare(
    _ outputs: Span<Float>, choices: Span<Float>, with target: Span<Float>, weight: Float,
    gradient: inout MutableSpan<Float>
  ) -> (loss: Float, error: Float, value: Float) {
    for index in 0..<gradient.count { gradient[index] = 0 }
    let share = 1 / Float(branches.options.count)
    let atoms = head.atoms
    var total: (loss: Float, error: Float, value: Float) = (0, 0, 0)
    var start = 0
    for branch in 0..<branches.options.count {
      let first = (start + Int(choices[branch])) * atoms
      let chosen = outputs.extracting(first..<first + atoms)
      var part = gradient._mutatingExtracting(first..<first + atoms)
      switch head {
      case .expected:
        let difference = chosen[0] - target[0]
        total.loss += loss.value(difference)
        total.error += abs(difference)
        total.value += chosen[0]
        part[0] = loss.derivative(difference) * weight * share
      case .categorical(let support):
        let wanted = target.extracting(branch * atoms..<(branch + 1) * atoms)
        let value = CrossEntropy.value(chosen, against: wanted, gradient: &part)
        total.loss += value
        total.error += value
        total.value += support.expectation(ofLogits: chosen)
        for atom in 0..<atoms { part[atom] *= weight * share }
      case .quantile:
        let wanted = target.extracting(branch * atoms..<(branch + 1) * atoms)
        let value = quantileLoss.value(chosen, against: wanted, gradient: &part)
        total.loss += value
        total.error += value
        var sum: Float = 0
        for atom in 0..<atoms {
          part[atom] *= weight * share
          sum += chosen[atom]
        }
        total.value += sum / Float(atoms)
      }
      start += branches.options[branch]
    }
    return (total.loss * share, total.error * share, total.value * share)
  }
}

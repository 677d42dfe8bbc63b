import Agents
import Glibc
import ReinforcementLearning

/// A network of two inputs, three tanh units and some outputs, and an update of it, written out in `Double`.
struct DoubleTwin {
  /// One transition as it was stored.
  struct Row {
    var observation, next: [Double]
    var action: Int
    var reward, discount: Double
    var terminated: Bool
    var mask: [Bool]
  }

  var parameters: [Double]
  let outputs: Int

  init(_ parameters: [Float], outputs: Int) {
    self.parameters = parameters.map { Double($0) }
    self.outputs = outputs
  }

  private func hidden(_ x: [Double]) -> [Double] {
    (0..<3).map { tanh(parameters[2 * $0] * x[0] + parameters[2 * $0 + 1] * x[1] + parameters[6 + $0]) }
  }

  func values(_ x: [Double]) -> [Double] {
    let h = hidden(x)
    return (0..<outputs).map { output in
      (0..<3).reduce(parameters[9 + 3 * outputs + output]) { $0 + parameters[9 + 3 * output + $1] * h[$1] }
    }
  }

  /// r + γᵏ · Q⁻(s′, argmax Q(s′, ·)) over the permitted actions; both networks are this one.
  func target(_ row: Row) -> Double {
    if row.terminated { return row.reward }
    let next = values(row.next)
    let best = (0..<outputs).filter { row.mask[$0] }.map { next[$0] }.max() ?? .nan
    return row.reward + row.discount * best
  }

  func error(_ row: Row) -> Double { values(row.observation)[row.action] - target(row) }

  /// Huber with threshold 1.
  func loss(_ row: Row) -> Double {
    let size = abs(error(row))
    return size <= 1 ? 0.5 * size * size : size - 0.5
  }

  /// The derivative of a row's Huber loss by all parameters.
  func gradient(_ row: Row) -> [Double] {
    let slope = max(-1, min(1, error(row)))
    return valueGradient(row.observation, row.action).map { slope * $0 }
  }

  /// The derivative of an action's value by all parameters.
  func valueGradient(_ x: [Double], _ action: Int) -> [Double] {
    let h = hidden(x)
    var gradient = [Double](repeating: 0, count: parameters.count)
    for unit in 0..<3 {
      let back = parameters[9 + 3 * action + unit] * (1 - h[unit] * h[unit])
      gradient[2 * unit] = back * x[0]
      gradient[2 * unit + 1] = back * x[1]
      gradient[6 + unit] = back
      gradient[9 + 3 * action + unit] = h[unit]
    }
    gradient[9 + 3 * outputs + action] = 1
    return gradient
  }
}

extension StoredRows {
  /// A row as the twin reads it.
  func twinRow(_ row: Int, options: Int) -> DoubleTwin.Row {
    let mask = PackedMask(options: options)
    let packed = values(row, "next_mask", mask.columnCount)
    return DoubleTwin.Row(
      observation: values(row, "observation", 2).map { Double($0) },
      next: values(row, "next_observation", 2).map { Double($0) }, action: Int(self[row, "actions_0"]),
      reward: Double(self[row, "reward"]), discount: Double(self[row, "discount"]),
      terminated: self[row, "terminated"] == 1, mask: (0..<options).map { mask.permits(packed.span, option: $0) })
  }
}

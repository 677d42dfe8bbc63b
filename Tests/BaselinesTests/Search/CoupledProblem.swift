import Baselines
import Randomness

/// A random quadratic assignment: a cost per gene and option, and one for each pair of neighbouring genes that agree.
///
/// It counts the costs asked for, and traps on an option that is not permitted.
struct CoupledProblem: AssignmentProblem {
  let genes: Int
  let choices: Int
  private let own: [Double]
  private let pair: [Double]
  private let forbidden: [Bool]
  private(set) var asked = 0

  init(genes: Int, choices: Int, seed: UInt64, forbids: Bool = true) {
    var random = RandomStream(seed: seed)
    self.genes = genes
    self.choices = choices
    own = (0..<genes * choices).map { _ in random.uniform() }
    pair = (0..<genes * choices * choices).map { _ in 2 * random.uniform() }
    forbidden = (0..<genes * choices).map { forbids && $0 % choices != 1 && random.bernoulli(0.2) }
  }

  func options(of gene: Int) -> Int { choices }

  func permits(_ option: Int, gene: Int) -> Bool { !forbidden[gene * choices + option] }

  mutating func cost(of assignment: [Int]) -> Double {
    asked += 1
    precondition(assignment.count == genes && assignment.enumerated().allSatisfy { permits($1, gene: $0) })
    return value(assignment)
  }

  func value(_ assignment: [Int]) -> Double {
    var sum = 0.0
    for gene in 0..<genes {
      sum += own[gene * choices + assignment[gene]]
      if gene > 0 { sum += pair[(gene * choices + assignment[gene - 1]) * choices + assignment[gene]] }
    }
    return sum
  }

  /// The least cost by dynamic programming along the chain of genes.
  var optimum: Double {
    var best = (0..<choices).map { permits($0, gene: 0) ? own[$0] : .infinity }
    for gene in 1..<genes {
      best = (0..<choices).map { option in
        guard permits(option, gene: gene) else { return .infinity }
        return (0..<choices).map { best[$0] + pair[(gene * choices + $0) * choices + option] }.reduce(.infinity, min)
          + own[gene * choices + option]
      }
    }
    return best.reduce(.infinity, min)
  }
}

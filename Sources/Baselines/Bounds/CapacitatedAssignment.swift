/// Tasks to servers with capacities: each task to one, at a cost, using some of it (the generalised assignment problem).
public struct CapacitatedAssignment: AssignmentProblem, Sendable, Equatable {
  /// How many tasks there are.
  public let tasks: Int
  /// How many servers there are.
  public let servers: Int
  /// The cost of each task on each server, [task × server], row by row; infinity forbids a pair.
  public let costs: [Double]
  /// What each task uses of each server, [task × server], row by row.
  public let use: [Double]
  /// What each server has.
  public let capacity: [Double]
  private var load: [Double]

  /// A problem by its matrices.
  public init(tasks: Int, costs: [Double], use: [Double], capacity: [Double]) {
    servers = capacity.count
    precondition(
      tasks > 0 && costs.count == tasks * servers && use.count == tasks * servers,
      "\(costs.count) costs and \(use.count) uses do not fit \(tasks) tasks and \(capacity.count) servers")
    precondition(
      (use + capacity).allSatisfy { $0 >= 0 && $0.isFinite } && costs.allSatisfy { !$0.isNaN && $0 > -.infinity },
      "uses and capacities must be finite and not negative, costs numbers or infinity")
    self.tasks = tasks
    self.costs = costs
    self.use = use
    self.capacity = capacity
    load = [Double](repeating: 0, count: capacity.count)
  }

  public var genes: Int { tasks }

  public func options(of gene: Int) -> Int { servers }

  public func permits(_ option: Int, gene: Int) -> Bool { costs[gene * servers + option].isFinite }

  public mutating func cost(of assignment: [Int]) -> Double {
    for server in load.indices { load[server] = 0 }
    var sum = 0.0
    for (task, server) in assignment.enumerated() {
      sum += costs[task * servers + server]
      load[server] += use[task * servers + server]
    }
    for server in load.indices where load[server] > capacity[server] * (1 + 1e-12) { return .infinity }
    return sum
  }

  /// The program with a binary for each permitted pair; its ``LinearProgram/relaxed`` form bounds it from below.
  public var program: LinearProgram {
    var program = LinearProgram()
    var places: [[LinearProgram.Variable?]] = []
    for task in 0..<tasks {
      places.append(
        (0..<servers).map { server in
          permits(server, gene: task)
            ? program.variable(
              "x_\(task)_\(server)", in: 0...1, cost: costs[task * servers + server], isWhole: true) : nil
        })
    }
    for task in 0..<tasks {
      program.row("one_\(task)", places[task].compactMap { $0 }.map { LinearProgram.Term(1, $0) }, .equal, 1)
    }
    for server in 0..<servers {
      let terms = (0..<tasks).compactMap { task in
        places[task][server].map { LinearProgram.Term(use[task * servers + server], $0) }
      }
      program.row("capacity_\(server)", terms, .atMost, capacity[server])
    }
    return program
  }

  /// A lower bound by Lagrange multipliers on the capacities, raised by subgradient steps.
  ///
  /// L(λ) = Σ_i min_j (c_ij + λ_j r_ij) − Σ_j λ_j b_j is a lower bound for every λ ≥ 0, and its maximum is the optimum of the
  /// relaxed program. Step t goes along the excess of use over capacity by (T̂ − L)/‖excess‖² times a factor that halves
  /// when the bound has not grown for 20 steps, with T̂ a target a twentieth above the best bound (B. T. Polyak, 1969).
  public func lagrangianBound(steps: Int = 500) -> (cost: Double, prices: [Double]) {
    var prices = [Double](repeating: 0, count: servers)
    var best = (cost: -Double.infinity, prices: prices)
    var factor = 2.0
    var sinceGrowth = 0
    for _ in 0..<steps {
      var bound = 0.0
      var excess = capacity.map { -$0 }
      for server in 0..<servers { bound -= prices[server] * capacity[server] }
      for task in 0..<tasks {
        var choice = 0
        var least = Double.infinity
        for server in 0..<servers {
          let pair = task * servers + server
          let cost = costs[pair] + prices[server] * use[pair]
          if cost < least {
            least = cost
            choice = server
          }
        }
        bound += least
        excess[choice] += use[task * servers + choice]
      }
      if bound > best.cost {
        best = (bound, prices)
        sinceGrowth = 0
      } else {
        sinceGrowth += 1
        if sinceGrowth == 20 {
          factor /= 2
          sinceGrowth = 0
        }
      }
      let square = excess.reduce(0) { $0 + $1 * $1 }
      guard square > 0, bound.isFinite else { break }
      let target = best.cost + 0.05 * max(abs(best.cost), 1e-9)
      let step = factor * (target - bound) / square
      for server in 0..<servers { prices[server] = max(0, prices[server] + step * excess[server]) }
    }
    return best
  }
}

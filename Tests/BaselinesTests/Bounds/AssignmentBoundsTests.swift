import Baselines
import Randomness
import Testing

/// Genes are rows and options columns; a column taken twice costs infinity.
private struct Pairing: AssignmentProblem {
  let costs: [Double]
  let genes: Int
  let columns: Int

  func options(of gene: Int) -> Int { columns }

  func cost(of assignment: [Int]) -> Double {
    guard Set(assignment).count == genes else { return .infinity }
    return assignment.enumerated().reduce(0) { $0 + costs[$1.offset * columns + $1.element] }
  }
}

struct AssignmentBoundsTests {
  private func matrix(_ count: Int, _ seed: UInt64, forbids: Double = 0) -> [Double] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in random.bernoulli(forbids) ? .infinity : 10 * random.uniform() - 3 }
  }

  @Test func `the Hungarian method agrees with trying all pairings`() {
    for seed in 0..<200 as Range<UInt64> {
      let rows = 1 + Int(seed % 5)
      let columns = rows + Int(seed / 5 % 3)
      let costs = matrix(rows * columns, seed, forbids: seed % 2 == 0 ? 0 : 0.3)
      var pairing = Pairing(costs: costs, genes: rows, columns: columns)
      let least = ExhaustiveSearch().minimize(&pairing, evaluations: 1_000_000)
      let found = OptimalAssignment(costs: costs, rows: rows, columns: columns)
      #expect(Set(found.column).count == rows)
      #expect(found.cost == least.cost || abs(found.cost - least.cost) < 1e-9)
    }
  }

  @Test func `its prices prove its cost on large matrices`() {
    for (rows, columns) in [(60, 60), (40, 90), (150, 150)] {
      let costs = matrix(rows * columns, UInt64(rows + columns))
      let found = OptimalAssignment(costs: costs, rows: rows, columns: columns)
      for pair in costs.indices {
        #expect(costs[pair] >= found.rowPrice[pair / columns] + found.columnPrice[pair % columns] - 1e-9)
      }
      #expect(found.columnPrice.allSatisfy { $0 <= 0 })
      let taken = Set(found.column)
      #expect(taken.count == rows)
      #expect((0..<columns).allSatisfy { taken.contains($0) || found.columnPrice[$0] == 0 })
      #expect(abs(found.rowPrice.reduce(0, +) + found.columnPrice.reduce(0, +) - found.cost) < 1e-9)
    }
  }

  @Test func `products are least when one factor rises as the other falls`() {
    // Σ i·σ(i) is least for the reversed order (rearrangement inequality).
    let n = 30
    let costs = (0..<n * n).map { Double($0 / n) * Double($0 % n) }
    #expect(OptimalAssignment(costs: costs, rows: n, columns: n).column == (0..<n).reversed())
  }

  @Test func `Lagrange multipliers bound crowded servers from below, and closely`() {
    var gaps: [Double] = []
    for seed in 0..<40 as Range<UInt64> {
      var problem = CapacitatedAssignment.random(seed: seed, tasks: 8, servers: 3, room: 2.8)
      let least = ExhaustiveSearch().minimize(&problem, evaluations: 10_000).cost
      let bound = problem.lagrangianBound()
      #expect(bound.cost <= least + 1e-9)
      #expect(bound.prices.allSatisfy { $0 >= 0 })
      // Without prices each task takes its cheapest server; prices must improve on that where servers are crowded.
      let free = problem.lagrangianBound(steps: 1).cost
      #expect(bound.cost >= free)
      if least.isFinite, least > free * (1 + 1e-9) { gaps.append((least - bound.cost) / (least - free)) }
    }
    #expect(gaps.count >= 20)
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    #expect(mean < 0.5, "the bound closes only \(1 - mean) of the way")
  }

  @Test func `a program accepts exactly the assignments that fit`() {
    var problem = CapacitatedAssignment.random(seed: 3, tasks: 6, servers: 3, room: 3.2)
    let program = problem.program
    #expect(program.variableCount == 18 && program.rowCount == 9)
    var counted = (fit: 0, broken: 0)
    for code in 0..<729 {
      var rest = code
      let assignment = (0..<6).map { _ in
        defer { rest /= 3 }
        return rest % 3
      }
      let point = (0..<18).map { assignment[$0 / 3] == $0 % 3 ? 1.0 : 0 }
      let cost = problem.cost(of: assignment)
      #expect(program.violations(point).isEmpty == cost.isFinite)
      if cost.isFinite {
        #expect(abs(program.objective(point) - cost) < 1e-12)
        counted.fit += 1
      } else {
        counted.broken += 1
      }
    }
    #expect(counted.fit > 20 && counted.broken > 20)
  }

  @Test func `LP text has the form that solvers read`() {
    var program = LinearProgram()
    let x = program.variable("x", in: 0...1, cost: 2.5, isWhole: true)
    let y = program.variable("y", in: -1...4, cost: -1)
    let z = program.variable("z", isWhole: true)
    program.row("a", [.init(0.5, x), .init(-0.5, y), .init(0, z), .init(0.5, x)], .atLeast, 1)
    program.row("b", [.init(1, z)], .equal, 3)
    #expect(
      program.text == """
        Minimize
         cost: + 2.5 x - 1.0 y
        Subject To
         a: + 1.0 x - 0.5 y >= 1.0
         b: + 1.0 z = 3.0
        Bounds
         -1.0 <= y <= 4.0
         z >= 0.0
        Binaries
         x
        Generals
         z
        End

        """)
    #expect(program.violations([1, 0, 3]).isEmpty)
    #expect(program.violations([0.5, -1, 2.5]) == ["x", "z", "b"])
    #expect(program.relaxed.violations([0.5, -1, 3]).isEmpty)
  }
}

import EdgeCloud
import Randomness
import Testing

struct GeneratedGraphsTests {
  private let world = WorldDraws(seed: 11)

  @Test(arguments: [0.5, 1, 2])
  func `heights are uniform with the mean that √v/α gives`(shape: Double) {
    let count = 3000
    let depths = (0..<UInt64(count)).map { index in
      Double(LayeredGraphs(tasks: 100, shape: shape, outDegree: 2).graph(in: world, index: index).depth)
    }
    // ⌈U(0, n)⌉ is uniform over 1 … n: mean (n + 1)/2, variance (n² − 1)/12.
    let n = 2 * 10 / shape
    let mean = depths.reduce(0, +) / Double(count)
    #expect(abs(mean - (n + 1) / 2) < 3 * ((n * n - 1) / 12 / Double(count)).squareRoot())
    #expect(depths.min() == 1)
    #expect(depths.max() == n)
  }

  @Test(arguments: [1, 2, 5, 60])
  func `tasks have the successors asked for, and levels are what they were drawn as`(degree: Int) {
    for index in 0..<300 as Range<UInt64> {
      let graph = LayeredGraphs(tasks: 60, shape: 1, outDegree: degree).graph(in: world, index: index)
      #expect(graph.count == 60)
      #expect(graph.topologicalOrder == Array(0..<60))
      for task in 0..<60 {
        let deeper = (0..<60).count { graph.level[$0] > graph.level[task] }
        let successors = graph.successors(of: task)
        #expect(successors.count >= min(degree, deeper))
        if degree == 60 { #expect(successors.count == deeper) }
        if graph.level[task] > 0 {
          let levels = graph.predecessors(of: task).map { graph.level[graph.dependencies[$0].source] }
          #expect(levels.contains(graph.level[task] - 1))
        }
      }
      // At most one more edge for each task, which gave it its predecessor.
      #expect(graph.edgeCount <= 60 * degree + 60)
    }
  }

  @Test func `costs keep their ranges, their means and their ratio`() {
    let shape = LayeredGraphs(tasks: 80, shape: 1, outDegree: 4).graph(in: world, index: 0)
    let costs = GraphCosts(meanDuration: Seconds(2), communicationRatio: 5, heterogeneity: 0.5)
    var durations: [Double] = []
    var transfers: [Double] = []
    for index in 0..<300 as Range<UInt64> {
      let problem = costs.problem(on: shape, nodes: 4, in: world, index: index)
      for task in 0..<80 {
        let mean = problem.graph.cycles[task] / costs.clock_Hz
        #expect(mean <= 4)
        for node in 0..<4 {
          let duration = problem.duration_s(task: task, node: node)
          #expect(duration >= mean * 0.75 && duration <= mean * 1.25)
        }
        durations.append(mean)
      }
      for edge in 0..<problem.graph.edgeCount { transfers.append(problem.meanTransfer_s(edge: edge)) }
    }
    // Uniform on (0, 2m): the standard error of the mean is m/√(3n).
    let mean = durations.reduce(0, +) / Double(durations.count)
    #expect(abs(mean - 2) < 3 * 2 / (3 * Double(durations.count)).squareRoot())
    let transfer = transfers.reduce(0, +) / Double(transfers.count)
    #expect(abs(transfer - 10) < 3 * 10 / (3 * Double(transfers.count)).squareRoot())
  }

  @Test func `a graph is a function of world and index, and the ratio only scales its data`() {
    let maker = LayeredGraphs(tasks: 50, shape: 1, outDegree: 3)
    let shape = maker.graph(in: world, index: 4)
    #expect(shape == maker.graph(in: world, index: 4))
    #expect(shape != maker.graph(in: world, index: 5))
    #expect(shape != maker.graph(in: WorldDraws(seed: 12), index: 4))
    let low = GraphCosts(communicationRatio: 1, heterogeneity: 0.5).problem(on: shape, nodes: 3, in: world, index: 4)
    let high = GraphCosts(communicationRatio: 4, heterogeneity: 0.5).problem(on: shape, nodes: 3, in: world, index: 4)
    #expect(low.execution_s == high.execution_s)
    #expect(low.graph.dependencies.map { $0.bits * 4 } == high.graph.dependencies.map(\.bits))
  }

  @Test func `the Fourier transform has the published number of tasks, and all its paths are equally long`() {
    for (exponent, count) in [(0, 1), (1, 5), (2, 15), (3, 39), (4, 95)] {
      let graph = TaskGraph.fastFourierTransform(exponent: exponent)
      #expect(graph.count == count)
      #expect(graph.depth == 2 * exponent + 1)
      #expect(graph.entries == [0])
      #expect(graph.exits.count == 1 << exponent)
      #expect(graph.exits.allSatisfy { graph.level[$0] == 2 * exponent })
      #expect(graph.dependencies.allSatisfy { graph.level[$0.target] == graph.level[$0.source] + 1 })
      // Every end depends on every leaf of the calls: a transform mixes all its points.
      let reach = reachable(graph)
      let leaves = (0..<count).filter { graph.level[$0] == exponent }
      for leaf in leaves { #expect(graph.exits.allSatisfy { reach[leaf].contains($0) }) }
    }
  }

  private func reachable(_ graph: TaskGraph) -> [Set<Int>] {
    var reach = (0..<graph.count).map { Set([$0]) }
    for task in graph.topologicalOrder.reversed() {
      for edge in graph.successors(of: task) { reach[task].formUnion(reach[graph.dependencies[edge].target]) }
    }
    return reach
  }

  @Test func `Gaussian elimination has the published number of tasks, and waits as the algorithm does`() {
    for (size, count) in [(2, 2), (3, 5), (5, 14), (8, 35)] {
      let graph = TaskGraph.gaussianElimination(size: size)
      #expect(graph.count == count)
      #expect(graph.edgeCount == size * size - size - 1)
      #expect(graph.depth == 2 * (size - 1))
    }
    // Matrix elements read and written by each task of elimination without pivoting, in program order: task (k, k)
    // scales column k, task (k, j) updates column j. A task waits for those that last wrote what it uses.
    let size = 6
    var edges: Set<[Int]> = []
    var writer: [Int?] = Array(repeating: nil, count: size)
    var task = 0
    for step in 0..<size - 1 {
      for column in step..<size {
        for read in Set([step, column]) { if let last = writer[read] { edges.insert([last, task]) } }
        writer[column] = task
        task += 1
      }
    }
    let graph = TaskGraph.gaussianElimination(size: size)
    #expect(Set(graph.dependencies.map { [$0.source, $0.target] }) == edges)
  }

  @Test func `matrix jobs keep daggen's parameters`() {
    for jump in [1, 3] {
      var maker = MatrixGraphs()
      maker.jump = jump
      var spans: Set<Int> = []
      for index in 0..<200 as Range<UInt64> {
        let job = maker.job(in: world, index: index)
        let graph = job.graph
        let level = job.drawnLevel
        #expect(graph.count == 100)
        if jump == 1 { #expect(graph.level == level) }
        let last = level[99]
        let width = (0...last).map { drawn in level.count { $0 == drawn } }
        // ⌊10 · U(0.9, 1.1)⌋ tasks a level; the last level holds what is left.
        #expect(width.dropLast().allSatisfy { (9...10).contains($0) })
        for task in 0..<100 where level[task] > 0 {
          let sources = graph.predecessors(of: task).map { graph.dependencies[$0].source }
          #expect(sources.count >= 1 && Double(sources.count) <= 1 + 0.5 * Double(width[level[task] - 1]))
          for source in sources { spans.insert(level[task] - level[source]) }
        }
        for edge in graph.dependencies {
          let rows = (edge.bits / 64).squareRoot()
          #expect(rows == rows.rounded() && Int(rows) % 1024 == 0 && (2048...11264).contains(Int(rows)))
        }
        #expect(job.serialShare.allSatisfy { (0..<0.2).contains($0) })
      }
      #expect(spans == Set(1...jump))
    }
  }

  /// Means and standard deviations of edges and depth over 300 graphs (seeds 1 to 300) of PyPI `daggen` 0.0.5.
  private static let peer: [(tasks: Int, fat: Double, density: Double, regular: Double, jump: Int, figures: [Double])] =
    [
      (
        100, 0.5, 0.5, 0.9, 1,
        [261.803, 13.5855, 10.9967, 0.057735, 2.37955e+11, 3.35843e+10, 3.60123e+08, 2.95596e+07]
      ),
      (50, 0.3, 0.2, 0.5, 2, [47.4867, 0.948413, 14.4533, 1.63812, 2.3497e+11, 4.53527e+10, 3.56847e+08, 5.03352e+07]),
      (
        100, 0.8, 0.8, 0.2, 1,
        [837.257, 202.868, 3.24667, 0.837552, 2.39529e+11, 3.11373e+10, 3.60606e+08, 3.66226e+07]
      ),
      (20, 0.5, 0.6, 0.9, 1, [26.2933, 2.6704, 6.10333, 0.382723, 2.32528e+11, 6.8981e+10, 3.46981e+08, 7.71276e+07]),
      (
        100, 0.5, 0.5, 0.9, 3,
        [261.803, 13.5855, 10.2633, 0.664928, 2.37955e+11, 3.35843e+10, 3.59565e+08, 3.35589e+07]
      ),
    ]

  @Test(arguments: peer.indices) func `matrix jobs are like those of daggen`(row: Int) {
    let (tasks, fat, density, regular, jump, theirs) = Self.peer[row]
    var maker = MatrixGraphs()
    (maker.tasks, maker.fat, maker.density, maker.regular, maker.jump) = (tasks, fat, density, regular, jump)
    var samples = [[Double]](repeating: [], count: 4)
    for index in 0..<2000 as Range<UInt64> {
      let graph = maker.job(in: world, index: index).graph
      samples[0].append(Double(graph.edgeCount))
      samples[1].append(Double(graph.depth))
      samples[2].append(graph.cycles.reduce(0, +) / Double(tasks))
      samples[3].append(graph.dependencies.reduce(0) { $0 + $1.bits / 8 } / Double(graph.edgeCount))
    }
    for (sample, figure) in zip(samples, 0...) {
      let mean = sample.reduce(0, +) / 2000
      let (peer, deviation) = (theirs[2 * figure], theirs[2 * figure + 1])
      // Four standard errors of their mean and ours; depth is whole, so that a twentieth is allowed where theirs is fixed.
      let allowed = 4 * deviation * (1.0 / 300 + 1.0 / 2000).squareRoot() + (figure == 1 ? 0.05 : 0)
      #expect(abs(mean - peer) < allowed, "figure \(figure): ours \(mean), theirs \(peer) ± \(deviation)")
    }
  }

  @Test func `matrix jobs count operations as daggen documents, and parallel time as Amdahl did`() {
    var maker = MatrixGraphs()
    for complexity in [MatrixGraphs.Complexity.linear, .logarithmic, .product] {
      maker.complexity = complexity
      for index in 0..<50 as Range<UInt64> {
        let job = maker.job(in: world, index: index)
        for task in 0..<100 {
          guard let edge = job.graph.successors(of: task).first else { continue }
          let elements = job.graph.dependencies[edge].bits / 64
          let perElement = job.graph.cycles[task] / elements
          let rows = elements.squareRoot()
          switch complexity {
          case .linear: #expect((64..<512).contains(perElement))
          case .logarithmic:
            // Between 2·64·log₂ m and 2·512·log₂ m, with log₂ m between 11 and 13.5.
            #expect(perElement >= 2 * 64 * 11 && perElement < 2 * 512 * 13.5)
          default: #expect(abs(perElement - rows) < 1e-9 * rows)
          }
        }
      }
    }
    let job = maker.job(in: world, index: 1)
    let one = job.duration_s(task: 3, clock_Hz: 2e9, cores: 1)
    #expect(abs(one - job.graph.cycles[3] / 2e9) < 1e-12 * one)
    #expect(abs(job.duration_s(task: 3, clock_Hz: 2e9, cores: .max) / one - job.serialShare[3]) < 1e-9)
  }
}

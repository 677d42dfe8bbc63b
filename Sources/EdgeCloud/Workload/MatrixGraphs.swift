import Glibc
public import Randomness

/// Random graphs of matrix computations with the parameters of the DAG generator daggen (F. Suter, S. Hunold).
///
/// A level has ⌊⌊n^fat⌋ · U(regular, 2 − regular)⌋ tasks, at least one, the last what is left. A task on level l > 0 has
/// 1 + ⌊U(0, density · width(l − 1))⌋ predecessors, at most as many as there are, each on a level drawn from the `jump`
/// levels before its own. A task works on m × m elements of 8 bytes, m rounded down to a multiple of 1,024, and sends them
/// to each of its successors. Its operations are a·m², 2a·m²·log₂ m or m³ with a ~ U[64, 512], and a share of them up to
/// `serialShare` cannot be run in parallel. Numbers of edges, depths, work and data agree with those of the generator.
public struct MatrixGraphs: Sendable, Equatable {
  /// How a task's operations grow with its matrix.
  public enum Complexity: Int, Sendable, CaseIterable {
    /// One of the three for each task, with equal chance.
    case mixed = 0
    /// a·m².
    case linear = 1
    /// 2a·m²·log₂ m.
    case logarithmic = 2
    /// m³.
    case product = 3
  }

  /// n, the number of tasks.
  public var tasks = 100
  /// The exponent of the width: 0 makes a chain, 1 puts all tasks on one level.
  public var fat = 0.5
  /// The share of the level before that a task may wait for.
  public var density = 0.5
  /// How alike the widths of the levels are; 1 makes them equal.
  public var regular = 0.9
  /// How many levels an edge may lead down.
  public var jump = 1
  /// How operations grow.
  public var complexity = Complexity.mixed
  /// The least and largest m before it is rounded down to a multiple of 1,024.
  public var elements = 2048...11264
  /// The largest share of a task that is serial.
  public var serialShare = 0.2

  /// daggen's defaults: 100 tasks, fat 0.5, density 0.5, regular 0.9, jump 1, m in 2,048 … 11,264, serial up to 0.2.
  public init() {}

  /// A graph and the serial share of each of its tasks.
  public struct Job: Sendable, Equatable {
    /// The graph, with one cycle for each floating-point operation.
    public let graph: TaskGraph
    /// The share of each task's cycles that cannot be run in parallel.
    public let serialShare: [Double]
    /// The level on which each task was drawn; its level in the graph is lower where its predecessors lie far above.
    public let drawnLevel: [Int]

    /// The time of a task on several cores: C/f · (s + (1 − s)/k), after G. M. Amdahl, AFIPS 30 (1967) 483.
    public func duration_s(task: Int, clock_Hz: Double, cores: Int) -> Double {
      graph.cycles[task] / clock_Hz * (serialShare[task] + (1 - serialShare[task]) / Double(cores))
    }
  }

  /// The job of an index in a world.
  public func job(in world: WorldDraws, index: UInt64) -> Job {
    precondition(tasks > 0 && jump > 0, "a graph needs tasks and jumps of at least 1, not \(tasks) and \(jump)")
    precondition(
      [fat, density, regular, serialShare].allSatisfy { (0...1).contains($0) },
      "fat, density, regular and the serial share lie in 0 … 1")
    precondition(elements.lowerBound >= 1024, "a matrix has at least 1,024 rows, not \(elements.lowerBound)")
    var random = world.stream(.graphShape, entity: index)
    let start = starts(&random)
    var work = world.stream(.graphWork, entity: index)
    var cycles: [Double] = []
    var bits: [Double] = []
    var serial: [Double] = []
    for _ in 0..<tasks {
      let drawn = elements.lowerBound + work.integer(below: elements.count)
      let rows = Double(drawn / 1024 * 1024)
      let factor = work.uniform(in: 64..<512)
      let kind = complexity == .mixed ? 1 + work.integer(below: 3) : complexity.rawValue
      switch kind {
      case 1: cycles.append(factor * rows * rows)
      case 2: cycles.append(2 * factor * rows * rows * log2(rows))
      default: cycles.append(rows * rows * rows)
      }
      bits.append(rows * rows * 64)
      serial.append(serialShare * work.uniform())
    }
    var dependencies: [TaskGraph.Dependency] = []
    for level in 1..<max(1, start.count - 1) {
      let before = start[level] - start[level - 1]
      for task in start[level]..<start[level + 1] {
        let count = min(before, 1 + Int(density * Double(before) * random.uniform()))
        var sources: Set<Int> = []
        while sources.count < count {
          let from = max(0, level - 1 - random.integer(below: jump))
          sources.insert(start[from] + random.integer(below: start[from + 1] - start[from]))
        }
        for source in sources.sorted() {
          dependencies.append(TaskGraph.Dependency(from: source, to: task, bits: bits[source]))
        }
      }
    }
    let levels = (0..<start.count - 1).flatMap { [Int](repeating: $0, count: start[$0 + 1] - start[$0]) }
    return Job(
      graph: TaskGraph(checked: cycles, dependencies: dependencies), serialShare: serial, drawnLevel: levels)
  }

  /// Where each level's tasks begin; one more at the end.
  private func starts(_ random: inout RandomStream) -> [Int] {
    let width = max(1, pow(Double(tasks), fat).rounded(.down))
    var start = [0]
    while let placed = start.last, placed < tasks {
      let factor = 1 + (1 - regular) * (2 * random.uniform() - 1)
      start.append(min(tasks, placed + max(1, Int(width * factor))))
    }
    return start
  }
}

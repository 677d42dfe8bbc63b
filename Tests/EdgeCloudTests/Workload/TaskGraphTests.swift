import EdgeCloud
import Testing

/// The canonical graph of Topcuoglu, Hariri and Wu, tasks from 0.
private let canonicalEdges = [
  (0, 1, 18), (0, 2, 12), (0, 3, 9), (0, 4, 11), (0, 5, 14), (1, 7, 19), (1, 8, 16), (2, 6, 23), (3, 7, 27), (3, 8, 23),
  (4, 8, 13), (5, 7, 15), (6, 9, 17), (7, 9, 11), (8, 9, 13),
].map { TaskGraph.Dependency(from: $0.0, to: $0.1, bits: Double($0.2)) }

struct TaskGraphTests {
  private func edge(_ source: Int, _ target: Int, _ bits: Double = 1) -> TaskGraph.Dependency {
    TaskGraph.Dependency(from: source, to: target, bits: bits)
  }

  @Test func `knows neighbours, levels and ends of the canonical graph, whatever the order of its edges`() throws {
    let graph = try TaskGraph(cycles: [Double](repeating: 1, count: 10), dependencies: canonicalEdges.reversed())
    #expect(graph == (try TaskGraph(cycles: [Double](repeating: 1, count: 10), dependencies: canonicalEdges)))
    #expect(graph.level == [0, 1, 1, 1, 1, 1, 2, 2, 2, 3])
    #expect(graph.topologicalOrder == Array(0..<10))
    #expect(graph.depth == 4)
    #expect(graph.width == 5)
    #expect(Array(graph.tasks(atLevel: 2)) == [6, 7, 8])
    #expect(graph.entries == [0])
    #expect(graph.exits == [9])
    #expect(graph.successors(of: 3).map { graph.dependencies[$0].target } == [7, 8])
    #expect(graph.predecessors(of: 8).map { graph.dependencies[$0].source } == [1, 3, 4])
    #expect(graph.predecessors(of: 8).map { graph.dependencies[$0].bits } == [16, 23, 13])
    #expect(graph.predecessors(of: 0).isEmpty && graph.successors(of: 9).isEmpty)
  }

  @Test func `levels are longest paths, not shortest`() throws {
    let graph = try TaskGraph(cycles: [1, 1, 1, 1], dependencies: [edge(3, 2), edge(2, 0), edge(3, 0), edge(0, 1)])
    #expect(graph.level == [2, 3, 1, 0])
    #expect(graph.topologicalOrder == [3, 2, 0, 1])
    #expect(graph.isTopological([3, 2, 0, 1]))
    #expect(!graph.isTopological([3, 0, 2, 1]))
    #expect(!graph.isTopological([3, 2, 0]))
    #expect(!graph.isTopological([3, 2, 0, 0]))
  }

  @Test func `names the tasks of a cycle in the order of its edges`() {
    #expect(throws: TaskGraphError.cycle([1, 2, 3])) {
      try TaskGraph(
        cycles: [1, 1, 1, 1, 1], dependencies: [edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 1), edge(3, 4)])
    }
    #expect(throws: TaskGraphError.cycle([0])) { try TaskGraph(cycles: [1], dependencies: [edge(0, 0)]) }
    #expect(
      TaskGraphError.cycle([1, 2, 3]).sentence { "t\($0)" }
        == "tasks wait for each other in a circle: t1 → t2 → t3 → t1")
  }

  @Test func `refuses what is no graph, in one sentence each`() {
    #expect(throws: TaskGraphError.empty) { try TaskGraph(cycles: [], dependencies: []) }
    #expect(throws: TaskGraphError.missingTask(2, count: 2)) {
      try TaskGraph(cycles: [1, 1], dependencies: [edge(0, 2)])
    }
    #expect(throws: TaskGraphError.missingTask(-1, count: 2)) {
      try TaskGraph(cycles: [1, 1], dependencies: [edge(-1, 0)])
    }
    #expect(throws: TaskGraphError.repeatedDependency(edge(0, 1, 2))) {
      try TaskGraph(cycles: [1, 1], dependencies: [edge(0, 1, 2), edge(0, 1, 2)])
    }
    #expect(throws: TaskGraphError.workOutOfRange(task: 1, cycles: -1)) {
      try TaskGraph(cycles: [1, -1], dependencies: [])
    }
    #expect(throws: TaskGraphError.bitsOutOfRange(edge(0, 1, .infinity))) {
      try TaskGraph(cycles: [1, 1], dependencies: [edge(0, 1, .infinity)])
    }
    #expect("\(TaskGraphError.missingTask(2, count: 2))" == "an edge names task 2, but the tasks are 0 to 1")
  }

  @Test func `a platform turns cycles and bits into seconds`() throws {
    let graph = try TaskGraph(cycles: [2e9, 4e9], dependencies: [edge(0, 1, 1e6)])
    let platform = TaskPlatform(
      clocks: [Hertz(1e9), Hertz(4e9)], rate_bps: [.nan, 1e6, 2e6, .nan], latency_s: [.nan, 0.25, 0.5, .nan])
    let problem = platform.problem(graph, available_s: [0, 3]) { task, node in task == 0 || node == 1 }
    #expect(problem.execution_s == [2, 0.5, .infinity, 1])
    #expect(problem.transfer_s(edge: 0, from: 0, to: 1) == 1.25)
    #expect(problem.transfer_s(edge: 0, from: 1, to: 0) == 1)
    #expect(problem.transfer_s(edge: 0, from: 1, to: 1) == 0)
    #expect(problem.meanTransfer_s(edge: 0) == 1.125)
    #expect(problem.meanDuration_s(task: 0) == 1.25)
    #expect(problem.meanDuration_s(task: 1) == 1)
    #expect(problem.leastDuration_s(task: 0) == 0.5)
    #expect(!problem.permits(task: 1, node: 0))
    #expect(problem.available_s == [0, 3])
  }
}

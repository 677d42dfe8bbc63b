import AllocationCounting
import Baselines
import EdgeCloud
import Testing

struct TaskScheduleTests {
  private func problem() throws -> SchedulingProblem {
    try Graphs.problem(edges: [(0, 1, 2)], durations: [[3, 1], [4, 2], [5, .infinity]])
  }

  private func schedule(_ node: [Int], _ start: [Double], _ duration: [Double]) -> TaskSchedule {
    TaskSchedule(node: node, start_s: start, finish_s: zip(start, duration).map(+))
  }

  @Test func `finds each kind of violation and nothing else`() throws {
    let problem = try problem()
    #expect(schedule([0, 1, 0], [0, 5, 3], [3, 2, 5]).violations(of: problem).isEmpty)
    #expect(
      schedule([0, 1, 0], [0, 4.9, 3], [3, 2, 5]).violations(of: problem) == [.startsBeforeInput(task: 1, from: 0)])
    #expect(schedule([0, 0, 0], [0, 3, 7], [3, 4, 5]).violations(of: problem).isEmpty)
    #expect(schedule([0, 0, 0], [0, 3, 6.5], [3, 4, 5]).violations(of: problem) == [.overlap(1, 2)])
    #expect(schedule([0, 1, 1], [0, 5, 3], [3, 2, 5]).violations(of: problem) == [.forbiddenNode(task: 2, node: 1)])
    #expect(schedule([0, 1, 2], [0, 5, 3], [3, 2, 5]).violations(of: problem) == [.forbiddenNode(task: 2, node: 2)])
    #expect(schedule([0, 1, 0], [0, 5, 3], [3, 1.5, 5]).violations(of: problem) == [.wrongDuration(task: 1)])
    #expect(schedule([0, 1, 0], [-1, 5, 3], [3, 2, 5]).violations(of: problem) == [.startsBeforeNode(task: 0)])
    #expect(schedule([0, 1], [0, 5], [3, 2]).violations(of: problem) == [.wrongCount(2)])
    #expect(schedule([0, 1, 0], [0, .nan, 3], [3, 2, 5]).violations(of: problem).isEmpty == false)
    #expect(
      schedule([0, 1, 0], [0, 5, 3], [3, 4, 5]).violations(of: problem, slowdown: [1, 2, 1]).isEmpty)
  }

  @Test(arguments: [false, true])
  func `the decoder keeps every rule`(inserting: Bool) {
    for index in 0..<500 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 1...20, nodes: 1...4)
      var placement = PlacementProblem(problem, inserting: inserting)
      let node = (0..<problem.tasks).map { task in
        (0..<problem.nodes).first { problem.permits(task: task, node: ($0 + task) % problem.nodes) }
          .map { ($0 + task) % problem.nodes } ?? 0
      }
      let schedule = placement.schedule(node)
      #expect(schedule.violations(of: problem).isEmpty)
      #expect(schedule.makespan_s == placement.cost(of: node))
    }
  }

  @Test func `inserting, the nodes of HEFT give its schedule`() {
    for index in 0..<1000 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 1...40, nodes: 1...5)
      let schedule = HEFT().schedule(problem)
      var decoder = ScheduleDecoder(problem, inserting: true)
      #expect(decoder.schedule(schedule.node) == schedule)
    }
  }

  @Test func `the makespan of an assignment allocates nothing`() {
    let problem = Graphs.random(4, tasks: 40...40, nodes: 5...5)
    let node = HEFT().schedule(problem).node
    for inserting in [false, true] {
      var decoder = ScheduleDecoder(problem, inserting: inserting)
      var sum = decoder.makespan_s(node)
      let before = edgewise_allocations()
      for _ in 0..<100 { sum += decoder.makespan_s(node) }
      #expect(edgewise_allocations() - before == 0)
      #expect(sum > 0)
    }
  }
}

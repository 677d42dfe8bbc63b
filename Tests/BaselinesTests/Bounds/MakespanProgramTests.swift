import Baselines
import EdgeCloud
import Testing

struct MakespanProgramTests {
  @Test func `takes every schedule as a feasible point with its makespan as the objective`() {
    for index in 0..<300 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 2...14, nodes: 1...4)
      let rules: [any GraphScheduler] = [HEFT(), CPOP(), PEFT(), MinMin(), LayeredScheduler()]
      let schedules = rules.map { $0.schedule(problem) }
      let longest = schedules.map(\.makespan_s).reduce(0, max)
      let program = MakespanProgram(problem, upperBound_s: longest)
      for schedule in schedules {
        let point = program.point(schedule)
        let broken = program.program.violations(point, tolerance: 1e-8 * max(1, longest))
        #expect(broken.isEmpty, "problem \(index): \(broken.prefix(3))")
        #expect(program.program.objective(point) == schedule.makespan_s)
      }
    }
  }

  @Test func `refuses schedules that break a rule`() throws {
    let problem = try Graphs.canonical()
    let program = MakespanProgram(problem)
    let schedule = HEFT().schedule(problem)
    var refused = 0
    for task in 0..<10 where schedule.start_s[task] > 0 {
      // One task a little sooner: if the checker objects, so must the program.
      var start = schedule.start_s
      var finish = schedule.finish_s
      start[task] -= 1
      finish[task] -= 1
      let moved = TaskSchedule(node: schedule.node, start_s: start, finish_s: finish)
      let isBroken = !moved.violations(of: problem).isEmpty
      #expect(program.program.violations(program.point(moved), tolerance: 1e-6).isEmpty == !isBroken)
      refused += isBroken ? 1 : 0
    }
    #expect(refused >= 5)
    for task in 0..<10 {
      var node = schedule.node
      node[task] = (node[task] + 1) % 3
      let finish = (0..<10).map { schedule.start_s[$0] + problem.duration_s(task: $0, node: node[$0]) }
      let moved = TaskSchedule(node: node, start_s: schedule.start_s, finish_s: finish)
      guard moved.makespan_s <= 80 else { continue }
      #expect(
        program.program.violations(program.point(moved), tolerance: 1e-6).isEmpty
          == moved.violations(of: problem).isEmpty)
    }
  }
}

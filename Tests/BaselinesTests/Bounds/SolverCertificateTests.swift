import Baselines
import EdgeCloud
import Testing

/// Optima that HiGHS 1.15.1 proved of the programs that ``ProgramRecordingTests`` writes, to be had without a solver.
private let schedules = [
  4.565569358472121, 3.64733345376627, 1.929134144185025, 3.8304141486969243, 3.5362935860040556, 2.0023059798156737,
  4.747662114004109, 2.733777847690511, 2.802829736919263, 3.5240942850188577,
]
private let servers: [(seed: UInt64, whole: Double, relaxed: Double)] = [
  (0, 36.381803014562934, 33.34795116623128), (1, 40.58335129858636, 34.82615678350268),
  (2, 37.16689934686064, 33.86900709022614), (3, 38.65936235779816, 35.9275227884815),
  (4, 39.63058393578685, 37.47320593663268), (5, 38.42872716575174, 35.63220783008781),
  (6, 38.780913603722354, 35.23018348853461), (7, 36.56340863483763, 34.36776356386492),
  (9, 37.86020099735594, 35.37861749619088), (10, 35.64784243631687, 33.537863636734436),
  (11, 36.815000904798794, 33.338077394879555),
]

struct SolverCertificateTests {
  @Test(arguments: schedules.indices) func `the optimum of a schedule is that of HiGHS`(index: Int) {
    let problem = Graphs.random(UInt64(index), tasks: 5...8, nodes: 2...3)
    let optimum = OptimalSchedule(problem)
    #expect(optimum.isOptimal)
    #expect(abs(optimum.schedule.makespan_s - schedules[index]) < 1e-9)
    #expect(ScheduleBounds.best_s(problem) < schedules[index] + 1e-9)
  }

  @Test func `the optimum of the canonical graph is that of HiGHS, 73`() throws {
    let problem = try Graphs.canonical()
    let optimum = OptimalSchedule(problem).schedule
    #expect(optimum.makespan_s == 73)
    let program = MakespanProgram(problem)
    #expect(program.program.violations(program.point(optimum)).isEmpty)
  }

  @Test(arguments: servers.indices) func `the optimum of servers is that of HiGHS, its relaxation just above ours`(
    index: Int
  ) {
    let known = servers[index]
    var problem = CapacitatedAssignment.random(seed: known.seed, tasks: 8, servers: 3, room: 2.8)
    let least = ExhaustiveSearch().minimize(&problem, evaluations: 10_000).cost
    #expect(abs(least - known.whole) < 1e-9)
    let bound = problem.lagrangianBound().cost
    #expect(bound <= known.relaxed + 1e-9)
    #expect(bound >= known.relaxed * 0.999)
  }
}

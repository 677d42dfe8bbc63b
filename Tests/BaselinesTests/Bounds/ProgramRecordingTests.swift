import Baselines
import EdgeCloud
import Foundation
import Randomness
import TestSupport
import Testing

/// Writes programs with what we know of their optima, for a solver to agree with.
///
/// The folder is `programs` under the one that `EDGEWISE_INTEROP_DIR` names, where
/// `Tests/Interoperability/check_programs.py` solves them, else a temporary one.
@Suite struct ProgramRecordingTests {
  @Test func `writes programs for HiGHS`() throws {
    if let folder = ProcessInfo.processInfo.environment["EDGEWISE_INTEROP_DIR"] {
      try writeAll(to: "\(folder)/programs", count: 20)
    } else {
      try withTemporaryFolder { try writeAll(to: $0, count: 3) }
    }
  }

  /// One line of `programs.tsv`: the name of the file, our optimum, and a bound below it.
  private func line(_ name: String, _ optimum: Double, _ bound: Double) -> String { "\(name)\t\(optimum)\t\(bound)\n" }

  private func writeAll(to folder: String, count: UInt64) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var table = ""
    func write(_ program: LinearProgram, _ name: String, _ optimum: Double, _ bound: Double) throws {
      try Data(program.text.utf8).write(to: URL(filePath: "\(folder)/\(name).lp"))
      table += line("\(name).lp", optimum, bound)
    }
    var problems = [("canonical", try Graphs.canonical())]
    for index in 0..<count { problems.append(("graph-\(index)", Graphs.random(index, tasks: 5...8, nodes: 2...3))) }
    for (name, problem) in problems {
      let optimum = OptimalSchedule(problem)
      #expect(optimum.isOptimal)
      try write(
        MakespanProgram(problem).program, name, optimum.schedule.makespan_s, ScheduleBounds.best_s(problem))
    }
    for seed in 0..<count {
      var problem = CapacitatedAssignment.random(seed: seed, tasks: 8, servers: 3, room: 2.8)
      let least = ExhaustiveSearch().minimize(&problem, evaluations: 10_000).cost
      guard least.isFinite else { continue }
      let bound = problem.lagrangianBound().cost
      try write(problem.program, "servers-\(seed)", least, bound)
      // The relaxed optimum is what Lagrange multipliers approach: nothing is known of it but that.
      try write(problem.program.relaxed, "relaxed-\(seed)", .nan, bound)
    }
    try Data(table.utf8).write(to: URL(filePath: "\(folder)/programs.tsv"))
  }
}

extension CapacitatedAssignment {
  /// A random problem in which what costs least uses most; `room` is each server's capacity per task of its share.
  static func random(seed: UInt64, tasks: Int, servers: Int, room: Double) -> CapacitatedAssignment {
    var random = RandomStream(seed: seed)
    let use = (0..<tasks * servers).map { _ in 1 + 4 * random.uniform() }
    return CapacitatedAssignment(
      tasks: tasks, costs: (0..<tasks * servers).map { 10 / use[$0] + random.uniform() }, use: use,
      capacity: [Double](repeating: room * Double(tasks) / Double(servers), count: servers))
  }
}

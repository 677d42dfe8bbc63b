import EdgeCloud
import Randomness
import Testing

@Suite struct MachineTests {
  private let law = Breakdowns(meanTimeToFailure: Seconds(8), meanTimeToRepair: Seconds(2))

  @Test func `a machine is up for MTTF over MTTF plus MTTR of the time, from the beginning on`() {
    #expect(law.availability == 0.8)
    #expect(Breakdowns.none.availability == 1)
    let machines = 4000
    for time in [0.0, 3, 40] {
      var up = 0
      for entity in 0..<machines {
        let world = WorldDraws(seed: 3)
        var machine = Machine(law, entity: UInt64(entity), in: world)
        machine.advance(to: time, in: world)
        if machine.isUp(at: time) { up += 1 }
      }
      let deviation = (0.8 * 0.2 * Double(machines)).squareRoot()
      #expect((Double(up) - 0.8 * Double(machines)).magnitude < 3 * deviation)
    }
  }

  @Test func `cycles last MTTF and MTTR on average`() {
    let world = WorldDraws(seed: 9)
    var machine = Machine(law, entity: 1, in: world)
    machine.advance(to: machine.repaired_s, in: world)
    let cycles = 20_000
    var begin = machine.failure_s
    var up = 0.0
    var down = 0.0
    for _ in 0..<cycles {
      down += machine.repaired_s - machine.failure_s
      begin = machine.repaired_s
      machine.advance(to: begin, in: world)
      up += machine.failure_s - begin
    }
    // The mean of n exponentials has a relative deviation of 1/√n.
    #expect((up / Double(cycles) / 8 - 1).magnitude < 3 / Double(cycles).squareRoot())
    #expect((down / Double(cycles) / 2 - 1).magnitude < 3 / Double(cycles).squareRoot())
  }

  @Test func `work goes on after a repair with nothing lost`() {
    let world = WorldDraws(seed: 1)
    var machine = Machine(law, entity: 4, in: world)
    machine.advance(to: 20, in: world)
    let first = machine
    let start = first.failure_s - 0.5
    let short = machine.run(from: start, work_s: 0.25, in: world)
    #expect(short.start_s == start && (short.finish_s - start - 0.25).magnitude < 1e-12)
    let interrupted = machine.run(from: start, work_s: 0.75, in: world)
    #expect((interrupted.finish_s - first.repaired_s - 0.25).magnitude < 1e-12)
    let waiting = machine.run(from: 0.5 * (first.failure_s + first.repaired_s), work_s: 0, in: world)
    #expect(waiting.start_s == first.repaired_s)
    // A long piece of work: the time that the machine is up between start and finish is the work.
    let long = machine.run(from: start, work_s: 500, in: world)
    var walker = machine
    var upTime = first.failure_s - start
    while walker.repaired_s < long.finish_s {
      let begin = walker.repaired_s
      walker.advance(to: begin, in: world)
      upTime += min(walker.failure_s, long.finish_s) - begin
    }
    #expect((upTime - 500).magnitude < 1e-9)
    #expect(machine == first)
  }

  @Test func `a machine that never breaks down is always up`() {
    let world = WorldDraws(seed: 1)
    var machine = Machine(.none, entity: 0, in: world)
    machine.advance(to: 1e9, in: world)
    #expect(machine.isUp(at: 1e9))
    #expect(machine.run(from: 2, work_s: 3, in: world) == (2, 5))
  }

  @Test func `the path is the machine's and the world's alone`() {
    let world = WorldDraws(seed: 6)
    var early = Machine(law, entity: 2, in: world)
    for time in stride(from: 0.0, through: 100, by: 0.5) { early.advance(to: time, in: world) }
    var late = Machine(law, entity: 2, in: world)
    late.advance(to: 100, in: world)
    #expect(early == late)
    #expect(Machine(law, entity: 3, in: world) != Machine(law, entity: 2, in: world))
    #expect(Machine(law, entity: 2, in: WorldDraws(seed: 7)) != Machine(law, entity: 2, in: world))
  }
}

import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct TaskProcessTests {
  let process = TaskProcess(
    arrivalProbability: 0.3, bits: Bits(1e5)...Bits(5e5), cyclesPerBit: 500...1500,
    deadline: Seconds(0.1)...Seconds(0.4))

  @Test func `arrivals have their probability and sizes are uniform and uncorrelated`() {
    let world = WorldDraws(seed: 21)
    var tasks: [ComputeTask] = []
    let trials = 200_000
    for device in 0..<200 {
      for slot in 0..<1000 {
        if let task = process.task(in: world, device: UInt64(device), slot: slot) { tasks.append(task) }
      }
    }
    let share = Double(tasks.count) / Double(trials)
    #expect((share - 0.3).magnitude < 3 * (0.3 * 0.7 / Double(trials)).squareRoot())
    let n = Double(tasks.count)
    // Scaled to [0, 1]: mean ½, variance 1/12, and products of two of mean ¼ and variance 1/9 − 1/16.
    let scaled = tasks.map {
      [($0.bits - 1e5) / 4e5, ($0.cyclesPerBit - 500) / 1000, ($0.deadline_s - 0.1) / 0.3]
    }
    for i in 0..<3 {
      let mean = scaled.reduce(0) { $0 + $1[i] } / n
      let square = scaled.reduce(0) { $0 + ($1[i] - 0.5) * ($1[i] - 0.5) } / n
      #expect((mean - 0.5).magnitude < 3 * (1 / 12 / n).squareRoot())
      #expect((square - 1.0 / 12).magnitude < 3 * ((1.0 / 80 - 1.0 / 144) / n).squareRoot())
      #expect(scaled.allSatisfy { $0[i] >= -1e-12 && $0[i] <= 1 + 1e-12 })
      for j in 0..<i {
        let product = scaled.reduce(0) { $0 + $1[i] * $1[j] } / n
        #expect((product - 0.25).magnitude < 3 * ((1.0 / 9 - 1.0 / 16) / n).squareRoot())
      }
    }
  }

  @Test func `a task is a function of world, device and slot alone`() {
    let world = WorldDraws(seed: 2)
    let all = (0..<500).map { process.task(in: world, device: 7, slot: $0) }
    for slot in stride(from: 499, through: 0, by: -3) {
      #expect(process.task(in: WorldDraws(seed: 2), device: 7, slot: slot) == all[slot])
    }
    #expect(all != (0..<500).map { process.task(in: world, device: 8, slot: $0) })
    #expect(all != (0..<500).map { process.task(in: WorldDraws(seed: 3), device: 7, slot: $0) })
  }

  @Test func `cycles are bits times cycles per bit`() {
    #expect(ComputeTask(bits: 1000, cyclesPerBit: 737.5, deadline_s: 2e-3).cycles == 737_500)
  }

  @Test func `probability zero gives no task and one gives every task`() {
    let world = WorldDraws(seed: 2)
    for (probability, expected) in [(0.0, 0), (1.0, 300)] {
      let process = TaskProcess(
        arrivalProbability: probability, bits: Bits(8)...Bits(8), cyclesPerBit: 2...2,
        deadline: Seconds(1)...Seconds(1))
      let tasks = (0..<300).compactMap { process.task(in: world, device: 0, slot: $0) }
      #expect(tasks.count == expected)
      #expect(tasks.allSatisfy { $0 == ComputeTask(bits: 8, cyclesPerBit: 2, deadline_s: 1) })
    }
  }

  @Test func `a rate becomes the probability of at least one Poisson arrival`() {
    let probability = TaskProcess.arrivalProbability(rate: Hertz(5), interval: Seconds(0.1))
    #expect((probability - 0.3934693402873666).magnitude < 1e-15)
    #expect(TaskProcess.arrivalProbability(rate: Hertz(0), interval: Seconds(0.1)) == 0)
  }

  @Test func `other arrivals change the slots that have tasks and not the tasks`() throws {
    let world = WorldDraws(seed: 21)
    let bursts = MarkovModulated(
      quiet: Hertz(1), burst: Hertz(20), meanQuiet: Seconds(3), meanBurst: Seconds(2), slot: Seconds(0.1))
    let replay = try #require(ArrivalReplay(times_s: [0, 0.01, 0.5, 2, 2.2, 7]))
    let always = TaskProcess(
      arrivalProbability: 1, bits: Bits(1e5)...Bits(5e5), cyclesPerBit: 500...1500,
      deadline: Seconds(0.1)...Seconds(0.4))
    for device in UInt64(0)..<3 {
      var walk = bursts.walk(in: world, entity: device, slot: 0)
      let start = replay.start_s(in: world, entity: device)
      for slot in 0..<300 {
        let whole = always.task(in: world, device: device, slot: slot)
        let isBusy = bursts.count(&walk, in: world, entity: device) > 0
        let bursty = TaskProcess(process, arriving: .modulated(bursts)).task(in: world, device: device, slot: slot)
        #expect(bursty == (isBusy ? whole : nil))
        var arrivals = 0
        replay.forEach(from: Double(slot) * 0.1, to: Double(slot + 1) * 0.1, start_s: start) { _, _ in arrivals += 1 }
        let replayed = TaskProcess(process, arriving: .replay(replay, slot_s: 0.1))
          .task(in: world, device: device, slot: slot)
        #expect(replayed == (arrivals > 0 ? whole : nil))
      }
    }
  }
}

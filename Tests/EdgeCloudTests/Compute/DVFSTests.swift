import EdgeCloud
import Testing

@Suite struct DVFSTests {
  /// LODCO: κ 1e−28, 1000 bit at 737.5 cycles per bit, up to 1.5 GHz.
  let processor = ScalableProcessor(
    switchedCapacitance: 1e-28, minimumClock: Hertz(1e8), maximumClock: Hertz(1.5e9))
  let cycles = 737_500.0

  @Test func `full speed takes 0.49167 ms and 165.94 µJ`() {
    #expect((processor.duration_s(cycles: cycles, clock_Hz: 1.5e9) * 1e3 - 0.49167).magnitude < 5e-6)
    #expect((processor.energy_J(cycles: cycles, clock_Hz: 1.5e9) * 1e6 - 165.94).magnitude < 5e-3)
    #expect((processor.power_W(clock_Hz: 1.5e9) - 0.3375).magnitude < 1e-12)
  }

  @Test func `a deadline of 2 ms takes 368.75 MHz and 10.028 µJ`() {
    let clock = processor.clock_Hz(cycles: cycles, deadline_s: 2e-3)
    #expect((clock - 368.75e6).magnitude < 1e-3)
    #expect((processor.energy_J(cycles: cycles, clock_Hz: clock) * 1e6 - 10.028).magnitude < 5e-4)
    let later = processor.clock_Hz(cycles: cycles, deadline_s: 3e-3, wait_s: 1e-3)
    #expect((later - 368.75e6).magnitude < 1e-3)
  }

  @Test func `the clock stays in its range`() {
    #expect(processor.clock_Hz(cycles: cycles, deadline_s: 1) == 1e8)
    #expect(processor.clock_Hz(cycles: cycles, deadline_s: 1e-4) == 1.5e9)
    #expect(processor.clock_Hz(cycles: cycles, deadline_s: 1, wait_s: 1) == 1.5e9)
    #expect(processor.clock_Hz(cycles: cycles, deadline_s: 1, wait_s: 2) == 1.5e9)
  }

  @Test func `no clock that meets the deadline takes less energy`() {
    let best = processor.clock_Hz(cycles: cycles, deadline_s: 1.3e-3)
    let energy = processor.energy_J(cycles: cycles, clock_Hz: best)
    for clock in stride(from: 1e8, through: 1.5e9, by: 1e6)
    where processor.duration_s(cycles: cycles, clock_Hz: clock) <= 1.3e-3 {
      #expect(processor.energy_J(cycles: cycles, clock_Hz: clock) >= energy)
    }
  }
}

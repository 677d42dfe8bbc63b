import ReinforcementLearning
import Testing

struct ScheduleTests {
  @Test func `a constant is the same at every step`() {
    for step in [0, 1, 1_000_000] { #expect(Schedule.constant(0.3).value(at: step) == 0.3) }
  }

  @Test func `a line passes its quarters and stays at its end`() {
    let line = Schedule.linear(from: 1, to: 0.2, over: 400)
    for (step, value) in [(0, 1.0), (100, 0.8), (200, 0.6), (300, 0.4), (400, 0.2), (401, 0.2), (1 << 40, 0.2)] {
      #expect(abs(line.value(at: step) - value) < 1e-15)
    }
    #expect(Schedule.linear(from: 0, to: 2, over: 4).value(at: 3) == 1.5)
  }

  @Test func `a line over no steps is its end`() {
    #expect(Schedule.linear(from: 1, to: 0.1, over: 0).value(at: 0) == 0.1)
  }
}
